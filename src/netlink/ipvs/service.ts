// Virtual services of IPVS as messages of its generic netlink family (linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c of Linux 6.1).
import { AF_INET, AF_INET6 } from '../../platform/linux.ts';
import { NetlinkError } from '../errors.ts';
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message, read32 } from '../reader.ts';
import { type MessageWriter, NLM_F_DUMP } from '../writer.ts';
import { type Counters, decodeCounters } from './counters.ts';

/** Name of the generic netlink family, for `getFamily`. */
export const IPVS_FAMILY = 'IPVS';
export const IPVS_VERSION = 1;

const IPVS_CMD_NEW_SERVICE = 1;
const IPVS_CMD_SET_SERVICE = 2;
const IPVS_CMD_DEL_SERVICE = 3;
const IPVS_CMD_GET_SERVICE = 4;

export const IPVS_CMD_ATTR_SERVICE = 1;

const IPVS_SVC_ATTR_AF = 1;
const IPVS_SVC_ATTR_PROTOCOL = 2;
const IPVS_SVC_ATTR_ADDR = 3;
const IPVS_SVC_ATTR_PORT = 4;
const IPVS_SVC_ATTR_FWMARK = 5;
const IPVS_SVC_ATTR_SCHED_NAME = 6;
const IPVS_SVC_ATTR_FLAGS = 7;
const IPVS_SVC_ATTR_TIMEOUT = 8;
const IPVS_SVC_ATTR_NETMASK = 9;
const IPVS_SVC_ATTR_PE_NAME = 11;
const IPVS_SVC_ATTR_STATS64 = 12;

/** Flags of a service. The meaning of SCHED1..3 is the scheduler's: `sh` and `mh` fall back with 1 and hash the port with 2. */
export const IP_VS_SVC_F_PERSISTENT = 0x01;
/** Set by the kernel on every service in its table. */
export const IP_VS_SVC_F_HASHED = 0x02;
export const IP_VS_SVC_F_ONEPACKET = 0x04;
export const IP_VS_SVC_F_SCHED1 = 0x08;
export const IP_VS_SVC_F_SCHED2 = 0x10;
export const IP_VS_SVC_F_SCHED3 = 0x20;

/** What a virtual service answers on. */
export type KernelServiceKey =
  | {
      readonly kind: 'address';
      readonly family: 4 | 6;
      /** IP protocol number. */
      readonly protocol: number;
      /** 4 or 16 bytes. */
      readonly address: Uint8Array;
      /** 0: every port, of a persistent service. */
      readonly port: number;
    }
  | { readonly kind: 'fwmark'; readonly family: 4 | 6; readonly mark: number };

export interface KernelService {
  readonly key: KernelServiceKey;
  readonly scheduler: string;
  /** IP_VS_SVC_F_* */
  readonly flags: number;
  /** Seconds of persistence; 0 without. */
  readonly timeout: number;
  /** Prefix length by which clients are taken together, 0..32 or 1..128; -1 for an IPv4 mask with holes. */
  readonly granularity: number;
  /** Name of the persistence engine, or null. */
  readonly engine: string | null;
}

/** Asks for every service; `decodeService` reads the answer. `family` is the number that `getFamily` told. */
export function getServices(family: number): Uint8Array {
  return genericMessage(family, IPVS_CMD_GET_SERVICE, IPVS_VERSION, NLM_F_DUMP).finish();
}

/** Refused with `EEXIST` when there is one of that key, `ENOENT` when the kernel lacks the scheduler or engine. */
export function newService(family: number, service: KernelService): Uint8Array {
  return writeService(family, IPVS_CMD_NEW_SERVICE, service);
}

/** Changes everything but the key; connections stay. Refused with `ESRCH` when there is none. */
export function setService(family: number, service: KernelService): Uint8Array {
  return writeService(family, IPVS_CMD_SET_SERVICE, service);
}

/** Takes the service with all its destinations out; refused with `ESRCH` when there is none. */
export function deleteService(family: number, key: KernelServiceKey): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_DEL_SERVICE, IPVS_VERSION, 0);
  return writer.nest(IPVS_CMD_ATTR_SERVICE, () => writeServiceKey(writer, key)).finish();
}

