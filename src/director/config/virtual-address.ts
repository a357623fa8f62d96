// The lines of `virtual_ipaddress { }`, `virtual_ipaddress_excluded { }` and `static_ipaddress { }`.
import { familyOf, formatAddress, type Prefixed, parseAddress } from '../address.ts';
import {
  type Options,
  type OptionsPlace,
  optionWithoutEffect,
  readOptions,
  refusedOption,
} from './options.ts';
import { placeOf, type Reading } from './reading.ts';
import { scope } from './route-names.ts';
import type { Statement } from './tree.ts';
import { interfaceName, label, prefixed, text } from './types.ts';
import { type Keyword, type Located, lines, type ValueType } from './vocabulary.ts';
import type { VirtualAddressConfig } from './vrrp-config.ts';

/** An address as a line says it. */
export interface AddressLine extends Prefixed {
  /** Null: the instance's own. */
  readonly interface: string | null;
  readonly label: string | null;
  readonly broadcast: string | null;
  readonly scope: number | null;
  readonly tracked: boolean;
}

type Draft = { -readonly [K in keyof AddressLine]: AddressLine[K] };

/** Most addresses in one advertisement: RFC 9568 section 5.2.5 counts them in a byte. */
const MOST_ADDRESSES = 255;

/** Most IPv6 addresses in one packet of 1,500 bytes, with the trailer of auth_hmac. */
const MOST_IPV6 = 89;

const USAGE = 'ADDRESS[/PREFIX] [dev INTERFACE] [label NAME] [brd ADDRESS] [scope SCOPE] [no_track]';

/** What ifa_label holds: IFNAMSIZ of linux/if.h. */
const interfaceLabel: ValueType<string> = {
  name: 'NAME',
  description: 'a label of 1 to 15 characters',
  parse: word => (/^[^\s/%]{1,15}$/.test(word) ? word : undefined),
};

/** An address, `+` for the last of the network, `-` for none. */
const broadcast: ValueType<string> = {
  name: 'ADDRESS',
  description: 'an IPv4 address, + or -',
  parse: word =>
    word === '+' || word === '-' || (/^[0-9.]+$/.test(word) && parseAddress(word)) ? word : undefined,
};

const lifetime = text('SECONDS|forever');

function setBroadcast(draft: Draft, word: string | undefined): void {
  if (word === undefined || word === '-') draft.broadcast = null;
  else draft.broadcast = word === '+' ? lastOf(draft) : word;
}

/** The address with all bits behind the prefix set. */
function lastOf({ address: ip, prefix }: Prefixed): string {
  const bytes = parseAddress(ip)!;
  return formatAddress(bytes.map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, prefix - 8 * i)))));
}

/** What is the same for addresses of instances and for static ones. */
const COMMON: Options<Draft> = {
  dev(draft, words) {
    draft.interface = words.take(interfaceName) ?? null;
  },
  label(draft, words) {
    draft.label = words.take(interfaceLabel) ?? null;
    if (familyOf(draft.address) === 6) words.error('IPv6 addresses have no label', 'delete it');
  },
  brd: (draft, words) => setBroadcast(draft, words.take(broadcast)),
  broadcast: (draft, words) => setBroadcast(draft, words.take(broadcast)),
  scope(draft, words) {
    draft.scope = words.take(scope) ?? null;
  },
  peer: refusedOption('delete it: an address of two ends leads nowhere in a failover', prefixed),
  home: optionWithoutEffect('no mobile node moves: delete it'),
  '-nodad': optionWithoutEffect('duplicates are never looked for: delete it'),
  nodad: optionWithoutEffect('duplicates are never looked for: delete it'),
  mngtmpaddr: optionWithoutEffect('no temporary addresses are made: delete it'),
  autojoin: optionWithoutEffect('no multicast group is joined: delete it'),
  noprefixroute: refusedOption('write the prefix /32 or /128: such an address makes no route'),
  preferred_lft: optionWithoutEffect('lifetimes are short, and renewed while master: delete it', lifetime),
  use_vmac: refusedOption('give the address an instance of its own, with use_vmac, on that interface'),
};

const VIRTUAL_OPTIONS: Options<Draft> = {
  ...COMMON,
  no_track(draft) {
    draft.tracked = false;
  },
  track_group: refusedOption('delete it: it is for static addresses', label),
};

const AS_USUAL = 'a static address has none of its own here: delete it';

const STATIC_OPTIONS: Options<Draft> = {
  ...COMMON,
  label: optionWithoutEffect(AS_USUAL, interfaceLabel),
  brd: optionWithoutEffect(AS_USUAL, broadcast),
  broadcast: optionWithoutEffect(AS_USUAL, broadcast),
  scope: optionWithoutEffect(AS_USUAL, scope),
  no_track: optionWithoutEffect('it is for virtual addresses: delete it'),
  track_group: optionWithoutEffect('a static address that goes missing is set again: delete it', label),
};

