// Destinations (real servers) of a virtual service as messages of IPVS's generic netlink family (linux/ip_vs.h).
import { AF_INET, AF_INET6 } from '../../platform/linux.ts';
import { NetlinkError } from '../errors.ts';
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message } from '../reader.ts';
import { type MessageWriter, NLM_F_DUMP } from '../writer.ts';
import { type Counters, decodeCounters } from './counters.ts';
import {
  IPVS_CMD_ATTR_SERVICE,
  IPVS_VERSION,
  inetAddress,
  type KernelServiceKey,
  writeServiceKey,
} from './service.ts';

const IPVS_CMD_NEW_DEST = 5;
const IPVS_CMD_SET_DEST = 6;
const IPVS_CMD_DEL_DEST = 7;
const IPVS_CMD_GET_DEST = 8;

const IPVS_CMD_ATTR_DEST = 2;

const IPVS_DEST_ATTR_ADDR = 1;
const IPVS_DEST_ATTR_PORT = 2;
const IPVS_DEST_ATTR_FWD_METHOD = 3;
const IPVS_DEST_ATTR_WEIGHT = 4;
const IPVS_DEST_ATTR_U_THRESH = 5;
const IPVS_DEST_ATTR_L_THRESH = 6;
const IPVS_DEST_ATTR_ACTIVE_CONNS = 7;
const IPVS_DEST_ATTR_INACT_CONNS = 8;
const IPVS_DEST_ATTR_PERSIST_CONNS = 9;
const IPVS_DEST_ATTR_ADDR_FAMILY = 11;
const IPVS_DEST_ATTR_STATS64 = 12;
const IPVS_DEST_ATTR_TUN_TYPE = 13;
const IPVS_DEST_ATTR_TUN_PORT = 14;
const IPVS_DEST_ATTR_TUN_FLAGS = 15;

/** IP_VS_CONN_F_*: how packets get to the destination. */
export const FORWARD_MASQUERADE = 0;
export const FORWARD_LOCAL = 1;
export const FORWARD_TUNNEL = 2;
export const FORWARD_DIRECT = 3;

/** IP_VS_CONN_F_TUNNEL_TYPE_*: what a tunnelled packet is wrapped in. */
export const TUNNEL_IPIP = 0;
export const TUNNEL_GUE = 1;
export const TUNNEL_GRE = 2;

/** IP_VS_TUNNEL_ENCAP_FLAG_*: with a checksum of its own (GRE, GUE), or with one that stands for that of the packet inside (GUE). */
export const TUNNEL_CHECKSUM = 1;
export const TUNNEL_REMOTE_CHECKSUM = 2;

export interface KernelDestinationKey {
  /** 4 or 16 bytes; the family may differ from the service's when tunnelled. */
  readonly address: Uint8Array;
  readonly port: number;
}

export interface KernelDestination extends KernelDestinationKey {
  /** FORWARD_* */
  readonly forwarding: number;
  /** 0..2^31-1; 0: no new connections. */
  readonly weight: number;
  /** Connections at which no more are given, and at which they are again; 0: no limit, and three quarters of the upper. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** TUNNEL_*, with the destination port of GUE and IP_VS_TUNNEL_ENCAP_FLAG_*. */
  readonly tunnelType: number;
  readonly tunnelPort: number;
  readonly tunnelFlags: number;
}

/** A destination in the kernel's table with what it is doing. */
export interface LiveDestination extends KernelDestination {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  /** Null unless they were asked for. */
  readonly counters: Counters | null;
}

/** Asks for the destinations of a service: none when there is no such service. `decodeDestination` reads the answer. */
export function getDestinations(family: number, service: KernelServiceKey): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_GET_DEST, IPVS_VERSION, NLM_F_DUMP);
  return writer.nest(IPVS_CMD_ATTR_SERVICE, () => writeServiceKey(writer, service)).finish();
}

/** Refused with `EEXIST` when it is there, `ESRCH` when the service is not, `EINVAL` for an address that is not unicast. */
export function newDestination(
  family: number,
  service: KernelServiceKey,
  destination: KernelDestination,
): Uint8Array {
  return fill(formFor(family, IPVS_CMD_NEW_DEST, service), destination);
}

/** Changes everything but address and port; connections stay. Refused with `ENOENT` when it is not there. */
export function setDestination(
  family: number,
  service: KernelServiceKey,
  destination: KernelDestination,
): Uint8Array {
  return fill(formFor(family, IPVS_CMD_SET_DEST, service), destination);
}

/** Refused with `ENOENT` when it is not there. */
export function deleteDestination(
  family: number,
  service: KernelServiceKey,
  destination: KernelDestinationKey,
): Uint8Array {
  return write(family, IPVS_CMD_DEL_DEST, service, destination, null);
}

