// Filters of LDAP searches, from their text (RFC 4515) to their bytes (RFC 4511 section 4.5.1.7).
import { element, OCTET_STRING, SEQUENCE } from './ber.ts';

const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUAL = 0xa3;
const SUBSTRINGS = 0xa4;
const PRESENT = 0x87;
const EXTENSIBLE = 0xa9;
/** By the character before the equals sign. */
const COMPARISONS: Readonly<Record<string, number>> = { '>': 0xa5, '<': 0xa6, '~': 0xa8 };

/** Parts of substrings. */
const INITIAL = 0x80;
const ANY = 0x81;
const FINAL = 0x82;
/** Parts of an extensible match. */
const RULE = 0x81;
const TYPE = 0x82;
const VALUE = 0x83;
const WITH_NAMES = Uint8Array.of(0x84, 1, 0xff);

const DEEPEST = 20;

/** Null when the text is no filter. The outermost parentheses may be missing, as in many programs. */
export function encodeFilter(text: string): Uint8Array | null {
  const reader = new FilterReader(text.startsWith('(') ? text : `(${text})`);
  const filter = reader.filter(0);
  return reader.isAtEnd ? filter : null;
}

class FilterReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  filter(depth: number): Uint8Array | null {
    if (depth > DEEPEST || !this.#skip('(')) return null;
    const inner = this.#inner(depth);
    return inner !== null && this.#skip(')') ? inner : null;
  }

  #inner(depth: number): Uint8Array | null {
    if (this.#skip('&')) return this.#list(AND, depth);
    if (this.#skip('|')) return this.#list(OR, depth);
    if (this.#skip('!')) {
      const filter = this.filter(depth + 1);
      return filter === null ? null : element(NOT, filter);
    }
    const end = this.#text.slice(this.#at).search(/[()]/);
    const item = this.#text.slice(this.#at, this.#at + Math.max(0, end));
    this.#at += item.length;
    return encodeItem(item);
  }

  #list(tag: number, depth: number): Uint8Array | null {
    const filters: Uint8Array[] = [];
    while (this.#text[this.#at] === '(') {
      const filter = this.filter(depth + 1);
      if (filter === null) return null;
      filters.push(filter);
    }
    return element(tag, ...filters);
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}

function encodeItem(item: string): Uint8Array | null {
  const match = /^([\w.;-]*)((?::dn)?(?::[\w.-]+)?:|[<>~]?)=(.*)$/s.exec(item);
  if (match === null) return null;
  const [, attribute = '', operator = '', value = ''] = match;
  if (operator.endsWith(':')) return encodeExtensible(attribute, operator, value);
  if (attribute === '') return null;
  if (operator === '' && value === '*') return element(PRESENT, bytesOf(attribute)!);
  const parts = operator === '' ? value.split('*').map(bytesOf) : [bytesOf(value)];
  if (parts.some(part => part === null)) return null;
  const name = element(OCTET_STRING, bytesOf(attribute)!);
  if (parts.length > 1) return encodeSubstrings(name, parts as Uint8Array[]);
  return element(COMPARISONS[operator] ?? EQUAL, name, element(OCTET_STRING, parts[0]!));
}

/** Null when two asterisks follow each other. */
function encodeSubstrings(name: Uint8Array, parts: readonly Uint8Array[]): Uint8Array | null {
  const last = parts.length - 1;
  if (parts.some((part, at) => part.length === 0 && at > 0 && at < last)) return null;
  const tagged = parts
    .map((part, at) => ({ part, tag: at === 0 ? INITIAL : at === last ? FINAL : ANY }))
    .filter(({ part }) => part.length > 0);
  return element(SUBSTRINGS, name, element(SEQUENCE, ...tagged.map(({ tag, part }) => element(tag, part))));
}

function encodeExtensible(attribute: string, operator: string, value: string): Uint8Array | null {
  const isNamed = operator.startsWith(':dn:');
  const rule = operator.slice(isNamed ? 4 : 1, -1);
  const bytes = bytesOf(value);
  if (bytes === null || (attribute === '' && rule === '')) return null;
  const parts = [
    ...(rule === '' ? [] : [element(RULE, bytesOf(rule)!)]),
    ...(attribute === '' ? [] : [element(TYPE, bytesOf(attribute)!)]),
    element(VALUE, bytes),
    ...(isNamed ? [WITH_NAMES] : []),
  ];
  return element(EXTENSIBLE, ...parts);
}

/** UTF-8, where a backslash and two hexadecimal digits are a byte; null when something else follows a backslash. */
function bytesOf(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const part of text.split(/(\\.{0,2})/s)) {
    if (!part.startsWith('\\')) bytes.push(...new TextEncoder().encode(part));
    else if (/^\\[0-9a-f]{2}$/i.test(part)) bytes.push(Number.parseInt(part.slice(1), 16));
    else return null;
  }
  return Uint8Array.from(bytes);
}
