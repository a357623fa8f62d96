// What holds for all of IPVS: connection timeouts and the size of the connection table (linux/ip_vs.h).
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message } from '../reader.ts';
import { IPVS_VERSION } from './service.ts';

const IPVS_CMD_SET_CONFIG = 12;
const IPVS_CMD_GET_CONFIG = 13;
const IPVS_CMD_SET_INFO = 14;
const IPVS_CMD_GET_INFO = 15;

const IPVS_CMD_ATTR_TIMEOUT_TCP = 4;
const IPVS_CMD_ATTR_TIMEOUT_TCP_FIN = 5;
const IPVS_CMD_ATTR_TIMEOUT_UDP = 6;

const IPVS_INFO_ATTR_VERSION = 1;
const IPVS_INFO_ATTR_CONN_TAB_SIZE = 2;

/** Seconds that an idle connection is remembered. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export interface IpvsInfo {
  /** As `1.2.1`. */
  readonly version: string;
  /** Buckets of the connection table. */
  readonly connectionTableSize: number;
}

/** Asks for the timeouts; `decodeTimeouts` reads the answer. */
export function getTimeouts(family: number): Uint8Array {
  return genericMessage(family, IPVS_CMD_GET_CONFIG, IPVS_VERSION, 0).finish();
}

/** Sets the timeouts that are named; the kernel ignores 0 seconds. */
export function setTimeouts(family: number, timeouts: Partial<Timeouts>): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_SET_CONFIG, IPVS_VERSION, 0);
  if (timeouts.tcp) writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp);
  if (timeouts.tcpFin) writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin);
  if (timeouts.udp) writer.u32(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp);
  return writer.finish();
}

/** Null for messages that carry no timeouts. */
export function decodeTimeouts(message: Message): Timeouts | null {
  if (commandOf(message) !== IPVS_CMD_SET_CONFIG) return null;
  const attributes = new Attributes(message.payload, GENERIC_HEADER);
  return {
    tcp: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_TCP) ?? 0,
    tcpFin: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) ?? 0,
    udp: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_UDP) ?? 0,
  };
}

/** Asks for version and table size; `decodeInfo` reads the answer. */
export function getInfo(family: number): Uint8Array {
  return genericMessage(family, IPVS_CMD_GET_INFO, IPVS_VERSION, 0).finish();
}

/** Null for other messages. */
export function decodeInfo(message: Message): IpvsInfo | null {
  if (commandOf(message) !== IPVS_CMD_SET_INFO) return null;
  const attributes = new Attributes(message.payload, GENERIC_HEADER);
  const version = attributes.u32(IPVS_INFO_ATTR_VERSION) ?? 0;
  return {
    version: `${(version >>> 16) & 0xff}.${(version >>> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: attributes.u32(IPVS_INFO_ATTR_CONN_TAB_SIZE) ?? 0,
  };
}