/** A service and its counters out of the answer to `getServices`; null for other messages. */
export function decodeService(message: Message): (KernelService & { readonly counters: Counters }) | null {
  if (commandOf(message) !== IPVS_CMD_NEW_SERVICE) return null;
  const service = new Attributes(message.payload, GENERIC_HEADER).nested(IPVS_CMD_ATTR_SERVICE);
  if (service === null) return null;
  const key = decodeKey(service);
  const flags = service.bytes(IPVS_SVC_ATTR_FLAGS);
  const netmask = service.bytes(IPVS_SVC_ATTR_NETMASK);
  if (flags === null || flags.length < 8 || netmask === null || netmask.length < 4) {
    throw new NetlinkError('EBADMSG', 'service without flags or netmask');
  }
  return {
    key,
    scheduler: service.text(IPVS_SVC_ATTR_SCHED_NAME) ?? '',
    flags: read32(flags, 0),
    timeout: service.u32(IPVS_SVC_ATTR_TIMEOUT) ?? 0,
    granularity: key.family === 4 ? maskLength(netmask) : read32(netmask, 0),
    engine: service.text(IPVS_SVC_ATTR_PE_NAME),
    counters: decodeCounters(service.nested(IPVS_SVC_ATTR_STATS64)),
  };
}

/** The attributes that name a service in every command about it or its destinations. */
export function writeServiceKey(writer: MessageWriter, key: KernelServiceKey): void {
  writer.u16(IPVS_SVC_ATTR_AF, key.family === 4 ? AF_INET : AF_INET6);
  if (key.kind === 'fwmark') {
    writer.u32(IPVS_SVC_ATTR_FWMARK, key.mark);
  } else {
    writer.u16(IPVS_SVC_ATTR_PROTOCOL, key.protocol);
    writer.bytes(IPVS_SVC_ATTR_ADDR, inetAddress(key.address));
    writer.be16(IPVS_SVC_ATTR_PORT, key.port);
  }
}

/** union nf_inet_addr: an IPv4 address is its first four bytes. */
export function inetAddress(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const bytes = new Uint8Array(16);
  bytes.set(address);
  return bytes;
}

function writeService(family: number, command: number, service: KernelService): Uint8Array {
  const writer = genericMessage(family, command, IPVS_VERSION, 0);
  return writer
    .nest(IPVS_CMD_ATTR_SERVICE, () => {
      writeServiceKey(writer, service.key);
      writer.text(IPVS_SVC_ATTR_SCHED_NAME, service.scheduler);
      if (service.engine) writer.text(IPVS_SVC_ATTR_PE_NAME, service.engine);
      writer.bytes(IPVS_SVC_ATTR_FLAGS, allFlags(service.flags));
      writer.u32(IPVS_SVC_ATTR_TIMEOUT, service.timeout);
      // For IPv4 a mask in network order, for IPv6 the length of the prefix in host order.
      if (service.key.family === 4) writer.be32(IPVS_SVC_ATTR_NETMASK, mask(service.granularity));
      else writer.u32(IPVS_SVC_ATTR_NETMASK, service.granularity);
    })
    .finish();
}

function decodeKey(service: Attributes): KernelServiceKey {
  const family = service.u16(IPVS_SVC_ATTR_AF) === AF_INET6 ? 6 : 4;
  const mark = service.u32(IPVS_SVC_ATTR_FWMARK);
  if (mark !== null) return { kind: 'fwmark', family, mark };
  const protocol = service.u16(IPVS_SVC_ATTR_PROTOCOL);
  const address = service.bytes(IPVS_SVC_ATTR_ADDR);
  const port = service.be16(IPVS_SVC_ATTR_PORT);
  if (protocol === null || address === null || port === null || address.length !== 16) {
    throw new NetlinkError('EBADMSG', 'service without protocol, address or port');
  }
  return { kind: 'address', family, protocol, address: address.slice(0, family === 4 ? 4 : 16), port };
}

/** struct ip_vs_flags: the mask says that every flag is meant, so that those not set are cleared. */
function allFlags(flags: number): Uint8Array {
  const bytes = new Uint8Array(8).fill(0xff, 4);
  new DataView(bytes.buffer).setUint32(0, flags, true);
  return bytes;
}

function mask(length: number): number {
  return length <= 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
}

function maskLength(bytes: Uint8Array): number {
  const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  const length = Math.clz32(~value);
  return mask(length) === value ? length : -1;
}
