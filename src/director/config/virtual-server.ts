// `virtual_server ADDRESS [PORT] { }`, `fwmark MARK { }` or `group NAME { }`: a service that IPVS spreads over real servers.

import { type Family, familyOf } from '../address.ts';
import { withoutEffect } from './answers.ts';
import { checkBalance } from './balance-rules.ts';
import { timingKeywords } from './check-timing.ts';
import type { ServiceKey, VirtualServerConfig } from './config.ts';
import { flapDamping } from './flap-damping.ts';
import { type Method, methodKeyword } from './forwarding.ts';
import { markNumber, PROTOCOLS } from './mark.ts';
import { nearest } from './nearest.ts';
import { scriptUser } from './notify.ts';
import { finishPersistence, persistenceKeywords } from './persistence.ts';
import { finishQuorum, quorumKeywords } from './quorum.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import { finishRealServer, type Inherited, inhibitOnFailure, portOrNone, realServer } from './real-server.ts';
import { checkRealServers } from './real-server-rules.ts';
import { finishScheduling, schedulingKeywords } from './scheduling.ts';
import { groupFamily, groupKeys, type ServiceGroup } from './service-group.ts';
import { finishSorryServer, sorryKeywords } from './sorry-server.ts';
import type { Statement } from './tree.ts';
import { address, choice, seconds, text } from './types.ts';
import {
  block,
  type Keyword,
  type Located,
  synonym,
  toggle,
  type Values,
  value,
  valueOr,
} from './vocabulary.ts';

/** Timers take no more milliseconds than 31 bits hold: 24 days. */
const LONGEST_DELAY_SECONDS = 2_147_483;

const drainSeconds = seconds(1, LONGEST_DELAY_SECONDS);

interface DrainTimeout {
  /** Null: never. */
  readonly after: number | null;
}

const drainTimeout: Keyword<DrainTimeout, 'last'> = {
  ...value(drainSeconds, {
    help: 'Seconds after which a drain ends whoever is still connected to the real server; never unless set.',
    example: 'drain_timeout 600',
  }),
  usage: 'SECONDS|never',
  read(statement, reading) {
    reading.endsAfter(statement, 2);
    if (statement.words[1] === 'never') return { after: null };
    const after = reading.argument(statement, 1, drainSeconds);
    return after === undefined ? undefined : { after };
  },
};

/** Of `virtual_server` and of `global_defs`. */
export const adoptManualWeights = toggle({
  help: 'A weight that somebody else has set in the kernel stays, and is reported; else it is set right again.',
  example: 'adopt_manual_weights',
});

const keywords = {
  ...timingKeywords,
  delay_loop: valueOr(seconds(0.000001, LONGEST_DELAY_SECONDS), '60', {
    help: 'Seconds between checks of one real server.',
    example: 'delay_loop 6',
  }),
  ...schedulingKeywords,
  lvs_method: {
    ...methodKeyword({
      help: 'How packets reach the real servers: routed (DR), translated (NAT) or tunnelled (TUN).',
      example: 'lvs_method DR',
    }),
    defaultText: 'NAT',
  },
  lb_kind: synonym('lvs_method'),
  protocol: value(choice(PROTOCOLS, true), {
    help: 'Protocol of the service.',
    example: 'protocol TCP',
  }),
  ...persistenceKeywords,
  ip_family: value(choice(['inet', 'inet6']), {
    help: 'Family of a firewall mark service; that of its real servers unless set.',
    example: 'ip_family inet6',
  }),
  ...quorumKeywords,
  inhibit_on_failure: inhibitOnFailure,
  slow_start: value(seconds(0, 86_400), {
    help: 'Seconds in which the weight of a real server that comes back grows to its own.',
    example: 'slow_start 60',
  }),
  flap_damping: flapDamping,
  drain_timeout: drainTimeout,
  adopt_manual_weights: adoptManualWeights,
  omega: toggle({
    help: 'When the director stops, notify_down and quorum_down are run.',
    example: 'omega',
  }),
  smtp_alert: toggle({
    help: 'Mail when the quorum is gained or lost; smtp_alert_checker, then smtp_alert of global_defs unless set.',
    example: 'smtp_alert',
  }),
  snmp_name: withoutEffect('snmp_name web', 'nothing here speaks SNMP; a group has a name'),
  ha_suspend: withoutEffect('ha_suspend', 'a backup checks as well, and knows who is up when it takes over'),
  real_server: realServer,
  ...sorryKeywords,
};

