// Gratuitous ARP (RFC 5227 announcements, RFC 9568 8.1.2): tells the neighbours which MAC an IPv4 address is at now.

/** ff:ff:ff:ff:ff:ff */
export const ETHERNET_BROADCAST: Uint8Array = new Uint8Array(6).fill(0xff);

const ETHERNET = 1;
const REQUEST = 1;

/**
 * The ARP packet without its Ethernet header: a request for `address` from itself, as keepalived sends it. Its target MAC is
 * broadcast, which is what hosts that look at that field expect of an announcement.
 */
export function gratuitousArp(address: Uint8Array, hardware: Uint8Array): Uint8Array {
  const packet = new Uint8Array(28);
  packet.set([0, ETHERNET, 0x08, 0x00, 6, 4, 0, REQUEST]);
  packet.set(hardware, 8);
  packet.set(address, 14);
  packet.set(ETHERNET_BROADCAST, 18);
  packet.set(address, 24);
  return packet;
}
