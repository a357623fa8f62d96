import test from 'ava';
import * as host from 'host';
import { decodeAddress, encodeAddress } from '../../../src/platform/address.ts';
import { AF_INET, SOCK_STREAM } from '../../../src/platform/linux.ts';
import { ready } from './wait.ts';

/** What OpenSSL 3.0 sends first to a client of TLS 1.2: its hello, its certificate, its key (P-256), and that this is all. */
const FLIGHT = `
  160303005d02000059030330b632180eba74d01c5c6082fdc948300bb47d217de84dd124f91f71109da2ad204a0a17bd6fbd
  619f7a863cae7ed27e98b400bef65dac36e2d2c3c735a609c6ddcca9000011ff01000100000b000403000102001700001603
  03018b0b0001870001840001813082017d30820123a00302010202143a4630b65c9fb37b1c16645ec91b2ac780c2520f300a
  06082a8648ce3d04030230143112301006035504030c096c6f63616c686f7374301e170d3236313132313130353935365a17
  0d3236313232313130353935365a30143112301006035504030c096c6f63616c686f73743059301306072a8648ce3d020106
  082a8648ce3d030107034200043cb8f0acf3192458eb86e901cfa678f3562f859b2dff661f52c2a4728e4d9e9bad2a9de7ce
  c8dd0b7ae1f26bf1f718d25b9206594e07a0f02a1e33e1d2f0be3da3533051301d0603551d0e041604146b2088d03de02a22
  60510c63a3523739db80aa9b301f0603551d230418301680146b2088d03de02a2260510c63a3523739db80aa9b300f060355
  1d130101ff040530030101ff300a06082a8648ce3d0403020348003045022100dc108c7b5c5915c6a71d54bb6a1ca2fb374b
  81e11e39d3575b150a8cd3096cce0220169805353784f01507daae92f73ce4d0dd8c0f982e535fdaf5b886c15b7dde731603
  0300930c00008f03001741047d258326adda00a2d9a49622e9edc2b2c52055102f4908e1c11b9ef7d0fd3b2e09a40747bac6
  b02fbce216dc014f4a37eb4799e8dee82fcd2fde892915f3b6a504030046304402200cc2973010ffe0c010ac55f13544d9ef
  25904215c6b7d55e93298fbf42ab154e022070d590916788f674716b4da096fe29d58b7ac2b442a41a8ce81bf49385e4fb89
  16030300040e000000`;

const flight = Uint8Array.from(FLIGHT.match(/[0-9a-f]{2}/g)!, each => Number.parseInt(each, 16));

const loopback = (port: number) =>
  encodeAddress({ family: 'inet', address: Uint8Array.of(127, 0, 0, 1), port });

interface Line {
  readonly client: number;
  readonly server: number;
  close(): void;
}

async function connect(): Promise<Line> {
  const listener = host.socket(AF_INET, SOCK_STREAM, 0);
  host.bind(listener, loopback(0));
  host.listen(listener, 1);
  const address = decodeAddress(host.localAddress(listener));
  const client = host.socket(AF_INET, SOCK_STREAM, 0);
  host.connect(client, loopback(address !== null && 'port' in address ? address.port : 0));
  await ready(listener, host.READABLE);
  const server = host.accept(listener)!.fd;
  host.close(listener);
  return {
    client,
    server,
    close() {
      host.close(client);
      host.close(server);
    },
  };
}

/** Shakes hands until the server is waited for or TLS fails; returns the step or the error. */
async function shake(session: number, client: number): Promise<string> {
  let waited = false;
  for (let steps = 0; steps < 1000; steps++) {
    let step: string;
    try {
      step = host.tlsHandshake(session);
    } catch (error) {
      return `${(error as host.HostError).code} ${(error as host.HostError).argument}`;
    }
    if (step === 'readable') {
      if (waited) return step;
      waited = true;
      // On loopback all that was sent is there at once.
      await ready(client, host.READABLE | host.WRITABLE);
    } else if (step === 'done') return step;
  }
  return 'too many steps';
}

/** What a client makes of these bytes of its server. */
async function meet(bytes: Uint8Array, version: 0 | 2 | 3, hangsUp: boolean): Promise<string> {
  const line = await connect();
  const session = host.tlsOpen(line.client, 'www.example.org', version, '', null);
  host.send(line.server, bytes, null);
  if (hangsUp) host.shutdown(line.server, 1);
  const result = await shake(session, line.client);
  host.tlsClose(session);
  line.close();
  return result;
}

