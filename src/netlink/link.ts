// Network interfaces over NETLINK_ROUTE (rtnetlink(7), linux/if_link.h): what there is, in which state, and setting it up or down.
import { Attributes, type Message, read32 } from './reader.ts';
import { MessageWriter, NLM_F_DUMP } from './writer.ts';

/** Bit of `NetlinkOptions.groups` that brings RTM_NEWLINK and RTM_DELLINK (RTNLGRP_LINK). */
export const LINK_GROUP = 1 << 0;

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_OPERSTATE = 16;
const IFLA_EXT_MASK = 29;
const IFLA_CARRIER = 33;
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
}

/** Asks for every interface; `decodeLink` reads the answer. */
export function getLinks(): Uint8Array {
  return header(RTM_GETLINK, NLM_F_DUMP, 0, 0, 0).u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).finish();
}

/** Sets an interface up or down, as `ip link set`. */
export function setLinkUp(index: number, up: boolean): Uint8Array {
  return header(RTM_NEWLINK, 0, index, up ? IFF_UP : 0, IFF_UP).finish();
}

/** The interface an RTM_NEWLINK message describes; null for other messages. */
export function decodeLink(message: Message): Link | null {
  if (message.type !== RTM_NEWLINK) return null;
  const attributes = new Attributes(message.payload, HEADER);
  // A bridge reports its ports with the same type and family AF_BRIDGE: not about the interface itself.
  if (message.payload[0] !== 0) return null;
  const flags = read32(message.payload, 8);
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
  };
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
