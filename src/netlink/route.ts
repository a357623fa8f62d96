// Routes over NETLINK_ROUTE (rtnetlink(7), linux/rtnetlink.h), IPv4 and IPv6, with the mark of who set them.
import { AF_INET, AF_INET6 } from '../platform/linux.ts';
import { Attributes, type Message, read32 } from './reader.ts';
import { concatenate } from './request.ts';
import { MessageWriter, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE } from './writer.ts';

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;

const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_METRICS = 8;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
const RTA_VIA = 18;
const RTAX_MTU = 2;

export const RT_TABLE_MAIN = 254;
/** rtm_type */
const KINDS = { unicast: 1, blackhole: 6, unreachable: 7, prohibit: 8 };
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
/** A cached copy of a route, not a route. */
const RTM_F_CLONED = 0x200;

/** sizeof(struct rtmsg) */
const HEADER = 12;
/** sizeof(struct nlmsghdr), sizeof(struct rtnexthop) */
const MESSAGE_HEADER = 16;
const NEXT_HOP = 8;

export type RouteKind = keyof typeof KINDS;

/** One of several ways that a route shares its packets between. */
export interface NextHop {
  readonly gateway: Uint8Array | null;
  /** Kernel index; 0 leaves the choice to the kernel. */
  readonly interface: number;
  /** 1..256 */
  readonly weight: number;
}

/** A route through one gateway or straight out of an interface, unless `kind` or `hops` say otherwise. */
export interface Route {
  /** Network, 4 or 16 bytes with zeros behind the prefix. */
  readonly destination: Uint8Array;
  readonly prefix: number;
  /** Null: directly connected. */
  readonly gateway: Uint8Array | null;
  /** Kernel index; 0 leaves the choice to the kernel, which then needs a gateway. */
  readonly interface: number;
  /** rtm_protocol: who set it; 2 is the kernel, 3 boot, 4 static. */
  readonly protocol: number;
  /** Lower wins. 0 for IPv6 means 1,024 to the kernel. */
  readonly metric: number;
  readonly table: number;
  /** `unicast` unless told; the others discard, with or without an answer, and have neither gateway nor interface. */
  readonly kind?: RouteKind;
  /** More than one, instead of `gateway` and `interface`. */
  readonly hops?: readonly NextHop[];
  /** Preferred source of what this machine sends itself. */
  readonly source?: Uint8Array;
  /** rtm_scope: by default link for a directly connected network, else universe. */
  readonly scope?: number;
  /** Bytes. */
  readonly mtu?: number;
}

/** Asks for all routes of a family; `decodeRoute` reads the answer. */
export function getRoutes(family: 4 | 6): Uint8Array {
  return header(RTM_GETROUTE, NLM_F_DUMP, family === 4 ? AF_INET : AF_INET6, 0, 0, 0, 0, 0).finish();
}

/** Adds a route; refused with `EEXIST` when there is one of that destination and metric, unless `replace`. */
export function newRoute(route: Route, replace: boolean): Uint8Array {
  const flags = NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL);
  return write(RTM_NEWROUTE, flags, route, route.scope ?? usualScope(route));
}

/** Removes exactly this route; refused with `ESRCH` when it is not there. */
export function deleteRoute(route: Route): Uint8Array {
  return write(RTM_DELROUTE, 0, route, RT_SCOPE_NOWHERE);
}

/** The unicast route that an RTM_NEWROUTE message describes; null for other messages, other kinds and several next hops. */
export function decodeRoute({ type, payload }: Message): Route | null {
  if (type !== RTM_NEWROUTE) return null;
  const attributes = new Attributes(payload, HEADER);
  const [family, prefix] = payload;
  if (payload[7] !== KINDS.unicast || read32(payload, 8) & RTM_F_CLONED) return null;
  const output = attributes.u32(RTA_OIF);
  if (output === null || (family !== AF_INET && family !== AF_INET6)) return null;
  return {
    destination: attributes.bytes(RTA_DST)?.slice() ?? new Uint8Array(family === AF_INET ? 4 : 16),
    prefix: prefix!,
    gateway: attributes.bytes(RTA_GATEWAY)?.slice() ?? null,
    interface: output,
    protocol: payload[5]!,
    metric: attributes.u32(RTA_PRIORITY) ?? 0,
    table: attributes.u32(RTA_TABLE) ?? payload[4]!,
  };
}