const code = (step: () => unknown): string => {
  try {
    step();
    return 'nothing';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
};

test('a client begins, and waits for a server that is silent', async t => {
  t.is(await meet(new Uint8Array(0), 0, false), 'readable');
});

test('a server that hangs up, or says something else, is told', async t => {
  t.is(await meet(new Uint8Array(0), 0, true), 'EPROTO 0x7280 alert 0 flaws 0');
  t.is(
    await meet(host.encodeUtf8('220 mx.example.org ready\r\n'), 0, false),
    'EPROTO 0x7200 alert 0 flaws 0',
  );
  t.is(await meet(Uint8Array.of(21, 3, 3, 0, 2, 2, 40), 0, false), 'EPROTO 0x7780 alert 40 flaws 0');
});

test('an answer to somebody else is not signed for this client', async t => {
  t.regex(await meet(flight, 2, false), /^EPROTO 0x4e00 /);
});

test('what a server sends, with mistakes in it, fails the handshake and nothing else', async t => {
  const seed = Number(host.environment('SEED') ?? host.random(2).reduce((sum, byte) => sum * 256 + byte, 1));
  t.log(`seed ${seed}`);
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
  for (let round = 0; round < 400; round++) {
    let bytes = flight.slice();
    const mistakes = 1 + random(4);
    for (let mistake = 0; mistake < mistakes; mistake++) {
      const at = random(bytes.length);
      const kind = random(4);
      if (kind === 0) bytes[at] = random(256);
      else if (kind === 1) bytes[at] = [0, 0xff, 0x7f, 0x80][random(4)]!;
      else if (kind === 2)
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + random(9))]);
      else
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...host.random(random(9)), ...bytes.subarray(at)]);
      if (bytes.length === 0) bytes = Uint8Array.of(22);
    }
    const result = await meet(bytes, ([0, 2, 3] as const)[random(3)]!, random(2) === 0);
    t.regex(result, /^(?:EPROTO|ECONNRESET|EPIPE|readable)/, `seed ${seed}, round ${round}: ${result}`);
  }
});

test('sessions are numbers of their own, sixteen at a time', async t => {
  const line = await connect();
  const sessions = Array.from({ length: 16 }, () => host.tlsOpen(line.client, '', 0, '', null));
  t.is(
    code(() => host.tlsOpen(line.client, '', 0, '', null)),
    'EAGAIN',
  );
  t.is(new Set(sessions).size, 16);
  host.tlsClose(sessions[3]!);
  t.is(
    code(() => host.tlsClose(sessions[3]!)),
    'EBADF',
  );
  t.is(host.tlsOpen(line.client, '', 0, '', null), sessions[3]!);
  for (const session of sessions) {
    t.is(host.tlsSession(session), null);
    host.tlsClose(session);
  }
  line.close();
});

test('before the handshake nothing is received, and nothing is sent in the clear', async t => {
  const line = await connect();
  const session = host.tlsOpen(line.client, '', 0, '', null);
  t.is(host.tlsReceive(session, new Uint8Array(100)), null);
  t.is(host.tlsSend(session, host.encodeUtf8('in the clear')), null);
  await ready(line.server, host.READABLE);
  const into = new Uint8Array(4096);
  const { length } = host.receive(line.server, into)!;
  t.is(into[0], 22);
  t.false(String.fromCharCode(...into.subarray(0, length)).includes('in the clear'));
  host.tlsClose(session);
  line.close();
});

test('what is no certificate, no session and no name is refused', async t => {
  const line = await connect();
  const refused = (name: string, authorities: string, session: Uint8Array | null) =>
    code(() => host.tlsClose(host.tlsOpen(line.client, name, 0, authorities, session)));
  t.is(refused('', ' ', null), 'EPROTO');
  t.is(refused('', 'no certificate', null), 'EPROTO');
  t.is(refused('', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', null), 'EPROTO');
  t.is(refused('x'.repeat(300), '', null), 'EPROTO');
  for (let length = 1; length < 200; length += 7) t.is(refused('', '', host.random(length)), 'EPROTO');
  t.is(refused('www.example.org', '', null), 'nothing');
  line.close();
});

test('a socket that is gone is the error of the socket', t => {
  const fd = host.socket(AF_INET, SOCK_STREAM, 0);
  const session = host.tlsOpen(fd, '', 0, '', null);
  host.close(fd);
  t.is(
    code(() => {
      while (host.tlsHandshake(session) === 'again');
    }),
    'EBADF',
  );
  host.tlsClose(session);
});

test('a key is derived as RFC 7914 has it', t => {
  // Section 11: PBKDF2-HMAC-SHA-256 of "passwd", "salt", 1 round, and its first half.
  const key = host.deriveKey(host.encodeUtf8('passwd'), host.encodeUtf8('salt'), 1);
  const text = Array.from(key, byte => byte.toString(16).padStart(2, '0')).join('');
  t.is(text, '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc');
  t.is(
    code(() => host.deriveKey(key, key, 10_001)),
    'RangeError',
  );
});
