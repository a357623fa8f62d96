// Executes the last will of a vrrp process: its addresses off and its farewells out, in that order, before anything else is done.
// Everything it needs is open beforehand, and nothing waits for an answer: the peer takes over a skew time after the farewell.
import { deleteAddress } from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import {
  AF_INET,
  AF_INET6,
  IP_MULTICAST_LOOP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_RAW,
  IPV6_MULTICAST_LOOP,
  NETLINK_ROUTE,
  SO_BINDTOIFINDEX,
  SO_PRIORITY,
  SOCK_RAW,
  SOL_SOCKET,
} from '../../platform/linux.ts';
import { isSystemError, type Platform, type Socket, type SocketAddress } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { type Bequest, bytesOf, type Farewell, farewells, type WillChange } from '../vrrp/will.ts';

/** Removals in one message to the kernel. */
const SERIES = 256;
/** TC_PRIO_CONTROL: first in our own queue. */
const PRIORITY_CONTROL = 7;

interface Part {
  readonly instance: string;
  readonly bequest: Bequest;
  /** Netlink messages. */
  readonly removals: readonly Uint8Array[];
}

export class Executor {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #will = new Map<number, Part>();
  readonly #sockets = new Map<number, Socket>();
  #kernel: NetlinkConnection | null = null;

  constructor(platform: Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
  }

  /** Remembers a change of the will and opens what its execution needs. No will, however wrong, throws. */
  amend({ key, instance, bequest }: WillChange): void {
    this.#will.delete(key);
    if (bequest === null) return;
    try {
      // Made once in vain: what fails shall fail now.
      farewells(bequest, 0);
      this.#kernel ??= NetlinkConnection.open(this.#platform, NETLINK_ROUTE);
      this.#socket(bequest.source.includes(':') ? AF_INET6 : AF_INET);
      this.#will.set(key, { instance, bequest, removals: bequest.held.map(removalOf) });
    } catch (error) {
      this.#log.warn(`no last will for ${instance}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** True when somebody was master: the will has been executed and is empty now. */
  execute(): boolean {
    const parts = [...this.#will.values()];
    this.#will.clear();
    // The kernel acts while it takes a message. What it refuses is left to the purge that follows.
    const removals = parts.flatMap(part => part.removals);
    for (let at = 0; at < removals.length; at += SERIES) {
      this.#kernel?.series(removals.slice(at, at + SERIES));
    }
    for (const { instance, bequest } of parts) {
      const failures = farewells(bequest, this.#platform.clock.wall()).flatMap(each => this.#say(each) ?? []);
      if (failures.length === 0) this.#log.info(`said goodbye for ${instance}`);
      else this.#log.warn(`cannot say goodbye for ${instance}: ${failures.join(', ')}`);
    }
    return parts.length > 0;
  }

  /** Null, or why it could not be sent: a peer that cannot be reached is nothing to the others. */
  #say(farewell: Farewell): string | null {
    try {
      this.#send(farewell);
      return null;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return error.message;
    }
  }

  #send({ interface: index, destination, datagram }: Farewell): void {
    const isIpv4 = destination.length === 4;
    const socket = this.#socket(isIpv4 ? AF_INET : AF_INET6);
    socket.setOption(SOL_SOCKET, SO_BINDTOIFINDEX, index);
    const to: SocketAddress = isIpv4
      ? { family: 'inet', address: destination, port: 0 }
      : { family: 'inet6', address: destination, port: 0, scope: index };
    socket.send(datagram, to);
  }

  /** IPPROTO_RAW: it takes the IP header from us, so it speaks for any source, and receives nothing. */
  #socket(family: number): Socket {
    const known = this.#sockets.get(family);
    if (known !== undefined) return known;
    const socket = this.#platform.socket(family, SOCK_RAW, IPPROTO_RAW);
    this.#sockets.set(family, socket);
    socket.setOption(SOL_SOCKET, SO_PRIORITY, PRIORITY_CONTROL);
    if (family === AF_INET) socket.setOption(IPPROTO_IP, IP_MULTICAST_LOOP, 0);
    else socket.setOption(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
    return socket;
  }
}

function removalOf({ interface: index, address, prefix }: Bequest['held'][number]): Uint8Array {
  return deleteAddress({ interface: index, address: bytesOf(address), prefix });
}