/** The request that removes the route which a message of a dump describes; null when it is not one that `protocol` set. */
export function routeRemoval({ type, payload }: Message, protocol: number): Uint8Array | null {
  if (type !== RTM_NEWROUTE || payload.length < HEADER || payload[5] !== protocol) return null;
  if (read32(payload, 8) & RTM_F_CLONED) return null;
  return new MessageWriter(RTM_DELROUTE, 0).putBytes(payload).finish();
}

function usualScope({ kind, gateway, hops }: Route): number {
  const isDirect = (kind ?? 'unicast') === 'unicast' && gateway === null && hops === undefined;
  return isDirect ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

function write(type: number, flags: number, route: Route, scope: number): Uint8Array {
  const family = route.destination.length === 4 ? AF_INET : AF_INET6;
  const kind = KINDS[route.kind ?? 'unicast'];
  const writer = header(type, flags, family, route.prefix, route.table, route.protocol, scope, kind);
  if (route.prefix > 0) writer.bytes(RTA_DST, route.destination);
  if (route.source) writer.bytes(RTA_PREFSRC, route.source);
  if (route.gateway) writeGateway(writer, route.gateway, family);
  if (route.interface) writer.u32(RTA_OIF, route.interface);
  if (route.metric) writer.u32(RTA_PRIORITY, route.metric);
  const { mtu, hops } = route;
  if (mtu) writer.nest(RTA_METRICS, () => writer.u32(RTAX_MTU, mtu));
  // A removal is found by its destination: the ways to it need not be told.
  if (hops && type === RTM_NEWROUTE) writer.bytes(RTA_MULTIPATH, nextHops(hops, family));
  // rtm_table has eight bits only.
  if (route.table > 255) writer.u32(RTA_TABLE, route.table);
  return writer.finish();
}

/** A gateway of the other family (struct rtvia) has an attribute of its own. */
function writeGateway(writer: MessageWriter, gateway: Uint8Array, family: number): void {
  const gatewayFamily = gateway.length === 4 ? AF_INET : AF_INET6;
  if (gatewayFamily === family) {
    writer.bytes(RTA_GATEWAY, gateway);
    return;
  }
  const via = new Uint8Array(2 + gateway.length);
  via[0] = gatewayFamily;
  via.set(gateway, 2);
  writer.bytes(RTA_VIA, via);
}

/** A struct rtnexthop with its gateway for each. */
function nextHops(hops: readonly NextHop[], family: number): Uint8Array {
  const parts = hops.map(hop => {
    // The attributes of a message that is never sent.
    const attributes = new MessageWriter(0, 0);
    if (hop.gateway) writeGateway(attributes, hop.gateway, family);
    const bytes = attributes.finish().slice(MESSAGE_HEADER - NEXT_HOP);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, bytes.length, true);
    view.setUint16(2, (hop.weight - 1) << 8, true);
    view.setUint32(4, hop.interface, true);
    return bytes;
  });
  return concatenate(parts);
}

/** struct rtmsg */
function header(
  type: number,
  flags: number,
  family: number,
  prefix: number,
  table: number,
  protocol: number,
  scope: number,
  kind: number,
): MessageWriter {
  return new MessageWriter(type, flags)
    .put8(family)
    .put8(prefix)
    .put8(0)
    .put8(0)
    .put8(table > 255 ? 0 : table)
    .put8(protocol)
    .put8(scope)
    .put8(kind)
    .put32(0);
}