/** A destination out of the answer to `getDestinations`; null for other messages. Counters double what it costs to read. */
export function decodeDestination(message: Message, counted = false): LiveDestination | null {
  if (commandOf(message) !== IPVS_CMD_NEW_DEST) return null;
  const attributes = new Attributes(message.payload, GENERIC_HEADER).nested(IPVS_CMD_ATTR_DEST);
  if (attributes === null) return null;
  const address = attributes.bytes(IPVS_DEST_ATTR_ADDR);
  const port = attributes.be16(IPVS_DEST_ATTR_PORT);
  if (address === null || address.length !== 16 || port === null) {
    throw new NetlinkError('EBADMSG', 'destination without address or port');
  }
  return {
    address: address.slice(0, attributes.u16(IPVS_DEST_ATTR_ADDR_FAMILY) === AF_INET6 ? 16 : 4),
    port,
    forwarding: attributes.u32(IPVS_DEST_ATTR_FWD_METHOD) ?? 0,
    weight: attributes.u32(IPVS_DEST_ATTR_WEIGHT) ?? 0,
    upperThreshold: attributes.u32(IPVS_DEST_ATTR_U_THRESH) ?? 0,
    lowerThreshold: attributes.u32(IPVS_DEST_ATTR_L_THRESH) ?? 0,
    tunnelType: attributes.u8(IPVS_DEST_ATTR_TUN_TYPE) ?? 0,
    tunnelPort: attributes.be16(IPVS_DEST_ATTR_TUN_PORT) ?? 0,
    tunnelFlags: attributes.u16(IPVS_DEST_ATTR_TUN_FLAGS) ?? 0,
    activeConnections: attributes.u32(IPVS_DEST_ATTR_ACTIVE_CONNS) ?? 0,
    inactiveConnections: attributes.u32(IPVS_DEST_ATTR_INACT_CONNS) ?? 0,
    persistentConnections: attributes.u32(IPVS_DEST_ATTR_PERSIST_CONNS) ?? 0,
    counters: counted ? decodeCounters(attributes.nested(IPVS_DEST_ATTR_STATS64)) : null,
  };
}

/** A message about some destination of a service, into which the destination is still to be filled. */
interface Form {
  readonly family: number;
  readonly command: number;
  readonly service: KernelServiceKey;
  readonly bytes: Uint8Array;
}

const BLANK: KernelDestination = {
  address: new Uint8Array(4),
  port: 0,
  forwarding: 0,
  weight: 0,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnelType: 0,
  tunnelPort: 0,
  tunnelFlags: 0,
};

/** Where the values lie in a message, counted from the end of its form. */
const AT = {
  family: -88,
  address: -80,
  port: -60,
  forwarding: -52,
  weight: -44,
  tunnelType: -36,
  tunnelPort: -28,
  tunnelFlags: -20,
  upperThreshold: -12,
  lowerThreshold: -4,
} as const;

/** The one that was used last: messages about one service follow upon each other, and to write each anew costs fifteen times as much. */
let form: Form | null = null;

function formFor(family: number, command: number, service: KernelServiceKey): Form {
  if (form?.service !== service || form.command !== command || form.family !== family) {
    form = { family, command, service, bytes: write(family, command, service, BLANK, BLANK) };
  }
  return form;
}

function fill({ bytes: blank }: Form, destination: KernelDestination): Uint8Array {
  const { address, port, weight, upperThreshold, lowerThreshold, tunnelPort } = destination;
  const bytes = new Uint8Array(blank);
  const end = bytes.length;
  if (address.length !== 4) bytes[end + AT.family] = AF_INET6;
  bytes.set(address, end + AT.address);
  bytes[end + AT.port] = port >>> 8;
  bytes[end + AT.port + 1] = port;
  bytes[end + AT.forwarding] = destination.forwarding;
  put32(bytes, end + AT.weight, weight);
  bytes[end + AT.tunnelType] = destination.tunnelType;
  bytes[end + AT.tunnelPort] = tunnelPort >>> 8;
  bytes[end + AT.tunnelPort + 1] = tunnelPort;
  bytes[end + AT.tunnelFlags] = destination.tunnelFlags;
  if (upperThreshold !== 0) put32(bytes, end + AT.upperThreshold, upperThreshold);
  if (lowerThreshold !== 0) put32(bytes, end + AT.lowerThreshold, lowerThreshold);
  return bytes;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function write(
  family: number,
  command: number,
  service: KernelServiceKey,
  key: KernelDestinationKey,
  settings: KernelDestination | null,
): Uint8Array {
  const writer = genericMessage(family, command, IPVS_VERSION, 0);
  writer.nest(IPVS_CMD_ATTR_SERVICE, () => writeServiceKey(writer, service));
  writer.nest(IPVS_CMD_ATTR_DEST, () => {
    writer.u16(IPVS_DEST_ATTR_ADDR_FAMILY, key.address.length === 4 ? AF_INET : AF_INET6);
    writer.bytes(IPVS_DEST_ATTR_ADDR, inetAddress(key.address));
    writer.be16(IPVS_DEST_ATTR_PORT, key.port);
    if (settings) writeSettings(writer, settings);
  });
  return writer.finish();
}

function writeSettings(writer: MessageWriter, destination: KernelDestination): void {
  writer.u32(IPVS_DEST_ATTR_FWD_METHOD, destination.forwarding);
  writer.u32(IPVS_DEST_ATTR_WEIGHT, destination.weight);
  writer.u8(IPVS_DEST_ATTR_TUN_TYPE, destination.tunnelType);
  writer.be16(IPVS_DEST_ATTR_TUN_PORT, destination.tunnelPort);
  writer.u16(IPVS_DEST_ATTR_TUN_FLAGS, destination.tunnelFlags);
  writer.u32(IPVS_DEST_ATTR_U_THRESH, destination.upperThreshold);
  writer.u32(IPVS_DEST_ATTR_L_THRESH, destination.lowerThreshold);
}
