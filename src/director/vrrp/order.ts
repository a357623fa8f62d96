// The order that VRRP puts addresses in: 4 or 16 bytes in network order.

/** As unsigned numbers in network order (RFC 9568, 6.4.3): negative, 0 or positive. */
export function compareAddresses(one: Uint8Array, other: Uint8Array): number {
  // QuickJS calls a getter for it, which would be most of the work: this runs several times for each advertisement.
  const { length } = one;
  if (length !== other.length) return length - other.length;
  for (let index = 0; index < length; index++) {
    const difference = one[index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

export function includesAddress(list: readonly Uint8Array[], address: Uint8Array): boolean {
  return list.some(one => compareAddresses(one, address) === 0);
}

/** What an address is found by in a Map. */
export function addressKey(address: Uint8Array): string {
  return address.join('.');
}
