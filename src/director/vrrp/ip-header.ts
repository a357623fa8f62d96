// Whole IP datagrams for sockets that take the header too (raw(7) IP_HDRINCL, IPPROTO_RAW): one such socket sends for any group.
import { IPPROTO_VRRP } from '../../platform/linux.ts';
import type { Envelope } from './packet.ts';

/** Internetwork control (RFC 791; the same bits of IPv6's traffic class), as routing protocols mark their packets. */
const INTERNETWORK_CONTROL = 0xc0;
const IPV4_LENGTH = 20;
const IPV6_LENGTH = 40;

/** A VRRP message behind its header; the family is that of the addresses. The kernel adds IPv4's checksum and identification. */
export function datagramOf(message: Uint8Array, { source, destination, hops }: Envelope): Uint8Array {
  return source.length === 4
    ? ipv4(message, source, destination, hops)
    : ipv6(message, source, destination, hops);
}

/** RFC 791, 3.1 */
function ipv4(message: Uint8Array, source: Uint8Array, destination: Uint8Array, hops: number): Uint8Array {
  const datagram = new Uint8Array(IPV4_LENGTH + message.length);
  datagram[0] = 0x45;
  datagram[1] = INTERNETWORK_CONTROL;
  datagram[2] = datagram.length >> 8;
  datagram[3] = datagram.length & 0xff;
  datagram[8] = hops;
  datagram[9] = IPPROTO_VRRP;
  datagram.set(source, 12);
  datagram.set(destination, 16);
  datagram.set(message, IPV4_LENGTH);
  return datagram;
}

/** RFC 8200, 3 */
function ipv6(message: Uint8Array, source: Uint8Array, destination: Uint8Array, hops: number): Uint8Array {
  const datagram = new Uint8Array(IPV6_LENGTH + message.length);
  datagram[0] = 0x60 | (INTERNETWORK_CONTROL >> 4);
  datagram[1] = (INTERNETWORK_CONTROL & 0x0f) << 4;
  datagram[4] = message.length >> 8;
  datagram[5] = message.length & 0xff;
  datagram[6] = IPPROTO_VRRP;
  datagram[7] = hops;
  datagram.set(source, 8);
  datagram.set(destination, 24);
  datagram.set(message, IPV6_LENGTH);
  return datagram;
}
