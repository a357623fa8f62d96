// VRRP's place on one interface: a raw socket that is bound to it, a member of the group, and sends with TTL 255.
import {
  AF_INET,
  IP_ADD_MEMBERSHIP,
  IP_MULTICAST_IF,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IP_TOS,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_VRRP,
  SO_BINDTODEVICE,
  SO_PRIORITY,
  SOCK_RAW,
  SOL_SOCKET,
} from '../../platform/linux.ts';
import type { Platform, Socket } from '../../platform/platform.ts';
import { type Ipv4Datagram, parseIpv4 } from './datagram.ts';
import { VRRP_GROUP } from './packet.ts';

/** Datagrams taken in one go, so that a flood leaves time for timers. */
const BATCH = 64;
/** Internetwork control (RFC 791), as routing protocols mark their packets; TC_PRIO_CONTROL puts them first in our own queue. */
const TOS_INTERNETWORK_CONTROL = 0xc0;
const PRIORITY_CONTROL = 7;

const GROUP_ADDRESS = { family: 'inet', address: VRRP_GROUP, port: 0 } as const;

export class Port {
  /** Kernel index of the interface. */
  readonly index: number;
  readonly #socket: Socket;
  readonly #onDatagram: (datagram: Ipv4Datagram) => void;
  #closed = false;

  /** Joins the group on the interface. Throws a SystemError. `onDatagram` gets views that last as long as the call. */
  constructor(platform: Platform, name: string, index: number, onDatagram: (datagram: Ipv4Datagram) => void) {
    this.index = index;
    this.#onDatagram = onDatagram;
    this.#socket = platform.socket(AF_INET, SOCK_RAW, IPPROTO_VRRP);
    try {
      this.#socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${name}\0`));
      this.#socket.setOption(SOL_SOCKET, SO_PRIORITY, PRIORITY_CONTROL);
      this.#socket.setOption(IPPROTO_IP, IP_TOS, TOS_INTERNETWORK_CONTROL);
      this.#socket.setOption(IPPROTO_IP, IP_TTL, 255);
      this.#socket.setOption(IPPROTO_IP, IP_MULTICAST_TTL, 255);
      this.#socket.setOption(IPPROTO_IP, IP_MULTICAST_LOOP, 0);
      this.#socket.setOption(IPPROTO_IP, IP_ADD_MEMBERSHIP, membership(VRRP_GROUP, null, index));
    } catch (error) {
      this.#socket.close();
      throw error;
    }
    this.#socket.onReadable(() => this.drain());
  }

  /** Makes `address` the source of what is sent from now on. Throws a SystemError. */
  setSource(address: Uint8Array): void {
    this.#socket.setOption(IPPROTO_IP, IP_MULTICAST_IF, membership(null, address, this.index));
  }

  /** Sends a VRRP message to the group. Throws a SystemError. */
  send(message: Uint8Array): void {
    this.#socket.send(message, GROUP_ADDRESS);
  }

  /** Takes what has arrived. To be called before a silence is believed: the loop may just be late. */
  drain(): void {
    for (let count = 0; count < BATCH && !this.#closed; count++) {
      const received = this.#socket.receive();
      if (received === null) return;
      const datagram = received.truncated ? null : parseIpv4(received.data);
      if (datagram !== null) this.#onDatagram(datagram);
    }
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }
}

/** struct ip_mreqn of ip(7). */
function membership(group: Uint8Array | null, address: Uint8Array | null, index: number): Uint8Array {
  const bytes = new Uint8Array(12);
  if (group !== null) bytes.set(group, 0);
  if (address !== null) bytes.set(address, 4);
  new DataView(bytes.buffer).setUint32(8, index, true);
  return bytes;
}
