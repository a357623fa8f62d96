// Basic encoding rules of ASN.1 (X.690), as far as LDAP has them: definite lengths, tags of one byte.
import { joined } from './message-talker.ts';

/** Universal tags that LDAP uses. */
export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const ENUMERATED = 0x0a;
export const BOOLEAN = 0x01;
export const SEQUENCE = 0x30;

/** Bytes of a length that is written with more than one. */
const LONGEST_LENGTH = 4;

/** An element with what is in it, one piece behind the other. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return joined([Uint8Array.from(head), content]);
}

/** A number of 0 to 127: no other one is said. */
export function small(tag: number, number: number): Uint8Array {
  return Uint8Array.of(tag, 1, number);
}

export function string(tag: number, text: string): Uint8Array {
  return element(tag, new TextEncoder().encode(text));
}

/** Where an element's content is. */
export interface Element {
  readonly tag: number;
  readonly begin: number;
  readonly end: number;
}

/** The element at `at`, which may go on behind the bytes that are there. Null: too few bytes to tell; undefined: none. */
export function readElement(bytes: Uint8Array, at: number): Element | null | undefined {
  if (bytes.length < at + 2) return null;
  const [tag, first] = [bytes[at]!, bytes[at + 1]!];
  if (first < 0x80) return { tag, begin: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > LONGEST_LENGTH) return undefined;
  const begin = at + 2 + count;
  if (bytes.length < begin) return null;
  let length = 0;
  for (let index = at + 2; index < begin; index++) length = length * 256 + bytes[index]!;
  return { tag, begin, end: begin + length };
}

/** The elements of bytes that hold nothing else; null when they are broken. */
export function readElements(bytes: Uint8Array, from: number, to: number): Element[] | null {
  const elements: Element[] = [];
  for (let at = from; at < to; ) {
    const each = readElement(bytes, at);
    if (!each || each.end > to) return null;
    elements.push(each);
    at = each.end;
  }
  return elements;
}

/** The unsigned number in an element; more than 4 bytes make it Infinity. */
export function numberIn(bytes: Uint8Array, { begin, end }: Element): number {
  if (end - begin > LONGEST_LENGTH) return Number.POSITIVE_INFINITY;
  let number = 0;
  for (let at = begin; at < end; at++) number = number * 256 + bytes[at]!;
  return number;
}
