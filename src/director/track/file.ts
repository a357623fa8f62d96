// What a tracked file says: the number at its beginning.

/** Beyond these no weight makes a difference any more. */
const LIMIT = 2 ** 31 - 1;

const NUMBER = /^\s*([+-]?)(0x[0-9a-f]+|\d+)/i;

/** As strtol(3) with base 0 reads it: decimal, 0x for hexadecimal, a leading 0 for octal. What is no number is 0. */
export function parseValue(text: string): number {
  const [, sign, digits] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return 0;
  const octal = /^0[0-7]+$/.test(digits);
  const value = Math.min(octal ? Number.parseInt(digits, 8) : Number(digits), LIMIT);
  return sign === '-' && value !== 0 ? -value : value;
}
