// An OPTIONS request and the responses to it (RFC 3261, sections 7, 11 and 18). Pure.
import type { SocketAddress } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';

/** Bytes of a response that are read. */
const LONGEST_RESPONSE = 16_384;

export interface SipQuestion {
  readonly transport: 'UDP' | 'TCP' | 'TLS';
  /** What is asked: `sip:10.0.0.1:5060`. */
  readonly uri: string;
  /** User name of who asks. */
  readonly user: string;
  /** Makes this request another one than all others: hexadecimal. */
  readonly token: string;
}

export interface SipResponse {
  readonly status: number;
  /** Bytes of head and body together. */
  readonly length: number;
}

/** `from` is where the request leaves from. */
export function sipOptions({ transport, uri, user, token }: SipQuestion, from: SocketAddress): string {
  const host = hostOf(from);
  return [
    `OPTIONS ${uri} SIP/2.0`,
    // "rport": the response comes to the port that the request comes from (RFC 3581).
    `Via: SIP/2.0/${transport} ${host};branch=z9hG4bK${token};rport`,
    'Max-Forwards: 70',
    `From: <sip:${user}@${host}>;tag=${token}`,
    `To: <${uri}>`,
    `Call-ID: ${token}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:${user}@${host}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** With the brackets of IPv6. */
export function hostOf(address: SocketAddress): string {
  if (address.family !== 'inet' && address.family !== 'inet6') return 'localhost';
  const text = formatAddress(address.address);
  return `${address.family === 'inet6' ? `[${text}]` : text}:${address.port}`;
}

/**
 * The response at the beginning of `text`, one character a byte. `more`: it is not whole yet; `other`: it is none to the request with
 * this token. `isDatagram`: it is as long as it is.
 */
export function readSip(text: string, token: string, isDatagram: boolean): SipResponse | 'more' | 'other' {
  const start = text.slice(0, 12);
  const match = /^SIP\/2\.0 ([1-6]\d\d)/.exec(start);
  if (match === null) return start.length < 12 && 'SIP/2.0 '.startsWith(start.slice(0, 8)) ? 'more' : 'other';
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text.length < LONGEST_RESPONSE ? 'more' : 'other';
  const head = text.slice(0, end + 2);
  const isOurs = field(head, 'call-id|i') === token && /^1\s+OPTIONS$/.test(field(head, 'cseq') ?? '');
  if (!isOurs) return 'other';
  const body = isDatagram ? text.length - end - 4 : Number(field(head, 'content-length|l') ?? 0);
  if (!Number.isInteger(body) || body < 0) return 'other';
  const length = end + 4 + body;
  if (length > LONGEST_RESPONSE) return 'other';
  return text.length < length ? 'more' : { status: Number(match[1]), length };
}

/** What stands behind the name of a header field; the name may have a short form. */
function field(head: string, names: string): string | undefined {
  return new RegExp(`\\r\\n(?:${names})[ \\t]*:[ \\t]*([^\\r\\n]*)`, 'i').exec(head)?.[1]?.trimEnd();
}
