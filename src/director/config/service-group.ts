// `virtual_server_group NAME { }`: addresses, ranges of them and firewall marks that one virtual server answers on.
import {
  type Family,
  familyOf,
  formatAddress,
  networkBytes,
  parseAddress,
  parsePrefixed,
} from '../address.ts';
import type { Protocol, ServiceKey } from './config.ts';
import { markNumber } from './mark.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, choice, integer } from './types.ts';
import { type Keyword, type Located, oneName, type ValueType } from './vocabulary.ts';

/** What the kernel keeps as one service each, all in one group. */
const MOST_SERVICES = 4096;

type Entry =
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  /** A family of null is that of the real servers. */
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: Family | null };

export interface ServiceGroup {
  readonly name: string;
  readonly entries: readonly Located<Entry>[];
}

const port = integer(0, 65535, 'PORT');
const family = choice(['inet', 'inet6']);

/** The first and the last address of a range. */
interface Range {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

const range: ValueType<Range> = {
  name: 'ADDRESS|RANGE',
  description: 'an address, a range of addresses or a network',
  parse(word) {
    const [from = '', to] = word.split('-');
    if (to === undefined && word.includes('/')) return networkRange(word);
    const start = address.parse(from);
    const first = start === undefined ? null : parseAddress(start);
    if (first === null) return undefined;
    if (to === undefined) return { first, last: first };
    const last = lastOf(first, to);
    return last !== null && compare(first, last) < 0 ? { first, last } : undefined;
  },
  advise(word) {
    const network = parsePrefixed(word);
    if (network !== null && word.includes('/')) {
      const bytes = networkBytes(parseAddress(network.address)!, network.prefix);
      return `the network of that address is ${formatAddress(bytes)}/${network.prefix}`;
    }
    if (word.includes('-')) return 'ranges are 192.0.2.1-10, 192.0.2.1-192.0.3.10 or 192.0.2.8/29';
    return address.advise?.(word) ?? null;
  },
};

function networkRange(word: string): Range | undefined {
  const network = parsePrefixed(word);
  if (network === null || address.parse(network.address) === undefined) return undefined;
  const first = parseAddress(network.address)!;
  if (compare(networkBytes(first, network.prefix), first) !== 0) return undefined;
  const last = first.slice();
  for (let bit = network.prefix; bit < last.length * 8; bit++) last[bit >> 3]! |= 128 >> (bit & 7);
  return { first, last };
}

/** `to` is an address, or what stands at the end of the first one in place of its last part. */
function lastOf(first: Uint8Array, to: string): Uint8Array | null {
  const whole = parseAddress(to);
  if (whole !== null) return whole.length === first.length ? whole : null;
  const last = first.slice();
  if (first.length === 4) {
    const number = integer(0, 255).parse(to);
    if (number === undefined) return null;
    last[3] = number;
  } else {
    if (!/^[0-9a-f]{1,4}$/i.test(to)) return null;
    const number = Number.parseInt(to, 16);
    last[14] = number >> 8;
    last[15] = number & 255;
  }
  return last;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** The addresses of a range; null when they are more than `most`. */
function expand({ first, last }: Range, most: number): string[] | null {
  const addresses: string[] = [];
  const current = first.slice();
  for (;;) {
    if (addresses.length === most) return null;
    addresses.push(formatAddress(current));
    if (compare(current, last) === 0) return addresses;
    for (let i = current.length - 1; i >= 0; i--) {
      current[i]!++;
      if (current[i] !== 0) break;
    }
  }
}

export const serviceGroup: Keyword<Located<ServiceGroup>, 'all'> = {
  usage: 'NAME { ... }',
  help: 'Lines ADDRESS [PORT], FIRST-LAST [PORT], NETWORK [PORT] and fwmark MARK [inet|inet6]: what one virtual server answers on.',
  example: 'virtual_server_group web { 192.0.2.100 80 }',
  repeat: 'all',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    const name = oneName(statement, reading);
    const entries: Located<Entry>[] = [];
    for (const line of reading.blockOf(statement)) readLine(line, entries, reading);
    if (statement.block?.length === 0) {
      reading.error(statement, 0, 'this group has no addresses', 'add, for example: 192.0.2.100 80');
    }
    return name === undefined ? undefined : { value: { name, entries }, statement };
  },
};

function readLine(line: Statement, entries: Located<Entry>[], reading: Reading): void {
  if (line.words[0] === 'fwmark') {
    reading.endsAfter(line, 3);
    const mark = reading.argument(line, 1, markNumber);
    const word = line.words.length > 2 ? reading.argument(line, 2, family) : null;
    if (mark === undefined || word === undefined) return;
    const value: Entry = { kind: 'fwmark', mark, family: word === null ? null : word === 'inet' ? 4 : 6 };
    entries.push({ value, statement: line });
    return;
  }
  reading.endsAfter(line, 2);
  const addresses = reading.argument(line, 0, range);
  const number = line.words.length > 1 ? reading.argument(line, 1, port) : 0;
  if (addresses === undefined || number === undefined) return;
  const expanded = expand(addresses, MOST_SERVICES - entries.length);
  if (expanded === null) {
    const advice = 'mark the packets by a mark block, and answer them by virtual_server fwmark';
    reading.error(line, 0, `this makes more than ${MOST_SERVICES} services`, advice);
    return;
  }
  for (const each of expanded)
    entries.push({ value: { kind: 'address', address: each, port: number }, statement: line });
}

/** What a virtual server of the group answers on. `markFamily` is for marks that name none. */
export function groupKeys(group: ServiceGroup, protocol: Protocol, markFamily: Family): ServiceKey[] {
  return group.entries.map(({ value }) =>
    value.kind === 'fwmark'
      ? { kind: 'fwmark', mark: value.mark, family: value.family ?? markFamily }
      : { kind: 'address', protocol, address: value.address, port: value.port },
  );
}

/** The one family of its addresses; null when it has none, or both. */
export function groupFamily(group: ServiceGroup): Family | null {
  const families = new Set(
    group.entries.flatMap(({ value }) => (value.kind === 'address' ? [familyOf(value.address)] : [])),
  );
  return families.size === 1 ? [...families][0]! : null;
}
