// What checks take from the rest of the configuration: tracked files, and whom programs run as.
import { runAs } from '../command.ts';
import type { CheckConfig, VirtualServerConfig } from '../config.ts';
import { nearest } from '../nearest.ts';
import { scriptUser } from '../notify.ts';
import type { Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import type { Located } from '../vocabulary.ts';

/** `owner` is the statement of the server. */
export function finishCheck(check: CheckConfig, reading: Reading, owner: Statement): CheckConfig {
  if (check.kind === 'FILE_CHECK') return withFile(check, reading, owner);
  if (check.kind !== 'MISC_CHECK') return check;
  return { ...check, command: runAs(check.command, scriptUser(reading.shared.globals)) };
}

/** Names of the files that checks look at. */
export function checkedFiles(services: readonly Located<VirtualServerConfig>[]): string[] {
  const names: string[] = [];
  for (const { value } of services) {
    for (const { checks } of [...value.realServers, ...(value.sorryServer ? [value.sorryServer] : [])]) {
      for (const check of checks) if (check.kind === 'FILE_CHECK') names.push(check.name);
    }
  }
  return names;
}

type FileCheck = Extract<CheckConfig, { kind: 'FILE_CHECK' }>;

function withFile(check: FileCheck, reading: Reading, owner: Statement): FileCheck {
  const { files } = reading.shared;
  const file = files.find(each => each.value.config.name === check.name)?.value;
  if (file === undefined) {
    const names = files.map(each => each.value.config.name);
    const likely = nearest(check.name, names);
    const advice = likely === null ? `add track_file ${check.name} { ... }` : `did you mean ${likely}?`;
    reading.error(placeOfFile(owner, check.name), 1, `there is no track_file ${check.name}`, advice);
    return check;
  }
  const { path, initial } = file.config;
  // As keepalived has it: a weight of 0 is none.
  const { weight, reverse } = check.weight === 0 ? file.weight : check;
  return { ...check, path, initial, weight, reverse };
}

/** Where the server's first FILE_CHECK names the file. */
function placeOfFile(owner: Statement, name: string): Statement {
  for (const check of owner.block ?? []) {
    if (check.words[0] !== 'FILE_CHECK') continue;
    const place = check.block?.find(({ words }) => words[0] === 'track_file' && words[1] === name);
    if (place !== undefined) return place;
  }
  return owner;
}
