// `vrrp_instance NAME { }`: addresses that one of several directors holds at a time.
import { familyOf } from '../address.ts';
import { announcementKeywords, finishAnnouncements, type GarpGroup } from './announcement.ts';
import { refused, withoutEffect } from './answers.ts';
import { finishAuthentication, hmacBlock, passBlock } from './authentication.ts';
import type { Globals } from './global.ts';
import { finishRoutes, interfacesNeeded } from './instance-routes.ts';
import { finishNotify, instanceNotifyKeywords } from './notify.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import { virtualRoutes } from './route-lines.ts';
import { virtualRules } from './rule-lines.ts';
import { checkStrictness } from './strict-rules.ts';
import { oldSyncDaemon } from './sync-daemon.ts';
import { trackKeywords } from './track.ts';
import { resolveTracks, type Trackers } from './track-rules.ts';
import type { Statement } from './tree.ts';
import { integer } from './types.ts';
import {
  type AddressLine,
  checkAddresses,
  checkExcluded,
  excludedAddresses,
  onDevice,
  virtualAddresses,
} from './virtual-address.ts';
import { block, flag, type Located, oneName, type Values, value } from './vocabulary.ts';
import type { VrrpInstanceConfig } from './vrrp-config.ts';
import { INSTANCE_DEFAULTS } from './vrrp-defaults.ts';
import { decideMode, electionKeywords, finishElection, lastOf, type Mode } from './vrrp-election.ts';
import { finishTransport, transportKeywords } from './vrrp-transport.ts';

const NO_ADDRESS =
  'move an address of virtual_ipaddress_excluded there: without one, advertisements are discarded';

const keywords = () => ({
  ...electionKeywords(),
  ...transportKeywords(),
  virtual_router_id: value(integer(1, 255), {
    help: 'Number of the group, the same on all its directors and on no other group of the network.',
    example: 'virtual_router_id 51',
  }),
  virtual_ipaddress: virtualAddresses,
  virtual_ipaddress_excluded: excludedAddresses,
  no_virtual_ipaddress: refused('no_virtual_ipaddress', NO_ADDRESS),
  promote_secondaries: flag({
    help: 'Leave an address in place when another of its network is taken off; set in any case.',
    example: 'promote_secondaries',
  }),
  accept: flag({
    help: 'Let packets for the virtual addresses themselves in, as is the default.',
    example: 'accept',
  }),
  no_accept: flag({
    help: 'Drop packets for the virtual addresses themselves; services pass.',
    example: 'no_accept',
  }),
  authentication: passBlock,
  auth_hmac: hmacBlock,
  ...announcementKeywords(),
  ...trackKeywords(),
  ...instanceNotifyKeywords(),
  virtual_routes: virtualRoutes,
  virtual_rules: virtualRules,
  lvs_sync_daemon_interface: oldSyncDaemon,
  dont_track_primary: flag({
    help: 'Stay in office while the interface is down.',
    example: 'dont_track_primary',
  }),
  linkbeat_use_polling: flag({
    help: 'Old: ask the hardware for the state of the cable; linkbeat_interfaces says so for any interface.',
    example: 'linkbeat_use_polling',
  }),
  skip_check_adv_addr: withoutEffect(
    'skip_check_adv_addr',
    'advertisements with other addresses are heard and reported in any case',
  ),
  timer_expired_backup: withoutEffect(
    'timer_expired_backup',
    'the supervisor takes the addresses from a process that is late',
  ),
  thread_timer_expired: withoutEffect(
    'thread_timer_expired',
    'the supervisor takes the addresses from a process that is late',
  ),
  debug: withoutEffect('debug 0', 'director vrrp shows what goes on'),
});

export type InstanceValues = Values<ReturnType<typeof keywords>>;

/** An instance with all but what comes from `global_defs` and others further down. */
export interface InstanceDraft {
  readonly name: string;
  readonly values: InstanceValues;
  readonly statement: Statement;
}

/** What instances take from elsewhere. */
export interface InstanceContext {
  readonly globals: Globals;
  readonly garpGroups: readonly GarpGroup[];
  readonly trackers: Trackers;
  /** Names of members of sync groups in which weights change nothing. */
  readonly levelMembers: ReadonlySet<string>;
}

