// The top level of the language, and how the Config is made of what its blocks say.
import { finishChecks } from './checks/finish.ts';
import type { Config } from './config.ts';
import { globalDefs, mergeGlobals } from './global.ts';
import { finishFifos, finishMail } from './global-notify.ts';
import { unusedAtTop } from './global-unused.ts';
import { interfaceBlock } from './interface.ts';
import { mark } from './mark.ts';
import { masquerade } from './masquerade.ts';
import { checkInstances, checkInterfaces } from './network-rules.ts';
import type { Problems } from './problem.ts';
import { readFields } from './read-fields.ts';
import { Reading } from './reading.ts';
import { checkMarks, checkServices } from './service-rules.ts';
import type { SourceReader } from './source.ts';
import { finishStatic, staticBlocks } from './static.ts';
import { system } from './system.ts';
import type { Statement } from './tree.ts';
import { virtualServer } from './virtual-server.ts';
import { type Fields, fieldsOf, type Values } from './vocabulary.ts';
import { finishVrrp, vrrpBlocks } from './vrrp-blocks.ts';

const keywords = {
  global_defs: globalDefs,
  system,
  interface: interfaceBlock,
  ...vrrpBlocks,
  ...staticBlocks,
  virtual_server: virtualServer,
  mark,
  masquerade,
  ...unusedAtTop(),
};

/** Every keyword of the language by the block it stands in: for reading, for help, for the reference page. */
export const vocabulary: Fields = fieldsOf(keywords);

/** Makes the Config; it is of use only when no errors have been reported. */
export function readConfig(
  statements: readonly Statement[],
  problems: Problems,
  files: SourceReader,
): Config {
  const reading = new Reading(problems, vocabulary, files);
  const values = readFields(vocabulary, statements, null, reading) as Values<typeof keywords>;
  const globalBlocks = values.global_defs ?? [];
  const globals = mergeGlobals(globalBlocks.map(each => each.value));
  const interfaces = values.interface ?? [];
  const services = values.virtual_server ?? [];
  const { vrrp, instances, drafts } = finishVrrp(values, globals, services, reading);
  const hostName = values.system?.findLast(each => each.hostName !== null)?.hostName ?? null;
  const fifos = finishFifos(
    globals,
    globalBlocks.map(each => each.statement),
    reading,
  );
  const mail = finishMail(globals, globals.router_id ?? hostName);
  const marks = values.mark ?? [];
  checkInterfaces(interfaces, reading);
  checkInstances(instances, drafts, interfaces, reading);
  checkServices(services, reading);
  checkMarks(marks, services, reading);
  return {
    globals: { routerId: globals.router_id ?? null },
    system: {
      hostName,
      passwordHash: values.system?.findLast(each => each.passwordHash !== null)?.passwordHash ?? null,
      ntpServers: [...new Set(values.system?.flatMap(each => each.ntpServers))],
    },
    interfaces: [...interfaces.map(each => each.value), ...finishStatic(values, globals, reading)],
    vrrp: { ...vrrp, fifos, mail },
    vrrpInstances: instances.map(each => each.value),
    virtualServers: finishChecks(services, values.track_file ?? [], globals, reading),
    marks: marks.map(each => each.value),
    masquerades: values.masquerade ?? [],
  };
}
