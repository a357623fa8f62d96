// The types of values that statements take.
import {
  canonicalAddress,
  familyOf,
  networkOf,
  type Prefixed,
  parseAddress,
  parsePrefixed,
} from '../address.ts';
import { unwantedCharacter } from './characters.ts';
import { nearest } from './nearest.ts';
import type { ValueType } from './vocabulary.ts';

/** A whole number in decimal; -1 when the word is none. A plus sign and leading zeros are allowed, as strtoul(3) has it. */
function decimal(word: string): number {
  let at = word.charCodeAt(0) === 43 ? 1 : 0;
  const length = word.length;
  if (at === length || length > 15) return -1;
  let number = 0;
  for (; at < length; at++) {
    const digit = word.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

export function integer(from: number, to: number, name = 'NUMBER'): ValueType<number> {
  return {
    name,
    description: `a whole number from ${from} to ${to}`,
    parse(word) {
      const number = decimal(word);
      return number >= from && number <= to ? number : undefined;
    },
  };
}

/** A whole number that may be negative, as strtol(3) has it. */
export function signedInteger(from: number, to: number, name = 'NUMBER'): ValueType<number> {
  return {
    name,
    description: `a whole number from ${from} to ${to}`,
    parse(word) {
      const negative = word.charCodeAt(0) === 45;
      const number = decimal(negative ? word.slice(1) : word);
      if (number < 0 || (negative && word.charCodeAt(1) === 43)) return undefined;
      const signed = negative && number > 0 ? -number : number;
      return signed >= from && signed <= to ? signed : undefined;
    },
  };
}

/** A time in seconds, with a fraction down to a microsecond; read as milliseconds. */
export function seconds(from: number, to: number): ValueType<number> {
  return {
    name: 'SECONDS',
    description: `a number of seconds from ${from} to ${to}`,
    parse(word) {
      let number = decimal(word);
      if (number < 0) {
        if (!/^\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) return undefined;
        number = Number(word);
      }
      return number >= from && number <= to ? Math.round(number * 1e6) / 1e3 : undefined;
    },
  };
}

/** One of a few words. With `fold` capitals do not matter. */
export function choice<const T extends string>(words: readonly T[], fold = false): ValueType<T> {
  const meanings = new Map<string, T>(words.map(word => [word, word]));
  return {
    name: words.join('|'),
    description: `one of ${words.join(', ')}`,
    parse: word => meanings.get(fold ? word.toUpperCase() : word),
    advise(word) {
      const likely = nearest(word, words);
      return likely === null ? null : `did you mean ${likely}?`;
    },
  };
}

/** Any text that is not empty and can be read. */
export function text(name: string): ValueType<string> {
  return {
    name,
    description: 'a text that is not empty',
    parse: word => (word === '' || unwantedCharacter(word) !== null ? undefined : word),
  };
}

/** The name of a thing in the configuration. */
export const label: ValueType<string> = text('NAME');

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

export const onOff: ValueType<boolean> = {
  name: 'on|off',
  description: 'one of on, off, yes, no, true, false',
  parse: word => (Object.hasOwn(SWITCH, word) ? SWITCH[word] : undefined),
};

export const port: ValueType<number> = integer(1, 65535, 'PORT');

const NO_NAMES = 'write the address: names are not resolved, as the director must start without a resolver';

function adviseOnAddress(word: string): string | null {
  if (word.includes('/')) return 'write the address without a prefix';
  return /[g-z]/i.test(word) ? NO_NAMES : null;
}

/** The address of one host. */
export const address: ValueType<string> = {
  name: 'ADDRESS',
  description: 'the IPv4 or IPv6 address of a host',
  parse(word) {
    const canonical = canonicalAddress(word);
    return canonical !== null && isUnicast(canonical) ? canonical : undefined;
  },
  advise: adviseOnAddress,
};

/** Neither unspecified nor multicast nor broadcast. */
function isUnicast(canonical: string): boolean {
  if (familyOf(canonical) === 6) return canonical !== '::' && !canonical.startsWith('ff');
  const first = Number.parseInt(canonical, 10);
  return first > 0 && first < 224;
}

/** 224.0.0.0/4, or ff02::/16: multicast that stays on the link (RFC 4291 section 2.7). */
export const multicast: ValueType<string> = {
  name: 'ADDRESS',
  description: 'an IPv4 multicast or IPv6 link-local multicast address',
  parse(word) {
    const canonical = canonicalAddress(word);
    if (canonical === null) return undefined;
    if (familyOf(canonical) === 6) return /^ff[0-9a-f]2:/.test(canonical) ? canonical : undefined;
    const first = Number.parseInt(canonical, 10);
    return first >= 224 && first < 240 ? canonical : undefined;
  },
};

/** An address with its prefix; without one it is a single host. */
export const prefixed: ValueType<Prefixed> = {
  name: 'ADDRESS[/PREFIX]',
  description: 'an IPv4 or IPv6 address with a prefix',
  parse(word) {
    const result = parsePrefixed(word);
    return result !== null && isUnicast(result.address) ? result : undefined;
  },
  advise: word => adviseOnPrefix(word) ?? (/[g-z]/i.test(word) ? NO_NAMES : null),
};

/** A network: no bit is set behind the prefix. */
export const network: ValueType<Prefixed> = {
  name: 'ADDRESS/PREFIX',
  description: 'a network',
  parse(word) {
    const result = parsePrefixed(word);
    return result !== null && networkOf(result).address === result.address ? result : undefined;
  },
  advise(word) {
    const result = parsePrefixed(word);
    if (result === null) return adviseOnPrefix(word);
    return `the network of that address is ${networkOf(result).address}/${result.prefix}`;
  },
};

function adviseOnPrefix(word: string): string | null {
  const [before = '', after] = word.split('/');
  if (after === undefined || parseAddress(before) === null) return null;
  if (after.includes('.')) return 'write the length of the prefix: 24 for 255.255.255.0';
  return `the prefix is from 0 to ${before.includes(':') ? 128 : 32}`;
}

/** The name of a network interface: IFNAMSIZ of linux/if.h leaves 15 characters. */
export const interfaceName: ValueType<string> = {
  name: 'INTERFACE',
  description: 'the name of an interface (1 to 15 characters)',
  parse: word => (/^[^\s/:%]{1,15}$/.test(word) && word !== '.' && word !== '..' ? word : undefined),
};

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `N` or `N-M`, both inclusive. */
export function range(from: number, to: number, name: string): ValueType<Range> {
  return {
    name,
    description: `a number or a range of numbers from ${from} to ${to}`,
    parse(word) {
      const dash = word.indexOf('-');
      const first = decimal(dash < 0 ? word : word.slice(0, dash));
      const last = dash < 0 ? first : decimal(word.slice(dash + 1));
      return first >= from && last <= to && first <= last ? { from: first, to: last } : undefined;
    },
  };
}
