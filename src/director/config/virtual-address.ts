// The lines of `virtual_ipaddress { }`.
import { familyOf, type Prefixed } from '../address.ts';
import { shorten } from './characters.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { interfaceName, prefixed } from './types.ts';
import { type Located, lines } from './vocabulary.ts';

export interface VirtualAddress extends Prefixed {
  /** Null: the instance's own. */
  readonly interface: string | null;
}

/** What may follow an address in keepalived and is not supported here. */
const KEEPALIVED_OPTIONS = [
  ...['brd', 'broadcast', 'scope', 'label', 'peer', 'home', '-nodad', 'mngtmpaddr', 'noprefixroute'],
  ...['autojoin', 'no_track', 'preferred_lft', 'use_vmac', 'track_group'],
];

/** Most addresses in one advertisement: RFC 9568 section 5.2.5 counts them in a byte. */
const MOST_ADDRESSES = 255;

const LINE = 'ADDRESS[/PREFIX] [dev INTERFACE]';

export const virtualAddresses = lines({
  usage: `{ ${LINE} ... }`,
  help: 'The virtual addresses, one a line.',
  example: 'virtual_ipaddress { 192.0.2.100/24 }',
  readLine(line, reading): Located<VirtualAddress> | undefined {
    const word = line.words[0]!;
    const address = prefixed.parse(word);
    if (address === undefined) {
      const advice = prefixed.advise?.(word) ?? 'for example: 192.0.2.100/24';
      reading.wrongWord(line, 0, prefixed.description, advice);
      return undefined;
    }
    if (line.block !== null) reading.error(line, 0, 'an address takes no block', 'delete the braces');
    return { value: { ...address, interface: readDevice(line, reading) }, statement: line };
  },
});

function readDevice(line: Statement, reading: Reading): string | null {
  let device: string | null = null;
  for (let i = 1; i < line.words.length; i++) {
    const option = line.words[i]!;
    if (option !== 'dev') {
      const message = KEEPALIVED_OPTIONS.includes(option)
        ? `${option} is known to keepalived, but not supported by this version`
        : `"${shorten(option)}" is nothing that an address takes`;
      reading.error(line, i, message, `a line is: ${LINE}`);
      return device;
    }
    i++;
    const name = line.words[i] === undefined ? undefined : interfaceName.parse(line.words[i]!);
    if (name === undefined)
      reading.error(line, i, 'dev needs the name of an interface', `a line is: ${LINE}`);
    else device = name;
  }
  return device;
}

/** The addresses of an instance without those that are listed twice. `statement` is the instance's. */
export function checkAddresses(
  listed: readonly Located<VirtualAddress>[],
  statement: Statement,
  reading: Reading,
): VirtualAddress[] {
  const place = placeOf(statement, 'virtual_ipaddress');
  if (place !== statement && place.block?.length === 0) {
    reading.error(place, 0, 'no virtual address is listed', 'add, for example: 192.0.2.100/24');
  }
  if (listed.length > MOST_ADDRESSES) {
    const advice = 'make a second vrrp_instance for the others';
    reading.error(
      place,
      0,
      `an advertisement holds ${MOST_ADDRESSES} addresses, not ${listed.length}`,
      advice,
    );
  }
  const byAddress = new Map<string, VirtualAddress>();
  for (const { value, statement: line } of listed) {
    const { address } = value;
    if (familyOf(address) === 6) {
      reading.error(
        line,
        0,
        'VRRP for IPv6 addresses is not supported by this version',
        'list IPv4 addresses only',
      );
    }
    if (byAddress.has(address)) {
      reading.warning(line, 0, `${address} is listed twice`, 'the first one counts: delete this line');
    } else {
      byAddress.set(address, value);
    }
  }
  return [...byAddress.values()];
}
