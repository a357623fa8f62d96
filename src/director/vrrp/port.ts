// Where advertisements are heard: a raw socket that is bound to one interface and a member of one group, or hears unicast only.
import {
  AF_INET,
  AF_INET6,
  IP_ADD_MEMBERSHIP,
  IP_MULTICAST_ALL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_VRRP,
  IPV6_ADD_MEMBERSHIP,
  IPV6_MULTICAST_ALL,
  IPV6_RECVHOPLIMIT,
  IPV6_RECVPKTINFO,
  SO_BINDTODEVICE,
  SOCK_RAW,
  SOL_SOCKET,
} from '../../platform/linux.ts';
import type { Datagram, Platform, Socket } from '../../platform/platform.ts';
import { type IpDatagram, parseIpv4 } from './datagram.ts';
import { compareAddresses } from './order.ts';
import type { Way } from './way.ts';

/** Datagrams taken in one go, so that a flood leaves time for timers. */
const BATCH = 64;

export class Port {
  readonly way: Way;
  /** Kernel index of the interface. */
  readonly index: number;
  readonly #socket: Socket;
  readonly #onDatagram: (datagram: IpDatagram) => void;
  #closed = false;

  /** Joins the group on the interface. Throws a SystemError. `onDatagram` gets views that last as long as the call. */
  constructor(platform: Platform, way: Way, index: number, onDatagram: (datagram: IpDatagram) => void) {
    this.way = way;
    this.index = index;
    this.#onDatagram = onDatagram;
    this.#socket = platform.socket(way.family === 4 ? AF_INET : AF_INET6, SOCK_RAW, IPPROTO_VRRP);
    try {
      this.#socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(`${way.interface}\0`));
      if (way.family === 4) listen4(this.#socket, way.group, index);
      else listen6(this.#socket, way.group, index);
    } catch (error) {
      this.#socket.close();
      throw error;
    }
    this.#socket.onReadable(() => this.drain());
  }

  /** Takes what has arrived. To be called before a silence is believed: the loop may just be late. */
  drain(): void {
    for (let count = 0; count < BATCH && !this.#closed; count++) {
      const received = this.#socket.receive();
      if (received === null) return;
      const datagram = received.truncated ? null : parse(received);
      if (datagram !== null && this.#isForUs(datagram.destination)) this.#onDatagram(datagram);
    }
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** Unicast is heard by every raw socket of its protocol on the interface. */
  #isForUs(destination: Uint8Array): boolean {
    const { group } = this.way;
    return group === null ? !isMulticast(destination) : compareAddresses(destination, group) === 0;
  }
}

/** IP_MULTICAST_ALL: without it a socket hears every group that any socket has joined. */
function listen4(socket: Socket, group: Uint8Array | null, index: number): void {
  socket.setOption(IPPROTO_IP, IP_MULTICAST_ALL, 0);
  if (group === null) return;
  // struct ip_mreqn of ip(7)
  const membership = new Uint8Array(12);
  membership.set(group, 0);
  new DataView(membership.buffer).setUint32(8, index, true);
  socket.setOption(IPPROTO_IP, IP_ADD_MEMBERSHIP, membership);
}

function listen6(socket: Socket, group: Uint8Array | null, index: number): void {
  socket.setOption(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
  socket.setOption(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
  socket.setOption(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  if (group === null) return;
  // struct ipv6_mreq of ipv6(7)
  const membership = new Uint8Array(20);
  membership.set(group, 0);
  new DataView(membership.buffer).setUint32(16, index, true);
  socket.setOption(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, membership);
}

/** A raw socket of IPv4 hands over the header too, one of IPv6 tells what it said. */
function parse({ data, from, header }: Datagram): IpDatagram | null {
  if (from?.family !== 'inet6') return parseIpv4(data);
  return header === undefined ? null : { ...header, source: from.address, payload: data };
}

function isMulticast(address: Uint8Array): boolean {
  return address.length === 4 ? address[0]! >> 4 === 14 : address[0] === 0xff;
}
