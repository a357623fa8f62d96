// Interface addresses over NETLINK_ROUTE (rtnetlink(7), linux/if_addr.h), IPv4 and IPv6, with lifetime and the mark of who set them.
import {
  BPF_JUMP_EQUAL,
  BPF_JUMP_SET,
  BPF_LD_BYTE_INDIRECT,
  BPF_LD_HALF,
  BPF_LD_IMMEDIATE,
  BPF_LD_WORD,
  BPF_LDX_IMMEDIATE,
  BPF_RETURN,
  BPF_TAX,
  KEEP,
  SKF_AD_NLATTR,
} from '../platform/filter.ts';
import { AF_INET, AF_INET6 } from '../platform/linux.ts';
import type { FilterInstruction } from '../platform/platform.ts';
import { Attributes, type Message, read32 } from './reader.ts';
import { MessageWriter, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_MULTI, NLM_F_REPLACE } from './writer.ts';

/** Bits of `NetlinkOptions.groups` that bring address changes (RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR). */
export const IPV4_ADDRESS_GROUP = 1 << 4;
export const IPV6_ADDRESS_GROUP = 1 << 8;

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;

/** Flag of an address (linux/if_addr.h): set without duplicate address detection. */
export const IFA_F_NODAD = 0x02;

/** Its duplicate address detection is under way, or found a duplicate: it must not be used. */
export const IFA_F_DADFAILED = 0x08;
export const IFA_F_TENTATIVE = 0x40;

/** Scope of an address (linux/rtnetlink.h). */
export const RT_SCOPE_UNIVERSE = 0;
export const RT_SCOPE_LINK = 253;

/** sizeof(struct ifaddrmsg) */
const HEADER = 8;
/** sizeof(struct nlmsghdr), sizeof(struct nlattr) */
const MESSAGE_HEADER = 16;
const ATTRIBUTE_HEADER = 4;
const INFINITE = 0xffff_ffff;

/** What names an address on an interface. */
export interface AddressKey {
  /** Kernel index of the interface. */
  readonly interface: number;
  /** 4 or 16 bytes, network order. */
  readonly address: Uint8Array;
  /** 0..32 or 0..128 */
  readonly prefix: number;
}

export interface NewAddress extends AddressKey {
  /** IFA_PROTO 0..255: who set it, shown by `ip address` as `proto`. 0: nobody in particular. */
  readonly protocol: number;
  /** Seconds, whole and at least 1; never expires unless told. */
  readonly validLifetime?: number;
  /** Seconds until it is no longer a source address of new connections; 0: at once; as `validLifetime` unless told. */
  readonly preferredLifetime?: number;
  /** IPv4 only, as `eth0:vip`; starts with the interface's name, 15 bytes at most. */
  readonly label?: string;
  /** IPv4 only. */
  readonly broadcast?: Uint8Array;
  /** RT_SCOPE_UNIVERSE unless told. */
  readonly scope?: number;
  /** IFA_F_NODAD. */
  readonly flags?: number;
}

