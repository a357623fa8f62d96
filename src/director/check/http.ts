// HTTP_GET: every URL of the check is answered with a status that counts as up (RFC 9112).
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig, CheckTiming, UrlConfig } from '../config/config.ts';
import { type Call, type Cancel, dial } from '../dial.ts';
import { VERSION } from '../version.ts';
import { HttpHead } from './http-head.ts';
import { leavingFrom } from './source.ts';
import type { CheckResult } from './state.ts';

type HttpCheck = Extract<CheckConfig, { kind: 'HTTP_GET' }>;

/** Fetches the URLs one after the other, each over its own connection and with its own time limit, until one fails. */
export function probeHttp(platform: Platform, check: HttpCheck, done: (result: CheckResult) => void): Cancel {
  let cancel: Cancel = () => {};
  function fetch(index: number): void {
    const url = check.urls[index]!;
    cancel = probeUrl(platform, check, url, result => {
      if (result.ok && index + 1 < check.urls.length) fetch(index + 1);
      else done(result);
    });
  }
  fetch(0);
  return () => cancel();
}

function probeUrl(
  platform: Platform,
  timing: CheckTiming,
  url: UrlConfig,
  done: (result: CheckResult) => void,
): Cancel {
  return dial(
    leavingFrom(platform, timing.source),
    timing,
    call => converse(call, requestFor(url, timing), url),
    done,
  );
}

/** HTTP/1.0, so that the answer is neither chunked nor kept open; with Host, which name-based servers need all the same. */
export function requestFor({ path }: UrlConfig, { connectAddress, connectPort }: CheckTiming): string {
  const host = connectAddress.includes(':') ? `[${connectAddress}]` : connectAddress;
  const authority = connectPort === 80 ? host : `${host}:${connectPort}`;
  return `GET ${path} HTTP/1.0\r\nHost: ${authority}\r\nUser-Agent: compact-director/${VERSION}\r\nConnection: close\r\n\r\n`;
}

function converse(call: Call, request: string, url: UrlConfig): void {
  const head = new HttpHead();
  let rest = new TextEncoder().encode(request);

  function write(): void {
    const sent = call.socket.send(rest);
    if (sent !== null) rest = rest.subarray(sent);
    call.whenWritable(rest.length > 0 ? write : null);
  }

  function read(): void {
    for (let datagram = call.socket.receive(); datagram !== null; datagram = call.socket.receive()) {
      const reading = datagram.data.length === 0 ? head.end() : head.push(datagram.data);
      if (reading === null) continue;
      call.end('wrong' in reading ? { ok: false, reason: reading.wrong } : judge(reading.status, url));
      return;
    }
  }

  call.whenReadable(read);
  call.whenWritable(write);
}

function judge(status: number, { path, statusCodes }: UrlConfig): CheckResult {
  const ok = statusCodes.some(({ from, to }) => status >= from && status <= to);
  return { ok, reason: `status ${status} for ${path}` };
}
