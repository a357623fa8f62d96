// Unsolicited neighbour advertisements (RFC 4861, 4.4 and 7.2.6; RFC 9568, 6.4.1): tell which MAC an IPv6 address is at now.
import { IPPROTO_ICMPV6 } from '../../platform/linux.ts';
import { addWords, finish } from './checksum.ts';

/** ff02::1 and the MAC it is sent to (RFC 2464, 7). */
const ALL_NODES = Uint8Array.from([0xff, 2, ...new Array<number>(13).fill(0), 1]);
export const ALL_NODES_HARDWARE: Uint8Array = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);

const HEADER_LENGTH = 40;
const MESSAGE_LENGTH = 32;
const ADVERTISEMENT = 136;
/** Router and Override; not Solicited. */
const FLAGS = 0xa0;
const TARGET_LINK_LAYER_ADDRESS = 2;

/** A whole IPv6 packet from `address`, to all nodes, that says it is at `hardware` (6 bytes). */
export function unsolicitedAdvertisement(address: Uint8Array, hardware: Uint8Array): Uint8Array {
  const packet = new Uint8Array(HEADER_LENGTH + MESSAGE_LENGTH);
  packet[0] = 0x60;
  packet[5] = MESSAGE_LENGTH;
  packet[6] = IPPROTO_ICMPV6;
  packet[7] = 255;
  packet.set(address, 8);
  packet.set(ALL_NODES, 24);
  packet[40] = ADVERTISEMENT;
  packet[44] = FLAGS;
  packet.set(address, 48);
  packet[64] = TARGET_LINK_LAYER_ADDRESS;
  packet[65] = 1;
  packet.set(hardware, 66);
  // Behind the pseudo-header of RFC 8200, 8.1: the addresses, length and next header.
  const sum = addWords(MESSAGE_LENGTH + IPPROTO_ICMPV6, packet, 8, packet.length);
  const checksum = finish(sum);
  packet[42] = checksum >> 8;
  packet[43] = checksum & 0xff;
  return packet;
}
