// A query of one question and the answer to it (RFC 1035, section 4). Names and types come from a configuration that was checked.
import type { DnsType } from '../config/config.ts';
import { readRecords } from './dns-records.ts';
import type { CheckResult } from './state.ts';

/** Of the IANA registry of DNS parameters. */
const TYPES: Readonly<Record<DnsType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  RRSIG: 46,
  DNSKEY: 48,
};

const HEADER_LENGTH = 12;
const CLASS_IN = 1;
/** Bits of the third and fourth byte. */
const RESPONSE = 0x80;
const TRUNCATED = 0x02;
const RECURSION_DESIRED = 0x01;
const RCODE = 0x0f;

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** `name` is a domain name as a configuration takes it: with or without a dot at its end, `.` alone for the root. */
export function dnsQuery(id: number, name: string, type: DnsType): Uint8Array {
  const labels = name.split('.').filter(label => label !== '');
  const length = labels.reduce((sum, label) => sum + 1 + label.length, 1);
  const query = new Uint8Array(HEADER_LENGTH + length + 4);
  const view = new DataView(query.buffer);
  view.setUint16(0, id);
  query[2] = RECURSION_DESIRED;
  view.setUint16(4, 1);
  let at = HEADER_LENGTH;
  for (const label of labels) {
    query[at++] = label.length;
    for (let index = 0; index < label.length; index++) query[at++] = label.charCodeAt(index);
  }
  view.setUint16(at + 1, TYPES[type]);
  view.setUint16(at + 3, CLASS_IN);
  return query;
}

/** What the records of an answer have to be. */
export interface ExpectedRecords {
  readonly type: DnsType;
  /** Each stands among them, as `canonicalRecord` writes it. */
  readonly answers: readonly string[];
}

/** Null for what is not the answer to `query`: too short, with another id, a query itself. */
export function judgeDnsAnswer(
  answer: Uint8Array,
  query: Uint8Array,
  expected: ExpectedRecords | null = null,
): CheckResult | null {
  if (answer.length < HEADER_LENGTH || answer[0] !== query[0] || answer[1] !== query[1]) return null;
  if ((answer[2]! & RESPONSE) === 0) return null;
  const code = answer[3]! & RCODE;
  if (code !== 0) return { ok: false, reason: `the answer is ${RCODES[code] ?? `code ${code}`}` };
  if (!repeatsQuestion(answer, query)) return { ok: false, reason: 'the answer is to another question' };
  if (expected === null) return { ok: true, reason: 'the answer is NOERROR' };
  return judgeRecords(answer, query.length, expected);
}

function judgeRecords(answer: Uint8Array, from: number, { type, answers }: ExpectedRecords): CheckResult {
  const isCut = (answer[2]! & TRUNCATED) !== 0;
  const records = readRecords(answer, from, type, TYPES[type]);
  if (records === null && !isCut) return { ok: false, reason: 'the answer cannot be read' };
  const found = new Set(records?.flat());
  const missing = answers.find(each => !found.has(each));
  if (missing === undefined) return { ok: true, reason: `the answer is ${answers.join(', ')}` };
  if (isCut) return { ok: false, reason: `the answer is cut off, and ${missing} not in what is there` };
  const instead = records!.length === 0 ? 'the answer has none' : `the answer is ${records![0]![0]}`;
  return { ok: false, reason: `${missing} is not in the answer: ${instead}` };
}

/** Names are the same in capitals and small letters. */
function repeatsQuestion(answer: Uint8Array, query: Uint8Array): boolean {
  if (answer.length < query.length || answer[4] !== 0 || answer[5] !== 1) return false;
  for (let at = HEADER_LENGTH; at < query.length; at++) {
    if (lower(answer[at]!) !== lower(query[at]!)) return false;
  }
  return true;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