function addressLines(
  documentation: { readonly help: string; readonly example: string },
  options: Options<Draft>,
): Keyword<Located<AddressLine>[], 'all'> {
  const place: OptionsPlace = { owner: 'an address takes', usage: USAGE };
  return lines({
    ...documentation,
    usage: `{ ${USAGE} ... }`,
    readLine(line, reading): Located<AddressLine> | undefined {
      const word = line.words[0]!;
      const given = prefixed.parse(word);
      if (line.block !== null) reading.error(line, 0, 'an address takes no block', 'delete the braces');
      const draft: Draft = {
        address: given?.address ?? '0.0.0.0',
        prefix: given?.prefix ?? 32,
        interface: null,
        label: null,
        broadcast: null,
        scope: null,
        tracked: true,
      };
      readOptions(line, 1, options, draft, reading, place);
      if (given !== undefined) return { value: draft, statement: line };
      reading.wrongWord(
        line,
        0,
        prefixed.description,
        prefixed.advise?.(word) ?? 'for example: 192.0.2.100/24',
      );
      return undefined;
    },
  });
}

export const virtualAddresses = addressLines(
  {
    help: 'The virtual addresses, one a line.',
    example: 'virtual_ipaddress { 192.0.2.100/24 }',
  },
  VIRTUAL_OPTIONS,
);

export const excludedAddresses = addressLines(
  {
    help: 'Further virtual addresses, of any family, that do not stand in the advertisements.',
    example: 'virtual_ipaddress_excluded { 192.0.2.101/24 }',
  },
  VIRTUAL_OPTIONS,
);

export const staticAddresses = addressLines(
  {
    help: 'Addresses that this director always has, as those of interface blocks.',
    example: 'static_ipaddress { 192.0.2.11/24 dev eth0 }',
  },
  STATIC_OPTIONS,
);

/** What the addresses of an instance on `device` mean. */
export function onDevice(addresses: readonly AddressLine[], device: string): VirtualAddressConfig[] {
  return addresses.map(each => ({ ...each, interface: each.interface ?? device }));
}

/** The addresses of an instance that stand in its advertisements, in their order. `statement` is the instance's. */
export function checkAddresses(
  listed: readonly Located<AddressLine>[],
  family: 4 | 6,
  statement: Statement,
  reading: Reading,
): AddressLine[] {
  const place = placeOf(statement, 'virtual_ipaddress');
  if (place !== statement && place.block?.length === 0) {
    reading.error(place, 0, 'no virtual address is listed', 'add, for example: 192.0.2.100/24');
  }
  const most = family === 4 ? MOST_ADDRESSES : MOST_IPV6;
  if (listed.length > most) {
    const message = `an advertisement holds ${most} addresses, not ${listed.length}`;
    reading.error(place, 0, message, 'move the others to virtual_ipaddress_excluded { ... }');
  }
  for (const { value, statement: line } of listed) {
    if (familyOf(value.address) === family) continue;
    const advice = `this is an instance for IPv${family}: move it to virtual_ipaddress_excluded { ... }`;
    reading.error(line, 0, `${value.address} is not IPv${family}`, advice);
  }
  const addresses = withoutTwins(listed, new Set(), reading);
  return family === 4 ? addresses : linkLocalFirst(addresses, place, reading);
}

/** The excluded ones, none of which is listed before. */
export function checkExcluded(
  listed: readonly Located<AddressLine>[],
  advertised: readonly AddressLine[],
  reading: Reading,
): AddressLine[] {
  return withoutTwins(listed, new Set(advertised.map(each => each.address)), reading);
}

function withoutTwins(
  listed: readonly Located<AddressLine>[],
  seen: Set<string>,
  reading: Reading,
): AddressLine[] {
  return listed.flatMap(({ value, statement: line }) => {
    const isTwin = seen.has(value.address);
    seen.add(value.address);
    if (!isTwin) return [value];
    reading.warning(line, 0, `${value.address} is listed twice`, 'the first one counts: delete this line');
    return [];
  });
}

export function isLinkLocal(ip: string): boolean {
  return /^fe[89ab]/.test(ip);
}

/** RFC 9568 section 5.2.9 (erratum 8300): the link-local address stands first in an advertisement. */
function linkLocalFirst(
  addresses: readonly AddressLine[],
  place: Statement,
  reading: Reading,
): AddressLine[] {
  const first = addresses.find(each => isLinkLocal(each.address));
  if (first !== undefined) return [first, ...addresses.filter(each => each !== first)];
  if (addresses.length > 0) {
    const message = 'no virtual address is link-local, as RFC 9568 section 5.2.9 wants the first to be';
    reading.warning(place, 0, message, 'add, for example: fe80::100/64');
  }
  return [...addresses];
}
