// The conditions and actions that rules are put together from, as nf_tables expressions.
import type { Expression } from '../../netlink/nftables/expression.ts';
import { AF_INET, AF_INET6 } from '../../platform/linux.ts';
import { parseAddress } from '../address.ts';

/** Expressions of which the last decides or acts. */
export type Condition = readonly Expression[];

/** Where the addresses stand in the network header. */
const offsets = { 4: { source: 12, destination: 16 }, 6: { source: 8, destination: 24 } };
/** IFNAMSIZ */
const NAME_LENGTH = 16;

export function destinationIs(address: string): Condition {
  const bytes = addressBytes(address);
  return [
    ...familyOf(bytes),
    load(offsets[bytes.length === 4 ? 4 : 6].destination, bytes.length),
    equal(bytes),
  ];
}

/** `network` has no bits behind `prefix`. */
export function sourceIn(network: string, prefix: number): Condition {
  const bytes = addressBytes(network);
  const { source } = offsets[bytes.length === 4 ? 4 : 6];
  if (prefix === 0) return familyOf(bytes);
  const mask = bytes.map((_byte, index) => 0xff00 >> Math.min(8, Math.max(0, prefix - 8 * index)));
  const head = [...familyOf(bytes), load(source, bytes.length)];
  return prefix === bytes.length * 8
    ? [...head, equal(bytes)]
    : [...head, { kind: 'mask', mask }, equal(bytes)];
}

/** IP protocol number. */
export function protocolIs(protocol: number): Condition {
  return [{ kind: 'meta', key: 'l4proto' }, equal(Uint8Array.of(protocol))];
}

/** `from` to `to`, inclusive; the protocol must have been matched before. */
export function destinationPort(from: number, to: number): Condition {
  return [{ kind: 'payload', base: 'transport', offset: 2, length: 2 }, ...between(big16(from), big16(to))];
}

/** ICMP or ICMPv6 type, `from` to `to`, inclusive; the protocol must have been matched before. */
export function icmpType(from: number, to: number): Condition {
  return [
    { kind: 'payload', base: 'transport', offset: 0, length: 1 },
    ...between(Uint8Array.of(from), Uint8Array.of(to)),
  ];
}

export function markIs(mark: number): Condition {
  return [{ kind: 'meta', key: 'mark' }, equal(host32(mark))];
}

export function outInterface(name: string): Condition {
  const bytes = new Uint8Array(NAME_LENGTH);
  bytes.set(new TextEncoder().encode(name));
  return [{ kind: 'meta', key: 'oifname' }, equal(bytes)];
}

export function setMark(mark: number): Condition {
  return [{ kind: 'immediate', value: host32(mark) }, { kind: 'set mark' }];
}

export function accept(): Condition {
  return [{ kind: 'verdict', verdict: 'accept' }];
}

export function drop(): Condition {
  return [{ kind: 'verdict', verdict: 'drop' }];
}

export function masquerade(): Condition {
  return [{ kind: 'masquerade' }];
}

export function notrack(): Condition {
  return [{ kind: 'notrack' }];
}

function familyOf(address: Uint8Array): Expression[] {
  return [{ kind: 'meta', key: 'nfproto' }, equal(Uint8Array.of(address.length === 4 ? AF_INET : AF_INET6))];
}

function load(offset: number, length: number): Expression {
  return { kind: 'payload', base: 'network', offset, length };
}

function equal(value: Uint8Array): Expression {
  return { kind: 'compare', comparison: 'eq', value };
}

function between(from: Uint8Array, to: Uint8Array): Expression[] {
  if (from.every((byte, index) => byte === to[index])) return [equal(from)];
  return [
    { kind: 'compare', comparison: 'gte', value: from },
    { kind: 'compare', comparison: 'lte', value: to },
  ];
}

function big16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

/** Marks are compared as the processor has them. */
function host32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

function addressBytes(address: string): Uint8Array {
  const bytes = parseAddress(address);
  if (bytes === null) throw new TypeError(`${address} is no address`);
  return bytes;
}
