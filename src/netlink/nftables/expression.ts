// Expressions of nf_tables rules (linux/netfilter/nf_tables.h): the few that the director's rules are made of. All of them use
// register 1; a verdict goes to register 0.
import type { Attributes } from '../reader.ts';
import type { MessageWriter } from '../writer.ts';

/** What `meta` loads into the register, by NFT_META_*. */
export type MetaKey = keyof typeof metaKeys;
const metaKeys = { mark: 3, iifname: 6, oifname: 7, nfproto: 15, l4proto: 16 };

/** NFT_CMP_* */
export type Comparison = keyof typeof comparisons;
const comparisons = { eq: 0, neq: 1, lt: 2, lte: 3, gt: 4, gte: 5 };

/** Header a `payload` offset counts from, by NFT_PAYLOAD_*. */
export type PayloadBase = keyof typeof bases;
const bases = { network: 1, transport: 2 };

/** NF_DROP, NF_ACCEPT */
export type Verdict = keyof typeof verdicts;
const verdicts = { drop: 0, accept: 1 };

export type Expression =
  | { readonly kind: 'meta'; readonly key: MetaKey }
  /** Sets the packet's mark from the register. */
  | { readonly kind: 'set mark' }
  | {
      readonly kind: 'payload';
      readonly base: PayloadBase;
      readonly offset: number;
      readonly length: number;
    }
  /** Ends the rule unless the register compares so with the bytes. */
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly value: Uint8Array }
  /** Clears the bits of the register that the mask has not. */
  | { readonly kind: 'mask'; readonly mask: Uint8Array }
  | { readonly kind: 'immediate'; readonly value: Uint8Array }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'masquerade' }
  /** Connection tracking does not look at the packet. */
  | { readonly kind: 'notrack' }
  /** Somebody else's: only its name is known. */
  | { readonly kind: 'other'; readonly name: string };

const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;

const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;

const NFTA_META_DREG = 1;
const NFTA_META_KEY = 2;
const NFTA_META_SREG = 3;

const NFTA_PAYLOAD_DREG = 1;
const NFTA_PAYLOAD_BASE = 2;
const NFTA_PAYLOAD_OFFSET = 3;
const NFTA_PAYLOAD_LEN = 4;

const NFTA_CMP_SREG = 1;
const NFTA_CMP_OP = 2;
const NFTA_CMP_DATA = 3;

const NFTA_BITWISE_SREG = 1;
const NFTA_BITWISE_DREG = 2;
const NFTA_BITWISE_LEN = 3;
const NFTA_BITWISE_MASK = 4;
const NFTA_BITWISE_XOR = 5;

const NFTA_IMMEDIATE_DREG = 1;
const NFTA_IMMEDIATE_DATA = 2;

const VERDICT_REGISTER = 0;
const REGISTER = 1;

/** Writes one expression as an element of NFTA_RULE_EXPRESSIONS. */
export function writeExpression(writer: MessageWriter, expression: Expression): void {
  writer.nest(NFTA_LIST_ELEM, () => {
    writer.text(NFTA_EXPR_NAME, kernelName(expression));
    writer.nest(NFTA_EXPR_DATA, () => writeData(writer, expression));
  });
}

/** Reads one element of NFTA_RULE_EXPRESSIONS. */
export function readExpression(element: Attributes): Expression {
  const name = element.text(NFTA_EXPR_NAME) ?? '';
  const data = element.nested(NFTA_EXPR_DATA);
  // The kernel gives back no data where there is none.
  if (name === 'notrack') return { kind: 'notrack' };
  return (data && readData(name, data)) ?? { kind: 'other', name };
}

export function sameExpression(a: Expression, b: Expression): boolean {
  return a.kind !== 'other' && describeExpression(a) === describeExpression(b);
}

function describeExpression(expression: Expression): string {
  return JSON.stringify(expression, (_key, value: unknown) =>
    value instanceof Uint8Array ? value.join(' ') : value,
  );
}

function kernelName(expression: Expression): string {
  switch (expression.kind) {
    case 'meta':
    case 'set mark':
      return 'meta';
    case 'payload':
      return 'payload';
    case 'compare':
      return 'cmp';
    case 'mask':
      return 'bitwise';
    case 'immediate':
    case 'verdict':
      return 'immediate';
    case 'masquerade':
      return 'masq';
    case 'notrack':
      return 'notrack';
    case 'other':
      return expression.name;
  }
}

