// What checks take from the rest of the configuration: tracked files, and whom programs run as.
import { runAs } from '../command.ts';
import type { CheckConfig, VirtualServerConfig } from '../config.ts';
import type { Globals } from '../global.ts';
import { nearest } from '../nearest.ts';
import { scriptUser } from '../notify.ts';
import type { Reading } from '../reading.ts';
import type { Tracker } from '../track-script.ts';
import type { Statement } from '../tree.ts';
import type { Located } from '../vocabulary.ts';
import type { TrackFileConfig } from '../vrrp-config.ts';

type Files = readonly Located<Tracker<TrackFileConfig>>[];

/** Completes the checks once all blocks have been read. */
export function finishChecks(
  services: readonly Located<VirtualServerConfig>[],
  files: Files,
  globals: Globals,
  reading: Reading,
): VirtualServerConfig[] {
  const logsAll = globals.checker_log_all_failures === true;
  const finish = (check: CheckConfig, service: Statement): CheckConfig => {
    if (check.kind === 'FILE_CHECK') return withFile(check, files, service, reading);
    const logged = logsAll ? { ...check, logsFailures: true as const } : check;
    if (logged.kind !== 'MISC_CHECK') return logged;
    return { ...logged, command: runAs(logged.command, scriptUser(globals)) };
  };
  return services.map(({ value: service, statement }) => {
    if (!logsAll && !service.realServers.some(({ checks }) => checks.some(isUnfinished))) return service;
    const realServers = service.realServers.map(server => ({
      ...server,
      checks: server.checks.map(check => finish(check, statement)),
    }));
    return { ...service, realServers };
  });
}

/** Names of the files that checks look at. */
export function checkedFiles(services: readonly Located<VirtualServerConfig>[]): string[] {
  const names: string[] = [];
  for (const { value } of services) {
    for (const { checks } of value.realServers) {
      for (const check of checks) if (check.kind === 'FILE_CHECK') names.push(check.name);
    }
  }
  return names;
}

function isUnfinished({ kind }: CheckConfig): boolean {
  return kind === 'MISC_CHECK' || kind === 'FILE_CHECK';
}

type FileCheck = Extract<CheckConfig, { kind: 'FILE_CHECK' }>;

function withFile(check: FileCheck, files: Files, service: Statement, reading: Reading): FileCheck {
  const file = files.find(each => each.value.config.name === check.name)?.value;
  if (file === undefined) {
    const names = files.map(each => each.value.config.name);
    const likely = nearest(check.name, names);
    const advice = likely === null ? `add track_file ${check.name} { ... }` : `did you mean ${likely}?`;
    reading.error(placeOfFile(service, check.name), 1, `there is no track_file ${check.name}`, advice);
    return check;
  }
  const { path, initial } = file.config;
  // As keepalived has it: a weight of 0 is none.
  const { weight, reverse } = check.weight === 0 ? file.weight : check;
  return { ...check, path, initial, weight, reverse };
}

/** Where a service's first FILE_CHECK names the file. */
function placeOfFile(service: Statement, name: string): Statement {
  for (const server of service.block ?? []) {
    for (const check of server.block ?? []) {
      if (check.words[0] !== 'FILE_CHECK') continue;
      const place = check.block?.find(({ words }) => words[0] === 'track_file' && words[1] === name);
      if (place !== undefined) return place;
    }
  }
  return service;
}
