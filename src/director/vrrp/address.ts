// Addresses as VRRP compares and shows them: 4 or 16 bytes in network order.

/** As unsigned numbers in network order (RFC 9568, 6.4.3): negative, 0 or positive. */
export function compareAddresses(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return one.length - other.length;
  for (let index = 0; index < one.length; index++) {
    const difference = one[index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

export function includesAddress(list: readonly Uint8Array[], address: Uint8Array): boolean {
  return list.some(one => compareAddresses(one, address) === 0);
}

/** `10.0.0.1`, or the eight groups of an IPv6 address without abbreviation. */
export function formatAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  const groups: string[] = [];
  for (let at = 0; at < address.length; at += 2) {
    groups.push((address[at]! * 256 + address[at + 1]!).toString(16));
  }
  return groups.join(':');
}

/** The bytes of an IPv4 address in canonical text; null for anything else. */
export function parseIpv4Address(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = parts.map(Number);
  const right = bytes.every((byte, index) => byte >= 0 && byte <= 255 && String(byte) === parts[index]);
  return right ? Uint8Array.from(bytes) : null;
}
