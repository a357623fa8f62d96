// Network interfaces over NETLINK_ROUTE (rtnetlink(7), linux/if_link.h): what there is, in which state, and setting it up or down.
import { AF_INET6 } from '../platform/linux.ts';
import { Attributes, type Message, read32 } from './reader.ts';
import { MessageWriter, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL } from './writer.ts';

/** Bit of `NetlinkOptions.groups` that brings RTM_NEWLINK and RTM_DELLINK (RTNLGRP_LINK). */
export const LINK_GROUP = 1 << 0;

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_OPERSTATE = 16;
const IFLA_LINKINFO = 18;
const IFLA_AF_SPEC = 26;
const IFLA_GROUP = 27;
const IFLA_EXT_MASK = 29;
const IFLA_CARRIER = 33;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_MACVLAN_MODE = 1;
const IFLA_VLAN_ID = 1;
const IFLA_VLAN_PROTOCOL = 5;
/** linux/if_ether.h: the tag of IEEE 802.1Q. */
const ETH_P_8021Q = 0x8100;
const IFLA_INET6_ADDR_GEN_MODE = 8;
/** linux/if_link.h: a macvlan that talks to the network only, not to its neighbours on the same interface. */
const MACVLAN_MODE_PRIVATE = 1;
/** IPv6 makes no link-local address by itself. */
const IN6_ADDR_GEN_MODE_NONE = 1;
/** Leaves the IPv6 counters of each interface out of the answer. */
const RTEXT_FILTER_SKIP_STATS = 1 << 3;

/** linux/if.h: interface flags. */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;

/** sizeof(struct ifinfomsg) */
const HEADER = 16;

const operStates = [
  'unknown',
  'not-present',
  'down',
  'lower-layer-down',
  'testing',
  'dormant',
  'up',
] as const;
/** RFC 2863; `unknown` is what drivers without carrier detection report while they work. */
export type OperState = (typeof operStates)[number];

export interface Link {
  /** Kernel index, from 1. */
  readonly index: number;
  readonly name: string;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  /** Up and able to pass packets (IFF_RUNNING): carrier and operational state taken together. */
  readonly running: boolean;
  readonly loopback: boolean;
  readonly carrier: boolean;
  readonly operState: OperState;
  /** Hardware address; empty where there is none. */
  readonly hardware: Uint8Array;
  readonly mtu: number;
  /** Index of the bridge or bond this belongs to; 0: none. */
  readonly master: number;
  /** Index of the interface this one stands on (macvlan, VLAN) or is paired with (veth); 0: none. */
  readonly lower: number;
  /** IFLA_GROUP; 0 unless somebody set one. */
  readonly group: number;
  /** `macvlan`, `vlan`, `bridge`, ...; null for hardware. */
  readonly kind: string | null;
  /** Of an IEEE 802.1Q VLAN its id, 1..4094; null for everything else. */
  readonly vlan: number | null;
}

/** An interface that stands on another. */
export interface NewUpperLink {
  /** 15 bytes at most. */
  readonly name: string;
  /** Index of the interface it stands on. */
  readonly lower: number;
  readonly group: number;
}

export interface NewMacvlan extends NewUpperLink {
  readonly hardware: Uint8Array;
}

export interface NewVlan extends NewUpperLink {
  /** 1..4094 */
  readonly id: number;
}

/** Asks for every interface; `decodeLink` reads the answer. */
export function getLinks(): Uint8Array {
  return header(RTM_GETLINK, NLM_F_DUMP, 0, 0, 0).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).finish();
}

/** Sets an interface up or down, as `ip link set`. */
export function setLinkUp(index: number, up: boolean): Uint8Array {
  return header(RTM_NEWLINK, 0, index, up ? IFF_UP : 0, IFF_UP).finish();
}

/** Bytes of the longest packet without its Ethernet header; of a VLAN no more than of the interface that it stands on (`ERANGE`). */
export function setLinkMtu(index: number, mtu: number): Uint8Array {
  return header(RTM_NEWLINK, 0, index, 0, 0).u32(IFLA_MTU, mtu).finish();
}

/**
 * Creates an IEEE 802.1Q interface, down, with the MTU of the one it stands on. Refused with `EEXIST` when there is one of that name,
 * or one of that id there; with `EOPNOTSUPP` where there are no VLANs.
 */
