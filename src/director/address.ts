// IPv4 and IPv6 addresses: text to bytes and back, canonical text, and the arithmetic of prefixes. Pure.

export type Family = 4 | 6;

/** An address with the length of its network prefix: `10.0.0.1/24`. */
export interface Prefixed {
  /** Canonical text. */
  readonly address: string;
  /** 0..32 or 0..128 */
  readonly prefix: number;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

/** True for four decimal numbers 0..255 without leading zeros, as inet_pton(3) wants them: such text is canonical already. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

function parseIPv4(text: string): Uint8Array | null {
  return isIPv4(text) ? Uint8Array.from(text.split('.'), Number) : null;
}

/** The 16-bit groups of one side of `::`; a dotted quad may end the address. Null when one is malformed. */
function parseGroups(text: string, mayEndInIPv4: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (mayEndInIPv4 && i === parts.length - 1 && part.includes('.')) {
      const quad = parseIPv4(part);
      if (quad === null) return null;
      groups.push(quad[0]! * 256 + quad[1]!, quad[2]! * 256 + quad[3]!);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

function parseIPv6(text: string): Uint8Array | null {
  if (text.length < 2 || text.length > 45) return null;
  const gap = text.indexOf('::');
  const head = parseGroups(gap < 0 ? text : text.slice(0, gap), gap < 0);
  const tail = gap < 0 ? [] : parseGroups(text.slice(gap + 2), true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return null;
  const bytes = new Uint8Array(16);
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  groups.forEach((group, i) => {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 255;
  });
  return bytes;
}

/** The 4 or 16 bytes of an address in network order, or null when the text is no address. No zone (`%eth0`), no prefix. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseIPv6(text) : parseIPv4(text);
}

/** Canonical text of 4 or 16 bytes; IPv6 as RFC 5952 section 4 and 5 (IPv4-mapped addresses end in a dotted quad). */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! * 256 + bytes[2 * i + 1]!);
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.slice(12).join('.')}`;
  }
  let gapStart = 0;
  let gapLength = 0;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > gapLength) {
      gapStart = start;
      gapLength = length;
    }
  }
  const text = groups.map(group => group.toString(16));
  if (gapLength < 2) return text.join(':');
  return `${text.slice(0, gapStart).join(':')}::${text.slice(gapStart + gapLength).join(':')}`;
}

/** Canonical text of an address, or null when the text is none. */
export function canonicalAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  const bytes = text.includes(':') ? parseIPv6(text) : null;
  return bytes === null ? null : formatAddress(bytes);
}

/** The family of an address in canonical text. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** Reads `ADDRESS/PREFIX`; without a prefix it is that of a single host. Null when malformed. */
export function parsePrefixed(text: string): Prefixed | null {
  const slash = text.indexOf('/');
  const address = canonicalAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const longest = familyOf(address) === 4 ? 32 : 128;
  if (slash < 0) return { address, prefix: longest };
  const digits = text.slice(slash + 1);
  if (!/^[0-9]{1,3}$/.test(digits) || Number(digits) > longest) return null;
  return { address, prefix: Number(digits) };
}

/** The address with all bits behind the prefix cleared. */
export function networkBytes(address: Uint8Array, prefix: number): Uint8Array {
  return address.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))));
}

/** The network that an address with its prefix belongs to. */
export function networkOf({ address, prefix }: Prefixed): Prefixed {
  return { address: formatAddress(networkBytes(parseAddress(address)!, prefix)), prefix };
}

/** True when the address lies in the network of `network` (whose own host bits do not matter); false across families. */
export function contains(network: Prefixed, address: string): boolean {
  if (familyOf(network.address) !== familyOf(address)) return false;
  return networkOf({ address, prefix: network.prefix }).address === networkOf(network).address;
}
