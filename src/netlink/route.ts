// Routes over NETLINK_ROUTE (rtnetlink(7), linux/rtnetlink.h), IPv4 and IPv6, with the mark of who set them.
import { AF_INET, AF_INET6 } from '../platform/linux.ts';
import { Attributes, type Message, read32 } from './reader.ts';
import { MessageWriter, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE } from './writer.ts';

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;

const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_TABLE = 15;

export const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
/** A cached copy of a route, not a route. */
const RTM_F_CLONED = 0x200;

/** sizeof(struct rtmsg) */
const HEADER = 12;

/** A unicast route through one gateway or straight out of an interface. */
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
}

/** Asks for all routes of a family; `decodeRoute` reads the answer. */
export function getRoutes(family: 4 | 6): Uint8Array {
  return header(RTM_GETROUTE, NLM_F_DUMP, family === 4 ? AF_INET : AF_INET6, 0, 0, 0, 0).finish();
}

/** Adds a route; refused with `EEXIST` when there is one of that destination and metric, unless `replace`. */
export function newRoute(route: Route, replace: boolean): Uint8Array {
  const flags = NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL);
  return write(RTM_NEWROUTE, flags, route, route.gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
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
  if (payload[7] !== RTN_UNICAST || read32(payload, 8) & RTM_F_CLONED) return null;
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

function write(type: number, flags: number, route: Route, scope: number): Uint8Array {
  const family = route.destination.length === 4 ? AF_INET : AF_INET6;
  const writer = header(type, flags, family, route.prefix, route.table, route.protocol, scope);
  if (route.prefix > 0) writer.bytes(RTA_DST, route.destination);
  if (route.gateway) writer.bytes(RTA_GATEWAY, route.gateway);
  if (route.interface) writer.u32(RTA_OIF, route.interface);
  if (route.metric) writer.u32(RTA_PRIORITY, route.metric);
  // rtm_table has eight bits only.
  if (route.table > 255) writer.u32(RTA_TABLE, route.table);
  return writer.finish();
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
): MessageWriter {
  return new MessageWriter(type, flags)
    .put8(family)
    .put8(prefix)
    .put8(0)
    .put8(0)
    .put8(table > 255 ? 0 : table)
    .put8(protocol)
    .put8(scope)
    .put8(type === RTM_GETROUTE ? 0 : RTN_UNICAST)
    .put32(0);
}
