// How long IPVS keeps connections on which nothing is sent, as messages of its generic netlink family (linux/ip_vs.h).
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message } from '../reader.ts';
import { IPVS_VERSION } from './service.ts';

const IPVS_CMD_SET_CONFIG = 12;
const IPVS_CMD_GET_CONFIG = 13;

const IPVS_CMD_ATTR_TIMEOUT_TCP = 4;
const IPVS_CMD_ATTR_TIMEOUT_TCP_FIN = 5;
const IPVS_CMD_ATTR_TIMEOUT_UDP = 6;

/** Seconds. */
export interface KernelTimeouts {
  readonly tcp: number;
  /** Behind a FIN. */
  readonly tcpFin: number;
  readonly udp: number;
}

export function getTimeouts(family: number): Uint8Array {
  return genericMessage(family, IPVS_CMD_GET_CONFIG, IPVS_VERSION, 0).finish();
}

/** What is not there stays. Refused with `EINVAL` for what is too long for the kernel's clock. */
export function setTimeouts(family: number, { tcp, tcpFin, udp }: Partial<KernelTimeouts>): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_SET_CONFIG, IPVS_VERSION, 0);
  if (tcp !== undefined) writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP, tcp);
  if (tcpFin !== undefined) writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, tcpFin);
  if (udp !== undefined) writer.u32(IPVS_CMD_ATTR_TIMEOUT_UDP, udp);
  return writer.finish();
}

/** The answer to `getTimeouts`; null for other messages. */
export function decodeTimeouts(message: Message): KernelTimeouts | null {
  if (commandOf(message) !== IPVS_CMD_SET_CONFIG) return null;
  const attributes = new Attributes(message.payload, GENERIC_HEADER);
  return {
    tcp: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_TCP) ?? 0,
    tcpFin: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) ?? 0,
    udp: attributes.u32(IPVS_CMD_ATTR_TIMEOUT_UDP) ?? 0,
  };
}
