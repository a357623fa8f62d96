// `lvs_sync_daemon`: connections of IPVS are told to the other directors, so that they go on after a failover.
import { nearest } from './nearest.ts';
import { type Options, type OptionsPlace, readOptions } from './options.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { integer, interfaceName, label, multicast, port } from './types.ts';
import type { Keyword } from './vocabulary.ts';
import type { SyncDaemonConfig, VrrpInstanceConfig } from './vrrp-config.ts';

/** What the line says. */
export interface SyncDaemonLine extends Omit<SyncDaemonConfig, 'syncId'> {
  /** Null: the number of the instance. */
  readonly syncId: number | null;
  readonly statement: Statement;
}

type Draft = { -readonly [K in keyof SyncDaemonLine]: SyncDaemonLine[K] };

const USAGE = 'INTERFACE [[inst] INSTANCE] [id NUMBER] [maxlen BYTES] [port PORT] [ttl TTL] [group ADDRESS]';

const PLACE: OptionsPlace = {
  owner: 'lvs_sync_daemon takes',
  usage: `lvs_sync_daemon ${USAGE}`,
};

const syncId = integer(0, 255);
/** What fits into a datagram over IPv4. */
const maximumLength = integer(1, 65_507, 'BYTES');
const ttl = integer(1, 255, 'TTL');

const OPTIONS: Options<Draft> = {
  inst(draft, words) {
    draft.instance = words.take(label) ?? null;
  },
  id(draft, words) {
    draft.syncId = words.take(syncId) ?? null;
  },
  maxlen(draft, words) {
    draft.maximumLength = words.take(maximumLength) ?? null;
  },
  port(draft, words) {
    draft.port = words.take(port) ?? null;
  },
  ttl(draft, words) {
    draft.ttl = words.take(ttl) ?? null;
  },
  group(draft, words) {
    draft.group = words.take(multicast) ?? null;
  },
};

export const syncDaemon: Keyword<SyncDaemonLine, 'last'> = {
  usage: USAGE,
  help: 'Tell connections to the other directors while the instance is master and take theirs while it is not; without an instance both at all times.',
  example: 'lvs_sync_daemon eth1 VI_1 id 51',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, statement.words.length);
    const device = reading.argument(statement, 1, interfaceName);
    const draft: Draft = { ...untold(statement), interface: device ?? '' };
    readOptions(statement, readOldWords(draft, statement, reading), OPTIONS, draft, reading, PLACE);
    return device === undefined ? undefined : draft;
  },
};

/** `lvs_sync_daemon_interface` of an instance, which keepalived had before. */
export const oldSyncDaemon: Keyword<SyncDaemonLine, 'last'> = {
  usage: interfaceName.name,
  help: 'Old: write lvs_sync_daemon into global_defs.',
  example: 'lvs_sync_daemon_interface eth1',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, 2);
    const device = reading.argument(statement, 1, interfaceName);
    const advice = 'write lvs_sync_daemon INTERFACE INSTANCE into global_defs';
    reading.warning(statement, 0, 'lvs_sync_daemon_interface is an old word', advice);
    return device === undefined ? undefined : { ...untold(statement), interface: device };
  },
};

function untold(statement: Statement): Omit<SyncDaemonLine, 'interface'> {
  return {
    instance: null,
    syncId: null,
    maximumLength: null,
    port: null,
    ttl: null,
    group: null,
    statement,
  };
}

/** The instance without `inst`, and behind it the number without `id`. Returns where the options begin. */
function readOldWords(draft: Draft, statement: Statement, reading: Reading): number {
  const [, , name, number] = statement.words;
  if (name === undefined || Object.hasOwn(OPTIONS, name)) return 2;
  draft.instance = name;
  if (number === undefined || !/^[0-9]+$/.test(number)) return 3;
  draft.syncId = reading.argument(statement, 3, syncId) ?? null;
  reading.warning(statement, 3, 'the number stands without id', `write id ${number}`);
  return 4;
}

/** `old`: what instances say by the old word; the global line goes before it. */
export function finishSyncDaemon(
  line: SyncDaemonLine | undefined,
  old: readonly { readonly instance: string; readonly line: SyncDaemonLine }[],
  instances: readonly VrrpInstanceConfig[],
  reading: Reading,
): SyncDaemonConfig | null {
  for (const { line: other } of line === undefined ? old.slice(1) : old) {
    reading.warning(other.statement, 0, 'there is another sync daemon', 'this one does not run: delete it');
  }
  const given = line ?? (old[0] && { ...old[0].line, instance: old[0].instance });
  if (given === undefined) return null;
  const { statement, ...config } = given;
  const followed = instances.find(({ name }) => name === config.instance);
  if (config.instance !== null && followed === undefined) {
    const names = instances.map(({ name }) => name);
    const likely = nearest(config.instance, names);
    const advice = likely === null ? `there are ${names.join(', ') || 'none'}` : `did you mean ${likely}?`;
    reading.error(statement, 2, `there is no vrrp_instance ${config.instance}`, advice);
  }
  return { ...config, syncId: config.syncId ?? followed?.virtualRouterId ?? 0 };
}
