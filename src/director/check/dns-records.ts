// The records of a DNS answer as text, written as they stand in a zone file (RFC 1035 sections 3.3 and 4.1), names in small letters and
// without the dot at their end.
import { canonicalAddress, formatAddress } from '../address.ts';
import type { DnsType } from '../config/config.ts';

/** Bytes of a name, and what every record has between its name and its data. */
const LONGEST_NAME = 255;
const RECORD_HEAD_LENGTH = 10;

/** Of the header: how many records answer. */
const COUNT_AT = 6;

/** `text` written as records are here, so that the two can be compared. Null: no record of this type is like that. */
export function canonicalRecord(type: DnsType, text: string): string | null {
  switch (type) {
    case 'A':
    case 'AAAA': {
      const address = canonicalAddress(text);
      return address !== null && address.includes(':') === (type === 'AAAA') ? address : null;
    }
    case 'TXT':
      return text;
    case 'RRSIG':
    case 'DNSKEY':
      return null;
    default:
      return text
        .toLowerCase()
        .replace(/\s+/g, ' ')
        .replaceAll(/\.(?= |$)/g, '');
  }
}

/**
 * What the records of the type, of number `code`, can be called: each as a whole, and by its parts where it has several. Records of other
 * types are passed over. Null when the message is broken. `at` is where the records begin.
 */
export function readRecords(message: Uint8Array, at: number, type: DnsType, code: number): string[][] | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const records: string[][] = [];
  for (let left = view.getUint16(COUNT_AT); left > 0; left--) {
    const name = readName(message, at);
    if (name === null || name.end + RECORD_HEAD_LENGTH > message.length) return null;
    const begin = name.end + RECORD_HEAD_LENGTH;
    const end = begin + view.getUint16(begin - 2);
    if (end > message.length) return null;
    if (view.getUint16(name.end) === code) {
      const names = readData(message, type, begin, end);
      if (names === null) return null;
      records.push(names);
    }
    at = end;
  }
  return records;
}

function readData(message: Uint8Array, type: DnsType, begin: number, end: number): string[] | null {
  const data = message.subarray(begin, end);
  switch (type) {
    case 'A':
      return data.length === 4 ? [formatAddress(data)] : null;
    case 'AAAA':
      return data.length === 16 ? [formatAddress(data)] : null;
    case 'TXT':
      return readTexts(data);
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return readParts(message, begin, end, 0, 1, 0);
    case 'MX':
      return readParts(message, begin, end, 1, 1, 0);
    case 'SRV':
      return readParts(message, begin, end, 3, 1, 0);
    case 'SOA':
      return readParts(message, begin, end, 0, 2, 5);
    default:
      return [];
  }
}

/** Numbers of 16 bits, then names, then numbers of 32 bits. */
function readParts(
  message: Uint8Array,
  begin: number,
  end: number,
  shorts: number,
  names: number,
  longs: number,
): string[] | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const parts: string[] = [];
  let at = begin;
  for (let left = shorts; left > 0; left--, at += 2) {
    if (at + 2 > end) return null;
    parts.push(String(view.getUint16(at)));
  }
  for (let left = names; left > 0; left--) {
    const name = readName(message, at);
    if (name === null) return null;
    parts.push(name.text);
    at = name.end;
  }
  for (let left = longs; left > 0; left--, at += 4) {
    if (at + 4 > end) return null;
    parts.push(String(view.getUint32(at)));
  }
  if (at !== end) return null;
  return parts.length === 1 ? parts : [parts.join(' '), ...parts];
}

/** The strings of a TXT record are one text. */
function readTexts(data: Uint8Array): string[] | null {
  let text = '';
  for (let at = 0; at < data.length; ) {
    const end = at + 1 + data[at]!;
    if (end > data.length) return null;
    text += String.fromCharCode(...data.subarray(at + 1, end));
    at = end;
  }
  return [text];
}

/** A name that may go on elsewhere (section 4.1.4); `end` is where the message goes on behind it. */
function readName(message: Uint8Array, at: number): { readonly text: string; readonly end: number } | null {
  const labels: string[] = [];
  let length = 0;
  let end = 0;
  for (let from = at; from < message.length; ) {
    const byte = message[from]!;
    if (byte === 0) return { text: labels.join('.').toLowerCase(), end: end || from + 1 };
    if (byte >= 0xc0) {
      const to = ((byte & 0x3f) << 8) | (message[from + 1] ?? 0);
      end ||= from + 2;
      // Only ever backwards: it comes to an end.
      if (to >= from) return null;
      from = to;
    } else {
      const stop = from + 1 + byte;
      length += 1 + byte;
      if (byte > 63 || stop > message.length || length > LONGEST_NAME) return null;
      labels.push(String.fromCharCode(...message.subarray(from + 1, stop)));
      from = stop;
    }
  }
  return null;
}
