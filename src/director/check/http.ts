// HTTP_GET and SSL_GET: every URL of the check is answered as it should be (RFC 9112).
import type { Platform } from '../../platform/platform.ts';
import type { TlsConfig, UrlConfig } from '../config/config.ts';
import type { Call, Cancel } from '../dial.ts';
import { dialFor } from '../dial-tls.ts';
import { type HttpCheck, requestFor } from './http-request.ts';
import { HttpVerdict } from './http-verdict.ts';
import { leavingFrom } from './source.ts';
import type { CheckResult } from './state.ts';

/** Milliseconds of the processor for one piece of a body: a regular expression may make far more of it, and everybody waits. */
const LONGEST_SEARCH = 200;

/** Fetches the URLs one after the other, each over its own connection and with its own time limit, until one fails. */
export function probeHttp(platform: Platform, check: HttpCheck, done: (result: CheckResult) => void): Cancel {
  const from = leavingFrom(platform, check.source);
  let cancel: Cancel = () => {};
  function fetch(index: number): void {
    const url = check.urls[index]!;
    const begin = (call: Call) => converse(platform, call, requestFor(url, check), url);
    cancel = dialFor({ tls: tlsFor(url, check) })(from, check, begin, result => {
      if (result.ok && index + 1 < check.urls.length) fetch(index + 1);
      else done(result);
    });
  }
  fetch(0);
  return () => cancel();
}

/** The name of a site, without its port, unless it is an address: that is none for TLS (RFC 6066 section 3). */
function tlsFor({ host = '' }: UrlConfig, { tls, namesSite }: HttpCheck): TlsConfig | undefined {
  const serverName = host.replace(/:\d*$/, '');
  const isName = !serverName.startsWith('[') && !/^[\d.]*$/.test(serverName);
  return tls !== undefined && namesSite && isName ? { serverName, ...tls } : tls;
}

function converse(platform: Platform, call: Call, request: string, url: UrlConfig): void {
  const verdict = new HttpVerdict(url);
  let rest = new TextEncoder().encode(request);

  function write(): void {
    const sent = call.socket.send(rest);
    if (sent !== null) rest = rest.subarray(sent);
    call.whenWritable(rest.length > 0 ? write : null);
  }

  /** One piece at a time: a server that never pauses must not keep everybody else waiting. */
  function read(): void {
    const piece = call.socket.receive();
    if (piece === null) return;
    let result: CheckResult | null = null;
    const inTime = platform.within(LONGEST_SEARCH, () => {
      result = piece.data.length === 0 ? verdict.end() : verdict.push(piece.data);
    });
    if (!inTime) call.end({ ok: false, reason: `the regex takes too long to search for in ${url.path}` });
    else if (result !== null) call.end(result);
  }

  call.whenReadable(read);
  call.whenWritable(write);
}