type ServerValues = Values<typeof keywords>;

type Header =
  | { readonly address: string; readonly port: number }
  | { readonly mark: number }
  | { readonly group: string };

const NAT: Method = { forwarding: 'NAT', tunnel: null };

export const virtualServer = block({
  usage: 'ADDRESS [PORT] { ... } | fwmark MARK { ... } | group NAME { ... }',
  help: 'A service that is spread over real servers.',
  example: 'virtual_server 192.0.2.100 80 { ... }',
  keywords: () => keywords,
  header: readHeader,
  finish(header, values, statement, reading): Located<VirtualServerConfig> | undefined {
    const group = 'group' in header ? findGroup(header.group, statement, reading) : null;
    if (group === undefined) return undefined;
    const keys = keysOf(header, group, values, statement, reading);
    const [key] = keys;
    if (key === undefined) return undefined;
    warnOfDefaults(statement, reading);
    const { globals } = reading.shared;
    const hasMail = globals.smtp_server !== undefined && globals.notification_email !== undefined;
    const mail = values.smtp_alert ?? globals.smtp_alert_checker ?? globals.smtp_alert ?? false;
    const inherited: Inherited = {
      port: commonPort(keys),
      method: values.lvs_method ?? NAT,
      timing: values,
      isMarked: keys.every(each => each.kind === 'fwmark'),
      inhibitsOnFailure: values.inhibit_on_failure === true,
      mail: hasMail ? mail : null,
    };
    const drafts = values.real_server ?? [];
    if (lacks(statement, 'real_server')) {
      const advice = `add, for example: ${realServer.example}`;
      reading.error(statement, 0, 'this virtual server has no real servers', advice);
    }
    const realServers = drafts.map(draft => finishRealServer(draft, inherited, reading));
    checkRealServers(keys, drafts, realServers, reading);
    const quorum = finishQuorum(values, realServers, scriptUser(globals), statement, reading);
    const sorryServer = finishSorryServer(values, inherited, keys, statement, reading);
    const scheduling = finishScheduling(values, key, statement, reading);
    const value: VirtualServerConfig = {
      key,
      ...(group !== null && { group: { name: group.name, keys } }),
      ...scheduling,
      ...finishPersistence(values, key, scheduling.scheduler, statement, reading),
      ...(quorum !== undefined && { quorum }),
      ...(sorryServer !== undefined && { sorryServer }),
      ...(values.slow_start && { slowStart: values.slow_start }),
      ...(values.flap_damping !== undefined && { flapDamping: values.flap_damping }),
      ...(values.drain_timeout !== undefined && { drainTimeout: values.drain_timeout.after }),
      ...((values.adopt_manual_weights ?? globals.adopt_manual_weights) && { adoptsManualWeights: true }),
      ...(values.omega && { tellsStop: true }),
      ...(inherited.mail && { mail: true }),
      ...((globals.rs_init_notifies || saysAlpha(statement)) && { tellsStart: true }),
      realServers,
    };
    checkBalance(value, statement, reading);
    return { value, statement };
  },
});

function readHeader(statement: Statement, reading: Reading): Header | undefined {
  const { words } = statement;
  if (words.length > 3) reading.extraWords(statement, 3);
  if (words[1] === 'fwmark') {
    const mark = reading.argument(statement, 2, markNumber);
    return mark === undefined ? undefined : { mark };
  }
  if (words[1] === 'group') {
    const group = reading.argument(statement, 2, text('NAME'));
    return group === undefined ? undefined : { group };
  }
  const ip = reading.argument(statement, 1, address);
  const port = words.length > 2 ? reading.argument(statement, 2, portOrNone) : 0;
  return ip === undefined || port === undefined ? undefined : { address: ip, port };
}

function findGroup(name: string, statement: Statement, reading: Reading): ServiceGroup | undefined {
  const { groups } = reading.shared;
  const group = groups.get(name);
  if (group !== undefined) return group;
  const likely = nearest(name, groups.keys());
  const advice = likely === null ? `add virtual_server_group ${name} { ... }` : `did you mean ${likely}?`;
  reading.error(statement, 2, `there is no virtual_server_group ${name}`, advice);
  return undefined;
}

