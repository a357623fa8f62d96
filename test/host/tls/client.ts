// A client that runs on the host program: `director ADDRESS AUTHORITIES NAME PORT/VERSION...` shakes hands with all these servers at the same
// time, three times each, and prints a line for each connection: what `/how` said, and the bytes of `/long`.
import '../../../src/platform/globals.ts';
import * as host from 'host';
import { encodeAddress } from '../../../src/platform/address.ts';
import { AF_INET, SOCK_STREAM } from '../../../src/platform/linux.ts';
import type { TlsSession } from '../../../src/platform/platform.ts';
import { createPlatform } from '../../../src/platform/quickjs.ts';
import { ready } from '../inside/wait.ts';

const platform = createPlatform();
const [address = '', authorities = '', serverName = '', ...servers] = platform.processes.args;
const octets = Uint8Array.from(address.split('.'), Number);

async function wait(fd: number, state: string): Promise<void> {
  if (state === 'readable') await ready(fd, host.READABLE);
  if (state === 'writable') await ready(fd, host.WRITABLE);
}

async function ask(session: TlsSession, fd: number, path: string): Promise<string> {
  let rest = host.encodeUtf8(`GET ${path} HTTP/1.1\r\nHost: ${serverName}\r\nConnection: close\r\n\r\n`);
  while (rest.length > 0) {
    // A byte at a time, and what is left.
    const sent = session.send(rest.subarray(0, rest.length > 10 ? 1 : rest.length));
    if (sent === null) await ready(fd, host.WRITABLE);
    else rest = rest.subarray(sent);
  }
  let text = '';
  for (;;) {
    const piece = session.receive();
    if (piece === null) await ready(fd, host.READABLE);
    else if (piece.data.length === 0) return text.slice(text.indexOf('\r\n\r\n') + 4);
    else text += host.decodeUtf8(piece.data);
  }
}

async function visit(
  server: string,
  path: string,
  resumption: Uint8Array | null,
): Promise<[string, Uint8Array | null]> {
  const [port, version] = server.split('/');
  const fd = host.socket(AF_INET, SOCK_STREAM, 0);
  host.connect(fd, encodeAddress({ family: 'inet', address: octets, port: Number(port) }));
  await ready(fd, host.WRITABLE);
  const session = platform.tls({ fd } as never, {
    serverName,
    version: version === '1.2' || version === '1.3' ? version : null,
    authorities: platform.files.readText(authorities),
    resumption,
  });
  try {
    for (let state = session.handshake(); state !== 'done'; state = session.handshake())
      await wait(fd, state);
    return [await ask(session, fd, path), session.resumption()];
  } finally {
    session.close();
    host.close(fd);
  }
}

async function visits(server: string): Promise<void> {
  let resumption: Uint8Array | null = null;
  for (const path of ['/how', '/how', '/long']) {
    const [said, kept]: [string, Uint8Array | null] = await visit(server, path, resumption);
    platform.print(`${server} ${path} ${path === '/long' ? said.length : said}\n`);
    resumption = kept;
  }
}

Promise.all(servers.map(visits));
