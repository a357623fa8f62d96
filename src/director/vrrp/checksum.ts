// The Internet checksum (RFC 1071) over VRRP messages, with and without the pseudo-header that senders of VRRPv3 on IPv4 disagree about.
import { IPPROTO_VRRP } from '../../platform/linux.ts';

/**
 * What a VRRPv3 sender sums on IPv4. RFC 9568, 5.2.8: the message alone (`plain`). keepalived, scapy and tshark: the message
 * behind a pseudo-header of both addresses, the protocol and the length (`pseudo-header`), as IPv6 has it.
 */
export type ChecksumForm = 'plain' | 'pseudo-header';

/** Adds the 16-bit words of `bytes[from..to)` to `sum`; an odd last byte counts as the high half of a word. */
export function addWords(sum: number, bytes: Uint8Array, from: number, to: number): number {
  let total = sum;
  let at = from;
  for (; at + 1 < to; at += 2) total += bytes[at]! * 256 + bytes[at + 1]!;
  if (at < to) total += bytes[at]! * 256;
  return total;
}

/**
 * The ones' complement of the folded sum: what stands in a checksum field. 0 when `sum` covered a right checksum. `sum` is below 2^32, as
 * for all messages up to 64 KB.
 */
export function finish(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return 0xffff - folded;
}

/** The sum of the pseudo-header of RFC 793 (IPv4) or RFC 8200, 8.1 (IPv6): the addresses' length tells which. */
export function pseudoHeaderSum(source: Uint8Array, destination: Uint8Array, length: number): number {
  const addresses = addWords(addWords(0, source, 0, source.length), destination, 0, destination.length);
  return addresses + IPPROTO_VRRP + length;
}