/** All that the service answers on; none when the group has told an error. */
function keysOf(
  header: Header,
  group: ServiceGroup | null,
  values: ServerValues,
  statement: Statement,
  reading: Reading,
): ServiceKey[] {
  const entries: ServiceKey[] =
    group !== null
      ? groupKeys(group, values.protocol ?? 'TCP', markFamily(values, groupFamily(group)))
      : 'mark' in header
        ? [{ kind: 'fwmark', mark: header.mark, family: markFamily(values, null) }]
        : 'address' in header
          ? [
              {
                kind: 'address',
                protocol: values.protocol ?? 'TCP',
                address: header.address,
                port: header.port,
              },
            ]
          : [];
  const addresses = entries.flatMap(key => (key.kind === 'address' ? [key] : []));
  if (entries.length > 0 && addresses.length === 0) complainOfProtocol(values, statement, reading);
  if (addresses.length > 0) checkAddresses(addresses, values, statement, reading);
  return entries;
}

function complainOfProtocol(values: ServerValues, statement: Statement, reading: Reading): void {
  if (values.protocol === undefined) return;
  reading.warning(
    placeOf(statement, 'protocol'),
    0,
    'protocol has no effect with fwmark',
    'delete it: the mark tells which packets are meant',
  );
}

function checkAddresses(
  keys: readonly Extract<ServiceKey, { kind: 'address' }>[],
  values: ServerValues,
  statement: Statement,
  reading: Reading,
): void {
  if (lacks(statement, 'protocol')) {
    const advice = 'add protocol TCP (without it keepalived 1 took TCP, keepalived 2 takes UDP)';
    reading.error(statement, 0, 'this virtual server has no protocol', advice);
  }
  if (keys.some(key => key.port === 0) && lacks(statement, 'persistence_timeout')) {
    const advice = 'add a port, or persistence_timeout';
    reading.error(statement, 0, 'a virtual server on all ports must be persistent', advice);
  }
  const { ip_family } = values;
  const other = keys.find(
    key => ip_family !== undefined && familyNumber(ip_family) !== familyOf(key.address),
  );
  if (other === undefined || ip_family === undefined) return;
  const message = `${other.address} is not of the family ${ip_family}`;
  reading.error(placeOf(statement, 'ip_family'), 1, message, 'delete ip_family: the address tells it');
}

/** Packets keep their family but in tunnels. `beside` is the family of the addresses in the same group. */
function markFamily(values: ServerValues, beside: Family | null): Family {
  if (values.ip_family !== undefined) return familyNumber(values.ip_family);
  const direct = values.real_server?.find(
    each => (each.values.lvs_method ?? values.lvs_method ?? NAT).forwarding !== 'TUN',
  );
  if (direct !== undefined) return familyOf(direct.address);
  const told = values.persistence_granularity?.family ?? beside;
  if (told !== null) return told;
  const families = new Set(values.real_server?.map(each => familyOf(each.address)));
  return families.size === 1 ? [...families][0]! : 4;
}

function familyNumber(name: 'inet' | 'inet6'): Family {
  return name === 'inet' ? 4 : 6;
}

/** The one port of all addresses; 0 when there are several. */
function commonPort(keys: readonly ServiceKey[]): number {
  let common: number | null = null;
  for (const key of keys) {
    if (key.kind === 'fwmark') continue;
    if (common !== null && common !== key.port) return 0;
    common = key.port;
  }
  return common ?? 0;
}

/** `alpha` is written out for the service, a server or a check. */
function saysAlpha({ block }: Statement): boolean {
  for (const each of block ?? []) {
    if (each.words[0] === 'alpha' && !/^(?:off|no|false)$/.test(each.words[1] ?? '')) return true;
    if (each.block !== null && saysAlpha(each)) return true;
  }
  return false;
}

/** What keepalived refuses in a test and replaces by a default in service. */
function warnOfDefaults(statement: Statement, reading: Reading): void {
  if (lacks(statement, 'lb_algo', 'lvs_sched')) {
    reading.warning(
      statement,
      0,
      'this virtual server has no lb_algo',
      'wlc is taken: write lb_algo wlc, or what you want',
    );
  }
  const needsMethod = statement.block?.some(
    each => each.words[0] === 'real_server' && lacks(each, 'lvs_method'),
  );
  if (needsMethod && lacks(statement, 'lb_kind', 'lvs_method')) {
    reading.warning(
      statement,
      0,
      'this virtual server has no lb_kind',
      'NAT is taken: write lb_kind NAT, or what you want',
    );
  }
}