export function newVlan({ name, lower, group, id }: NewVlan): Uint8Array {
  const writer = header(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0, 0)
    .u32(IFLA_GROUP, group)
    .u32(IFLA_LINK, lower)
    .text(IFLA_IFNAME, name);
  writer.nest(IFLA_LINKINFO, () => {
    writer.text(IFLA_INFO_KIND, 'vlan');
    writer.nest(IFLA_INFO_DATA, () => writer.u16(IFLA_VLAN_ID, id));
  });
  return writer.finish();
}

/** Creates a macvlan interface, down, in private mode; refused with `EEXIST` when there is one of that name. */
export function newMacvlan({ name, lower, hardware, group }: NewMacvlan): Uint8Array {
  const writer = header(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0, 0)
    .u32(IFLA_GROUP, group)
    .bytes(IFLA_ADDRESS, hardware)
    .u32(IFLA_LINK, lower)
    .text(IFLA_IFNAME, name);
  writer.nest(IFLA_LINKINFO, () => {
    writer.text(IFLA_INFO_KIND, 'macvlan');
    writer.nest(IFLA_INFO_DATA, () => writer.u32(IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE));
  });
  return writer.finish();
}

/** Keeps the kernel from making an IPv6 link-local address when the interface comes up. */
export function withoutLinkLocal(index: number): Uint8Array {
  const writer = header(RTM_NEWLINK, 0, index, 0, 0);
  writer.nest(IFLA_AF_SPEC, () =>
    writer.nest(AF_INET6, () => writer.u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE)),
  );
  return writer.finish();
}

/** Removes an interface; refused with `ENODEV` when it is not there, `EOPNOTSUPP` when it is hardware. */
export function deleteLink(index: number): Uint8Array {
  return header(RTM_DELLINK, 0, index, 0, 0).finish();
}

/** The interface an RTM_NEWLINK message describes; null for other messages. */
export function decodeLink(message: Message): Link | null {
  if (message.type !== RTM_NEWLINK) return null;
  const attributes = new Attributes(message.payload, HEADER);
  // A bridge reports its ports with the same type and family AF_BRIDGE: not about the interface itself.
  if (message.payload[0] !== 0) return null;
  const flags = read32(message.payload, 8);
  const info = attributes.nested(IFLA_LINKINFO);
  const kind = info?.text(IFLA_INFO_KIND) ?? null;
  return {
    index: read32(message.payload, 4),
    name: attributes.text(IFLA_IFNAME) ?? '',
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0 && (flags & IFF_UP) !== 0,
    loopback: (flags & IFF_LOOPBACK) !== 0,
    carrier: attributes.u8(IFLA_CARRIER) === 1,
    operState: operStates[attributes.u8(IFLA_OPERSTATE) ?? 0] ?? 'unknown',
    hardware: attributes.bytes(IFLA_ADDRESS)?.slice() ?? new Uint8Array(0),
    mtu: attributes.u32(IFLA_MTU) ?? 0,
    master: attributes.u32(IFLA_MASTER) ?? 0,
    lower: attributes.u32(IFLA_LINK) ?? 0,
    group: attributes.u32(IFLA_GROUP) ?? 0,
    kind,
    vlan: kind === 'vlan' ? vlanId(info?.nested(IFLA_INFO_DATA)) : null,
  };
}

/** Null with the tag of a provider (IEEE 802.1ad), which is another VLAN. */
function vlanId(data: Attributes | null | undefined): number | null {
  const protocol = data?.be16(IFLA_VLAN_PROTOCOL) ?? ETH_P_8021Q;
  return protocol === ETH_P_8021Q ? (data?.u16(IFLA_VLAN_ID) ?? null) : null;
}

/** The index of the interface that an RTM_DELLINK notification says is gone; null for other messages. */
export function decodeLinkRemoval(message: Message): number | null {
  if (message.type !== RTM_DELLINK || message.payload.length < HEADER || message.payload[0] !== 0)
    return null;
  return read32(message.payload, 4);
}

/** struct ifinfomsg */
function header(type: number, flags: number, index: number, set: number, change: number): MessageWriter {
  return new MessageWriter(type, flags).put16(0).put16(0).put32(index).put32(set).put32(change);
}
