// Where advertisements leave one interface: a raw socket that takes the IP header from us (raw(7)), so that each instance has its own
// source address and TTL, and that receives nothing.
import {
  AF_INET,
  AF_INET6,
  IP_MULTICAST_LOOP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_RAW,
  IPV6_MULTICAST_LOOP,
  SO_BINDTOIFINDEX,
  SO_PRIORITY,
  SOCK_RAW,
  SOL_SOCKET,
} from '../../platform/linux.ts';
import type { Platform, Socket } from '../../platform/platform.ts';
import { datagramOf } from './ip-header.ts';
import type { Envelope } from './packet.ts';

/** TC_PRIO_CONTROL: first in our own queue. */
const PRIORITY_CONTROL = 7;

export class Outlet {
  /** Kernel index of the interface. */
  readonly index: number;
  readonly family: 4 | 6;
  readonly #socket: Socket;

  /** Throws a SystemError. */
  constructor(platform: Platform, index: number, family: 4 | 6) {
    this.index = index;
    this.family = family;
    this.#socket = platform.socket(family === 4 ? AF_INET : AF_INET6, SOCK_RAW, IPPROTO_RAW);
    try {
      this.#socket.setOption(SOL_SOCKET, SO_BINDTOIFINDEX, index);
      this.#socket.setOption(SOL_SOCKET, SO_PRIORITY, PRIORITY_CONTROL);
      if (family === 4) this.#socket.setOption(IPPROTO_IP, IP_MULTICAST_LOOP, 0);
      else this.#socket.setOption(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
    } catch (error) {
      this.#socket.close();
      throw error;
    }
  }

  /** Sends a VRRP message. Throws a SystemError. */
  send(message: Uint8Array, envelope: Envelope): void {
    const { destination: address } = envelope;
    this.#socket.send(
      datagramOf(message, envelope),
      this.family === 4
        ? { family: 'inet', address, port: 0 }
        : { family: 'inet6', address, port: 0, scope: this.index },
    );
  }

  close(): void {
    this.#socket.close();
  }
}
