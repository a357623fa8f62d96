// The daemons of IPVS that copy connections from one director to another, as messages of its generic netlink family
// (linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_sync.c of Linux 6.1).
import { NetlinkError } from '../errors.ts';
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message } from '../reader.ts';
import { type MessageWriter, NLM_F_DUMP } from '../writer.ts';
import { IPVS_VERSION } from './service.ts';

const IPVS_CMD_NEW_DAEMON = 9;
const IPVS_CMD_DEL_DAEMON = 10;
const IPVS_CMD_GET_DAEMON = 11;

const IPVS_CMD_ATTR_DAEMON = 3;

const IPVS_DAEMON_ATTR_STATE = 1;
const IPVS_DAEMON_ATTR_MCAST_IFN = 2;
const IPVS_DAEMON_ATTR_SYNC_ID = 3;
const IPVS_DAEMON_ATTR_SYNC_MAXLEN = 4;
const IPVS_DAEMON_ATTR_MCAST_GROUP = 5;
const IPVS_DAEMON_ATTR_MCAST_GROUP6 = 6;
const IPVS_DAEMON_ATTR_MCAST_PORT = 7;
const IPVS_DAEMON_ATTR_MCAST_TTL = 8;

const IP_VS_STATE_MASTER = 1;
const IP_VS_STATE_BACKUP = 2;

/** The one that sends, and the one that receives. The kernel runs at most one of each. */
export type DaemonState = 'master' | 'backup';

export interface KernelDaemon {
  readonly state: DaemonState;
  /** Name of the interface whose network the other directors are in. */
  readonly interface: string;
  /** 0..255; a backup with 0 takes connections of any. */
  readonly syncId: number;
  /** Bytes of a datagram, of its UDP port and its time to live; 0: the kernel's choice (by MTU, 8848, 1). */
  readonly maximumLength: number;
  readonly port: number;
  readonly ttl: number;
  /** Multicast group, 4 or 16 bytes; null: 224.0.0.81. */
  readonly group: Uint8Array | null;
}

/** Asks which daemons run; `decodeDaemon` reads the answer. */
export function getDaemons(family: number): Uint8Array {
  return genericMessage(family, IPVS_CMD_GET_DAEMON, IPVS_VERSION, NLM_F_DUMP).finish();
}

/** Refused with `EEXIST` when one of that state runs, `ENODEV` without the interface, `EINVAL` while it has no address. */
export function newDaemon(family: number, daemon: KernelDaemon): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_NEW_DAEMON, IPVS_VERSION, 0);
  return writer.nest(IPVS_CMD_ATTR_DAEMON, () => writeDaemon(writer, daemon)).finish();
}

/** Refused with `ESRCH` when none of that state runs. */
export function deleteDaemon(family: number, state: DaemonState): Uint8Array {
  const writer = genericMessage(family, IPVS_CMD_DEL_DAEMON, IPVS_VERSION, 0);
  return writer
    .nest(IPVS_CMD_ATTR_DAEMON, () => writer.u32(IPVS_DAEMON_ATTR_STATE, stateNumber(state)))
    .finish();
}

/** A daemon out of the answer to `getDaemons`, with what the kernel chose; null for other messages. */
export function decodeDaemon(message: Message): KernelDaemon | null {
  if (commandOf(message) !== IPVS_CMD_NEW_DAEMON) return null;
  const daemon = new Attributes(message.payload, GENERIC_HEADER).nested(IPVS_CMD_ATTR_DAEMON);
  const state = daemon?.u32(IPVS_DAEMON_ATTR_STATE);
  const name = daemon?.text(IPVS_DAEMON_ATTR_MCAST_IFN);
  if (!daemon || !state || !name) throw new NetlinkError('EBADMSG', 'daemon without state or interface');
  const group = daemon.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP) ?? daemon.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP6);
  return {
    state: state === IP_VS_STATE_MASTER ? 'master' : 'backup',
    interface: name,
    syncId: daemon.u32(IPVS_DAEMON_ATTR_SYNC_ID) ?? 0,
    maximumLength: daemon.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN) ?? 0,
    port: daemon.u16(IPVS_DAEMON_ATTR_MCAST_PORT) ?? 0,
    ttl: daemon.u8(IPVS_DAEMON_ATTR_MCAST_TTL) ?? 0,
    group: group?.slice() ?? null,
  };
}

function writeDaemon(writer: MessageWriter, daemon: KernelDaemon): void {
  writer.u32(IPVS_DAEMON_ATTR_STATE, stateNumber(daemon.state));
  writer.text(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface);
  writer.u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId);
  // What is left out is the kernel's choice; kernels before 4.3 know none of these.
  if (daemon.maximumLength) writer.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maximumLength);
  if (daemon.port) writer.u16(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port);
  if (daemon.ttl) writer.u8(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl);
  if (daemon.group?.length === 4) writer.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP, daemon.group);
  if (daemon.group?.length === 16) writer.bytes(IPVS_DAEMON_ATTR_MCAST_GROUP6, daemon.group);
}

function stateNumber(state: DaemonState): number {
  return state === 'master' ? IP_VS_STATE_MASTER : IP_VS_STATE_BACKUP;
}
