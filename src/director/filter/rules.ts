// The rules that the configuration asks for: firewall marks, masquerading, services that are not tracked, and addresses that accept
// nothing for themselves.
import type { BaseChain, Rule } from '../../netlink/nftables/ruleset.ts';
import {
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_SCTP,
  IPPROTO_TCP,
  IPPROTO_UDP,
} from '../../platform/linux.ts';
import { networkOf } from '../address.ts';
import type { MarkConfig, MasqueradeConfig, Protocol, ServiceKey } from '../config/config.ts';
import type { FilterSlice } from '../protocol.ts';
import {
  accept,
  type Condition,
  destinationIs,
  destinationPort,
  drop,
  icmpType,
  markIs,
  masquerade,
  notrack,
  outInterface,
  protocolIs,
  setMark,
  sourceIn,
} from './match.ts';

/** Name of the director's own table, family inet. */
export const TABLE = 'director';

export interface Ruleset {
  readonly chains: readonly BaseChain[];
  readonly rules: readonly Rule[];
}

/** NF_IP_PRI_RAW: before connection tracking. */
const RAW = -300;
/** NF_IP_PRI_MANGLE: behind connection tracking, before IPVS looks at the mark. */
const MANGLE = -150;
/** NF_IP_PRI_NAT_SRC */
const SOURCE_NAT = 100;
/** IPVS takes its packets at 98 and 99 (ip_vs_core.c): what arrives here is for the director itself, or for a local server. */
const BEHIND_IPVS = 110;

const protocols: Readonly<Record<Protocol, number>> = {
  TCP: IPPROTO_TCP,
  UDP: IPPROTO_UDP,
  SCTP: IPPROTO_SCTP,
};

const untracked: BaseChain = { name: 'untracked', type: 'filter', hook: 'prerouting', priority: RAW };
const marks: BaseChain = { name: 'marks', type: 'filter', hook: 'prerouting', priority: MANGLE };
/** What the director itself sends to a service, as its checks may. */
const localMarks: BaseChain = { name: 'local-marks', type: 'filter', hook: 'output', priority: MANGLE };
const masquerades: BaseChain = {
  name: 'masquerades',
  type: 'nat',
  hook: 'postrouting',
  priority: SOURCE_NAT,
};
const closed: BaseChain = { name: 'no-accept', type: 'filter', hook: 'input', priority: BEHIND_IPVS };

/** Errors that a host must get: unreachable (which carries the path MTU), time exceeded and parameter problem. */
const icmpErrors = [
  [3, 3],
  [11, 12],
] as const;
/** The same for IPv6, packet too big among them; and neighbour discovery, without which the address would not be found. */
const icmpv6Needed = [
  [1, 4],
  [133, 137],
] as const;

/** Only chains that have rules. */
export function desiredRuleset(slice: FilterSlice): Ruleset {
  const rules = [
    ...(slice.untracked ?? []).flatMap(untrackedRule),
    ...slice.marks.flatMap(mark => markRules(marks, mark)),
    ...slice.marks.flatMap(mark => markRules(localMarks, mark)),
    ...slice.masquerades.map(masqueradeRule),
    ...slice.noAccept.flatMap(({ address, services }) => closedRules(address, services)),
  ];
  const used = new Set(rules.map(({ chain }) => chain));
  const chains = [untracked, marks, localMarks, masquerades, closed];
  return { chains: chains.filter(({ name }) => used.has(name)), rules };
}

function markRules(chain: BaseChain, { mark, protocol, destination, ports }: MarkConfig): Rule[] {
  return ports.map(({ from, to }) =>
    rule(
      chain,
      `mark ${mark}: ${protocol} ${destination} port ${from === to ? from : `${from}-${to}`}`,
      destinationIs(destination),
      protocolIs(protocols[protocol]),
      destinationPort(from, to),
      setMark(mark),
    ),
  );
}

function masqueradeRule({ source, outInterface: name }: MasqueradeConfig): Rule {
  const { address, prefix } = networkOf(source);
  return rule(
    masquerades,
    `masquerade ${address}/${prefix} out of ${name}`,
    sourceIn(address, prefix),
    outInterface(name),
    masquerade(),
  );
}

/** IPVS keeps its own connections: what tracking would make of each packet is thrown away again behind it. */
function untrackedRule(key: ServiceKey): Rule[] {
  if (key.kind !== 'address') return [];
  const comment = `untracked: ${key.address} ${words(key)}`;
  return [rule(untracked, comment, destinationIs(key.address), ...service(key), notrack())];
}

function closedRules(address: string, services: readonly ServiceKey[]): Rule[] {
  const six = address.includes(':');
  const here = destinationIs(address);
  const icmp = protocolIs(six ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
  return [
    // A real server that is the director itself gets its packets here.
    ...services.map(key => rule(closed, `${address}: ${words(key)} passes`, here, ...service(key), accept())),
    ...(six ? icmpv6Needed : icmpErrors).map(([from, to]) =>
      rule(closed, `${address}: ICMP type ${from}-${to} passes`, here, icmp, icmpType(from, to), accept()),
    ),
    rule(closed, `${address}: all else is dropped`, here, drop()),
  ];
}

function service(key: ServiceKey): Condition[] {
  if (key.kind === 'fwmark') return [markIs(key.mark)];
  const protocol = protocolIs(protocols[key.protocol]);
  return key.port === 0 ? [protocol] : [protocol, destinationPort(key.port, key.port)];
}

function words(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `mark ${key.mark}`;
  return key.port === 0 ? key.protocol : `${key.protocol} port ${key.port}`;
}

function rule(chain: BaseChain, comment: string, ...parts: Condition[]): Rule {
  return { chain: chain.name, expressions: parts.flat(), comment };
}
