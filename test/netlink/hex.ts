// Bytes as the tests write them: hexadecimal text, spaces ignored.

export function bytes(hex: string): Uint8Array {
  const digits = hex.replace(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

export function hex(data: Uint8Array): string {
  return Array.from(data, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** A message as another program sent it, with what the connection fills in taken back: NLM_F_ACK, sequence number and port. */
export function unsent(text: string): string {
  const message = bytes(text);
  message[6]! &= ~0x04;
  message.fill(0, 8, 16);
  return hex(message);
}