export interface InterfaceAddress extends AddressKey {
  readonly protocol: number;
  readonly scope: number;
  readonly flags: number;
  /** IPv4 only. */
  readonly label: string | null;
  readonly broadcast: Uint8Array | null;
  /** Seconds left, Infinity when permanent. */
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

/** Asks for every address of both families; `decodeAddress` reads the answer. */
export function getAddresses(): Uint8Array {
  return header(RTM_GETADDR, NLM_F_DUMP, 0, 0, 0, 0, 0).finish();
}

/**
 * Sets an address. Refused with `EEXIST` when it is there, unless `renew`: then its lifetimes start anew. Linux 6.1 keeps
 * the protocol, label and scope that an existing IPv4 address has.
 */
export function newAddress(address: NewAddress, renew: boolean): Uint8Array {
  const flags = address.flags ?? 0;
  const writer = header(
    RTM_NEWADDR,
    NLM_F_CREATE | (renew ? NLM_F_REPLACE : NLM_F_EXCL),
    family(address.address),
    address.prefix,
    flags,
    address.scope ?? RT_SCOPE_UNIVERSE,
    address.interface,
  );
  writer.bytes(IFA_LOCAL, address.address).bytes(IFA_ADDRESS, address.address);
  if (address.broadcast) writer.bytes(IFA_BROADCAST, address.broadcast);
  if (address.label) writer.text(IFA_LABEL, address.label);
  if (flags) writer.u32(IFA_FLAGS, flags);
  if (address.protocol) writer.u8(IFA_PROTO, address.protocol);
  const valid = address.validLifetime ?? Infinity;
  const preferred = address.preferredLifetime ?? valid;
  if (valid !== Infinity || preferred !== Infinity) writer.bytes(IFA_CACHEINFO, lifetimes(preferred, valid));
  return writer.finish();
}

/** Removes an address; refused with `EADDRNOTAVAIL` when it is not there. */
export function deleteAddress(address: AddressKey): Uint8Array {
  return header(RTM_DELADDR, 0, family(address.address), address.prefix, 0, 0, address.interface)
    .bytes(IFA_LOCAL, address.address)
    .bytes(IFA_ADDRESS, address.address)
    .finish();
}

/**
 * Lets notifications of addresses that are set or renewed through unless `protocol` set them: who renews its own addresses
 * every second need not hear of it.
 */
export function ownAddressFilter(protocol: number): FilterInstruction[] {
  // Numbers of a netlink message are little endian, and read here in network order.
  const swapped = (value: number) => ((value & 0xff) << 8) | (value >> 8);
  return [
    [BPF_LD_HALF, 0, 0, 4],
    [BPF_JUMP_EQUAL, 0, 9, swapped(RTM_NEWADDR)],
    // One message of several: the answer of a dump.
    [BPF_LD_HALF, 0, 0, 6],
    [BPF_JUMP_SET, 7, 0, swapped(NLM_F_MULTI)],
    [BPF_LD_IMMEDIATE, 0, 0, MESSAGE_HEADER + HEADER],
    [BPF_LDX_IMMEDIATE, 0, 0, IFA_PROTO],
    [BPF_LD_WORD, 0, 0, SKF_AD_NLATTR],
    [BPF_JUMP_EQUAL, 3, 0, 0],
    [BPF_TAX, 0, 0, 0],
    [BPF_LD_BYTE_INDIRECT, 0, 0, ATTRIBUTE_HEADER],
    [BPF_JUMP_EQUAL, 1, 0, protocol],
    [BPF_RETURN, 0, 0, KEEP],
    [BPF_RETURN, 0, 0, 0],
  ];
}

/** The address an RTM_NEWADDR message describes; null for other messages. */
export function decodeAddress(message: Message): InterfaceAddress | null {
  return message.type === RTM_NEWADDR ? decode(message) : null;
}

/** The address that an RTM_DELADDR notification says is gone; null for other messages. */
export function decodeAddressRemoval(message: Message): InterfaceAddress | null {
  return message.type === RTM_DELADDR ? decode(message) : null;
}

function decode(message: Message): InterfaceAddress | null {
  const { payload } = message;
  const attributes = new Attributes(payload, HEADER);
  // On a point-to-point link IFA_ADDRESS is the far end; IPv6 leaves IFA_LOCAL out otherwise.
  const address = attributes.bytes(IFA_LOCAL) ?? attributes.bytes(IFA_ADDRESS);
  if (address === null || (payload[0] !== AF_INET && payload[0] !== AF_INET6)) return null;
  const cache = attributes.bytes(IFA_CACHEINFO);
  return {
    interface: read32(payload, 4),
    address: address.slice(),
    prefix: payload[1]!,
    protocol: attributes.u8(IFA_PROTO) ?? 0,
    scope: payload[3]!,
    flags: attributes.u32(IFA_FLAGS) ?? payload[2]!,
    label: attributes.text(IFA_LABEL),
    broadcast: attributes.bytes(IFA_BROADCAST)?.slice() ?? null,
    preferredLifetime: cache && cache.length >= 8 ? seconds(read32(cache, 0)) : Infinity,
    validLifetime: cache && cache.length >= 8 ? seconds(read32(cache, 4)) : Infinity,
  };
}

function family(address: Uint8Array): number {
  return address.length === 4 ? AF_INET : AF_INET6;
}

function seconds(value: number): number {
  return value === INFINITE ? Infinity : value;
}

/** struct ifa_cacheinfo; the kernel ignores its time stamps. */
function lifetimes(preferred: number, valid: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.min(preferred, INFINITE), true);
  view.setUint32(4, Math.min(valid, INFINITE), true);
  return bytes;
}

/** struct ifaddrmsg */
function header(
  type: number,
  messageFlags: number,
  addressFamily: number,
  prefix: number,
  flags: number,
  scope: number,
  index: number,
): MessageWriter {
  return new MessageWriter(type, messageFlags)
    .put8(addressFamily)
    .put8(prefix)
    .put8(flags)
    .put8(scope)
    .put32(index);
}
