// The top level of the language, and how the Config is made of what its blocks say.
import type { Config, VrrpInstanceConfig } from './config.ts';
import { finishFlash, flashBudget } from './flash-budget.ts';
import { flashCard } from './flash-card.ts';
import { globalDefs, mergeGlobals } from './global.ts';
import { finishFifos, finishMail } from './global-notify.ts';
import { finishGlobals } from './global-service.ts';
import { unusedAtTop } from './global-unused.ts';
import { interfaceBlock } from './interface.ts';
import { mark } from './mark.ts';
import { masquerade } from './masquerade.ts';
import { checkInstances, checkInterfaces } from './network-rules.ts';
import type { Problems } from './problem.ts';
import { checkReach } from './reach-rules.ts';
import { readFields } from './read-fields.ts';
import { Reading } from './reading.ts';
import { serviceGroup } from './service-group.ts';
import { checkGroups, checkMarks, checkNames, checkServices, checkSynchronised } from './service-rules.ts';
import type { SourceReader } from './source.ts';
import { ssl } from './ssl.ts';
import { finishStatic, staticBlocks } from './static.ts';
import { system } from './system.ts';
import { followHeat, thermal } from './thermal.ts';
import type { Statement } from './tree.ts';
import { tuning } from './tuning.ts';
import { virtualServer } from './virtual-server.ts';
import { type Fields, fieldsOf, type Located, type Values } from './vocabulary.ts';
import { finishVrrp, vrrpBlocks } from './vrrp-blocks.ts';

const keywords = {
  global_defs: globalDefs,
  system,
  flash_budget: flashBudget,
  flash_card: flashCard,
  thermal,
  interface: interfaceBlock,
  ...vrrpBlocks,
  ...staticBlocks,
  virtual_server: virtualServer,
  virtual_server_group: serviceGroup,
  SSL: ssl,
  mark,
  masquerade,
  tuning,
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
  // Virtual servers come last: they take from blocks that may stand behind them.
  const isService = ({ words }: Statement) => words[0] === 'virtual_server';
  const read = (some: readonly Statement[]) =>
    readFields(vocabulary, some, null, reading) as Values<typeof keywords>;
  const values = read(statements.filter(each => !isService(each)));
  const globalBlocks = values.global_defs ?? [];
  const globals = mergeGlobals(globalBlocks.map(each => each.value));
  const groups = values.virtual_server_group ?? [];
  reading.shared = {
    globals,
    groups: new Map(groups.map(({ value }) => [value.name, value])),
    files: values.track_file ?? [],
  };
  const serviceStatements = statements.filter(isService);
  const services = read(serviceStatements).virtual_server ?? [];
  const interfaces = values.interface ?? [];
  const { vrrp, instances, drafts } = finishVrrp(values, globals, services, reading);
  const heat = values.thermal;
  const own = instances.map(each => each.value);
  const { syncGroups } = vrrp;
  const followers =
    heat === undefined ? { instances: own, syncGroups } : followHeat(heat, own, syncGroups, reading);
  const hostName = values.system?.findLast(each => each.hostName !== null)?.hostName ?? null;
  const fifos = finishFifos(
    globals,
    globalBlocks.map(each => each.statement),
    reading,
  );
  const mail = finishMail(globals, globals.router_id ?? hostName);
  const marks = values.mark ?? [];
  const flash = finishFlash(values.flash_budget, values.flash_card ?? [], reading);
  checkInterfaces(interfaces, reading);
  checkInstances(instances, drafts, interfaces, reading);
  checkServices(services, reading);
  const usedGroups = new Set(
    serviceStatements.map(({ words }) => (words[1] === 'group' ? words[2] : undefined)),
  );
  checkGroups(groups, services, usedGroups, reading);
  checkNames(services, reading);
  checkReach(services, interfaces, heldBy(instances), vrrp.syncDaemon !== null, reading);
  checkSynchronised(services, vrrp.syncDaemon !== null, reading);
  checkMarks(marks, services, reading);
  return {
    globals: finishGlobals(globals),
    system: {
      hostName,
      passwordHash: values.system?.findLast(each => each.passwordHash !== null)?.passwordHash ?? null,
      ntpServers: [...new Set(values.system?.flatMap(each => each.ntpServers))],
    },
    ...(flash && { flash }),
    ...(heat !== undefined && { thermal: heat.value }),
    interfaces: [...interfaces.map(each => each.value), ...finishStatic(values, globals, reading)],
    vrrp: { ...vrrp, syncGroups: followers.syncGroups, fifos, mail },
    vrrpInstances: followers.instances,
    virtualServers: services.map(each => each.value),
    marks: marks.map(each => each.value),
    masquerades: values.masquerade ?? [],
    ...(values.tuning !== undefined && { tuning: values.tuning }),
  };
}

/** The virtual addresses of all instances. */
function heldBy(instances: readonly Located<VrrpInstanceConfig>[]): ReadonlySet<string> {
  return new Set(
    instances.flatMap(({ value }) =>
      [...value.virtualAddresses, ...value.excludedAddresses].map(each => each.address),
    ),
  );
}