function writeData(writer: MessageWriter, expression: Expression): void {
  const value = (type: number, bytes: Uint8Array) =>
    writer.nest(type, () => writer.bytes(NFTA_DATA_VALUE, bytes));
  switch (expression.kind) {
    case 'meta':
      writer.be32(NFTA_META_KEY, metaKeys[expression.key]).be32(NFTA_META_DREG, REGISTER);
      break;
    case 'set mark':
      writer.be32(NFTA_META_KEY, metaKeys.mark).be32(NFTA_META_SREG, REGISTER);
      break;
    case 'payload':
      writer.be32(NFTA_PAYLOAD_DREG, REGISTER).be32(NFTA_PAYLOAD_BASE, bases[expression.base]);
      writer.be32(NFTA_PAYLOAD_OFFSET, expression.offset).be32(NFTA_PAYLOAD_LEN, expression.length);
      break;
    case 'compare':
      writer.be32(NFTA_CMP_SREG, REGISTER).be32(NFTA_CMP_OP, comparisons[expression.comparison]);
      value(NFTA_CMP_DATA, expression.value);
      break;
    case 'mask':
      writer.be32(NFTA_BITWISE_SREG, REGISTER).be32(NFTA_BITWISE_DREG, REGISTER);
      writer.be32(NFTA_BITWISE_LEN, expression.mask.length);
      value(NFTA_BITWISE_MASK, expression.mask);
      value(NFTA_BITWISE_XOR, new Uint8Array(expression.mask.length));
      break;
    case 'immediate':
      writer.be32(NFTA_IMMEDIATE_DREG, REGISTER);
      value(NFTA_IMMEDIATE_DATA, expression.value);
      break;
    case 'verdict':
      writer.be32(NFTA_IMMEDIATE_DREG, VERDICT_REGISTER);
      writer.nest(NFTA_IMMEDIATE_DATA, () =>
        writer.nest(NFTA_DATA_VERDICT, () => writer.be32(NFTA_VERDICT_CODE, verdicts[expression.verdict])),
      );
      break;
  }
}

/** Null for what the director does not write, be it a value, a register or an option. */
function readData(name: string, data: Attributes): Expression | null {
  switch (name) {
    case 'meta':
      return readMeta(data);
    case 'payload':
      return readPayload(data);
    case 'cmp':
      return readCompare(data);
    case 'bitwise':
      return readMask(data);
    case 'immediate':
      return readImmediate(data);
    case 'masq':
      return data.isEmpty ? { kind: 'masquerade' } : null;
    default:
      return null;
  }
}

function readMeta(data: Attributes): Expression | null {
  const key = nameOf(metaKeys, data.be32(NFTA_META_KEY));
  if (key === null) return null;
  if (data.be32(NFTA_META_DREG) === REGISTER) return { kind: 'meta', key };
  return key === 'mark' && data.be32(NFTA_META_SREG) === REGISTER ? { kind: 'set mark' } : null;
}

function readPayload(data: Attributes): Expression | null {
  const base = nameOf(bases, data.be32(NFTA_PAYLOAD_BASE));
  const offset = data.be32(NFTA_PAYLOAD_OFFSET);
  const length = data.be32(NFTA_PAYLOAD_LEN);
  if (base === null || offset === null || length === null) return null;
  return data.be32(NFTA_PAYLOAD_DREG) === REGISTER ? { kind: 'payload', base, offset, length } : null;
}

function readCompare(data: Attributes): Expression | null {
  const comparison = nameOf(comparisons, data.be32(NFTA_CMP_OP));
  const value = readValue(data, NFTA_CMP_DATA);
  if (comparison === null || value === null || data.be32(NFTA_CMP_SREG) !== REGISTER) return null;
  return { kind: 'compare', comparison, value };
}

function readMask(data: Attributes): Expression | null {
  const mask = readValue(data, NFTA_BITWISE_MASK);
  const xor = readValue(data, NFTA_BITWISE_XOR);
  if (mask === null || xor?.some(byte => byte !== 0)) return null;
  if (data.be32(NFTA_BITWISE_SREG) !== REGISTER || data.be32(NFTA_BITWISE_DREG) !== REGISTER) return null;
  return { kind: 'mask', mask };
}

function readImmediate(data: Attributes): Expression | null {
  const register = data.be32(NFTA_IMMEDIATE_DREG);
  if (register === REGISTER) {
    const value = readValue(data, NFTA_IMMEDIATE_DATA);
    return value && { kind: 'immediate', value };
  }
  const code = data.nested(NFTA_IMMEDIATE_DATA)?.nested(NFTA_DATA_VERDICT)?.be32(NFTA_VERDICT_CODE);
  const verdict = nameOf(verdicts, code ?? null);
  return verdict && register === VERDICT_REGISTER ? { kind: 'verdict', verdict } : null;
}

function readValue(data: Attributes, type: number): Uint8Array | null {
  return data.nested(type)?.bytes(NFTA_DATA_VALUE)?.slice() ?? null;
}

function nameOf<N extends string>(numbers: Readonly<Record<N, number>>, value: number | null): N | null {
  for (const name in numbers) if (numbers[name] === value) return name;
  return null;
}
