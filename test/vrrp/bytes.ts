// Bytes as the tests write them.

/** Bytes from hexadecimal digits; blanks are skipped. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** An IPv4 address from its text. */
export function ip(text: string): Uint8Array {
  return Uint8Array.from(text.split('.').map(Number));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** Where advertisements on IPv4 go (RFC 9568, 5.1.1.2). */
export const VRRP_GROUP = ip('224.0.0.18');