export const vrrpInstance = block({
  usage: 'NAME { ... }',
  help: 'A group of directors of which one holds the virtual addresses.',
  example: 'vrrp_instance VI_1 { ... }',
  keywords,
  header: oneName,
  finish: (name, values, statement): InstanceDraft => ({ name, values, statement }),
});

const NEEDED = [
  ['interface', 'interface eth0'],
  ['virtual_router_id', 'virtual_router_id 51'],
  ['virtual_ipaddress', virtualAddresses.example],
] as const;

/** Completes an instance. Undefined when it lacks what it cannot do without. */
export function finishInstance(
  { name, values, statement }: InstanceDraft,
  context: InstanceContext,
  reading: Reading,
): Located<VrrpInstanceConfig> | undefined {
  const { globals, garpGroups } = context;
  for (const [keyword, example] of NEEDED) {
    if (!lacks(statement, keyword)) continue;
    reading.error(statement, 0, `vrrp_instance ${name} has no ${keyword}`, `add, for example: ${example}`);
  }
  const listed = values.virtual_ipaddress?.flat() ?? [];
  const family = decideFamily(listed, values);
  const mode = decideMode(values, globals, family, statement, reading);
  const addresses = checkAddresses(listed, family, statement, reading);
  const excluded = checkExcluded(values.virtual_ipaddress_excluded?.flat() ?? [], addresses, reading);
  const accept = decideAcceptance(values, mode, statement, reading);
  const { interface: device, virtual_router_id: virtualRouterId } = values;
  if (device === 'lo') {
    const advice = 'name the interface of the network they share';
    reading.error(placeOf(statement, 'interface'), 1, 'lo reaches no other director', advice);
  }
  warnOfOldWords(values, statement, reading);
  if (mode.strict) checkStrictness(values, mode, addresses, statement, reading);
  const election = finishElection(values, globals, mode, statement, reading);
  const group = { id: virtualRouterId ?? 0, family };
  const transport = finishTransport(values, globals, group, statement, reading);
  const authentication = finishAuthentication(values, mode.version, election.advertInterval, reading);
  const follower = { priority: election.priority, isLevel: context.levelMembers.has(name) };
  const tracks = resolveTracks(values, context.trackers, follower, reading);
  if (device === undefined || virtualRouterId === undefined) return undefined;
  const value: VrrpInstanceConfig = {
    ...INSTANCE_DEFAULTS,
    name,
    ...mode,
    family,
    interface: device,
    virtualRouterId,
    ...election,
    ...transport,
    authentication,
    virtualAddresses: onDevice(addresses, device),
    excludedAddresses: onDevice(excluded, device),
    accept,
    tracksInterface: !values.dont_track_primary,
    tracks: {
      ...tracks,
      interfaces: [...tracks.interfaces, ...interfacesNeeded(values, device, tracks.interfaces)],
    },
    ...finishRoutes(values, statement, reading),
    notify: finishNotify(values, globals),
    linkbeat: values.linkbeat_use_polling === true,
    announcements: finishAnnouncements(values, globals, garpGroups, device, mode.strict, statement, reading),
  };
  return { value, statement };
}

function decideFamily(listed: readonly Located<AddressLine>[], values: InstanceValues): 4 | 6 {
  const [first] = listed;
  if (first !== undefined) return familyOf(first.value.address);
  return values.native_ipv6 ? 6 : 4;
}

/** With strict_mode as the RFCs have it: the owner alone accepts, unless told. The owner always does (RFC 9568 section 6.1). */
function decideAcceptance(
  values: InstanceValues,
  { strict }: Mode,
  statement: Statement,
  reading: Reading,
): boolean {
  if (!values.no_accept) return values.accept === true || !strict || values.priority === 255;
  if (values.priority === 255) {
    const advice = 'the owner of the addresses takes packets for them';
    reading.warning(placeOf(statement, 'no_accept'), 0, 'no_accept has no effect with priority 255', advice);
    return true;
  }
  return values.accept === true && lastOf('accept', 'no_accept', statement, reading) === 'accept';
}

function warnOfOldWords(values: InstanceValues, statement: Statement, reading: Reading): void {
  if (!values.linkbeat_use_polling) return;
  const place = placeOf(statement, 'linkbeat_use_polling');
  const advice = 'write linkbeat_interfaces { INTERFACE } at the top level';
  reading.warning(place, 0, 'linkbeat_use_polling is an old word here', advice);
}
