import test from 'ava';
import { createProbe } from '../../src/director/check/probe.ts';
import type { CheckResult } from '../../src/director/check/state.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { createFake, type FakeSocket } from '../../src/platform/fake.ts';

const timing = {
  connectAddress: '192.0.2.7',
  connectPort: 8080,
  connectTimeout: 5000,
  retries: 0,
  delayBeforeRetry: 1000,
  interval: 6000,
};
const TCP: CheckConfig = { kind: 'TCP_CHECK', ...timing };
const OK = [{ from: 200, to: 299 }];
const HTTP: CheckConfig = { kind: 'HTTP_GET', ...timing, urls: [{ path: '/', statusCodes: OK }] };

const bytes = (text: string) => new TextEncoder().encode(text);
const sent = (socket: FakeSocket) => socket.sent.map(({ data }) => new TextDecoder().decode(data)).join('');

/** A check under way, with its results so far. */
function begin(check: CheckConfig, onSocket: (socket: FakeSocket) => void = () => {}) {
  const platform = createFake({ onSocket });
  const results: CheckResult[] = [];
  const cancel = createProbe(platform)(check, result => results.push(result));
  const early = results.length;
  platform.clock.settle();
  return { platform, results, cancel, early, socket: () => platform.sockets.at(-1)! };
}

test('TCP_CHECK passes when the connection stands, and closes it', t => {
  const { platform, results, socket } = begin(TCP);
  t.deepEqual(socket().connectedTo, { family: 'inet', address: Uint8Array.of(192, 0, 2, 7), port: 8080 });
  socket().connected();
  platform.clock.settle();
  t.deepEqual(results, [{ ok: true, reason: 'takes connections' }]);
  t.true(socket().closed);
  t.is(platform.clock.nextDue(), null);
});

test('TCP_CHECK also passes when the connection stands at once, but never before it was started', t => {
  const { results, early } = begin(TCP, socket => {
    socket.connecting = 'at once';
  });
  t.is(early, 0);
  t.true(results[0]?.ok);
});

test('TCP_CHECK over IPv6', t => {
  const { socket } = begin({ ...TCP, connectAddress: '2001:db8::5' });
  t.like(socket().connectedTo, { family: 'inet6', port: 8080 });
});

test('a refused connection fails, now or later', t => {
  const later = begin(TCP);
  later.socket().refused();
  later.platform.clock.settle();
  t.deepEqual(later.results, [{ ok: false, reason: 'connection refused' }]);
  const now = begin(TCP, socket => {
    socket.connecting = 'ENETUNREACH';
  });
  t.deepEqual(now.results, [{ ok: false, reason: 'network unreachable' }]);
  t.true(now.socket().closed);
});

test('a server that does not answer fails when its time is up', t => {
  const { platform, results, socket } = begin(TCP);
  platform.clock.advance(4999);
  t.deepEqual(results, []);
  platform.clock.advance(1);
  t.deepEqual(results, [{ ok: false, reason: 'no answer within 5 s' }]);
  t.true(socket().closed);
});

test('a cancelled check says nothing more', t => {
  const { platform, results, cancel, socket } = begin(TCP);
  cancel();
  socket().connected();
  platform.clock.advance(10_000);
  t.deepEqual(results, []);
  t.true(socket().closed);
});

test('HTTP_GET asks for the path with the Host of the server', t => {
  const { platform, socket } = begin(HTTP);
  socket().connected();
  platform.clock.settle();
  t.regex(sent(socket()), /^GET \/ HTTP\/1\.0\r\nHost: 192\.0\.2\.7:8080\r\n(?:[^\r\n]+\r\n)+\r\n$/);
});

test('HTTP_GET leaves the default port out of Host and brackets IPv6', t => {
  for (const [address, port, host] of [
    ['192.0.2.7', 80, '192.0.2.7'],
    ['2001:db8::5', 80, '[2001:db8::5]'],
    ['2001:db8::5', 8080, '[2001:db8::5]:8080'],
  ] as const) {
    const { platform, socket } = begin({ ...HTTP, connectAddress: address, connectPort: port });
    socket().connected();
    platform.clock.settle();
    t.true(sent(socket()).includes(`\r\nHost: ${host}\r\n`), host);
  }
});

function answered(text: string, check: CheckConfig = HTTP): CheckResult | undefined {
  const { platform, results, socket } = begin(check);
  socket().connected();
  platform.clock.settle();
  socket().deliver(bytes(text));
  socket().hangUp();
  platform.clock.settle();
  t_closed(socket());
  return results[0];
}

function t_closed(socket: FakeSocket): void {
  if (!socket.closed) throw new Error('the socket was left open');
}

test('HTTP_GET passes by the status', t => {
  t.deepEqual(answered('HTTP/1.1 200 OK\r\n\r\n'), { ok: true, reason: 'status 200 for /' });
  t.deepEqual(answered('HTTP/1.1 503 Busy\r\n\r\n'), { ok: false, reason: 'status 503 for /' });
  t.deepEqual(answered('nonsense\r\n'), { ok: false, reason: 'the answer is not HTTP' });
  t.deepEqual(answered(''), { ok: false, reason: 'closed without an answer' });
});

test('HTTP_GET takes any of the configured ranges', t => {
  const urls = [
    {
      path: '/x',
      statusCodes: [
        { from: 301, to: 302 },
        { from: 404, to: 404 },
      ],
    },
  ];
  t.true(answered('HTTP/1.1 404 None\r\n\r\n', { ...HTTP, urls })?.ok);
  t.false(answered('HTTP/1.1 200 OK\r\n\r\n', { ...HTTP, urls })?.ok);
});

test('HTTP_GET fails when the connection is reset or the answer dribbles on', t => {
  const reset = begin(HTTP);
  reset.socket().connected();
  reset.platform.clock.settle();
  reset.socket().refused('ECONNRESET');
  reset.platform.clock.settle();
  t.deepEqual(reset.results, [{ ok: false, reason: 'connection reset' }]);

  const dribble = begin(HTTP);
  dribble.socket().connected();
  for (const character of 'HTTP/1.1 200 OK\r\n') {
    dribble.platform.clock.advance(400);
    dribble.socket().deliver(bytes(character));
  }
  dribble.platform.clock.settle();
  t.deepEqual(dribble.results, [{ ok: false, reason: 'no answer within 5 s' }]);
});

test('HTTP_GET fetches every URL over its own connection until one fails', t => {
  const urls = ['/a', '/b', '/c'].map(path => ({ path, statusCodes: OK }));
  const { platform, results, socket } = begin({ ...HTTP, urls });
  const answer = (status: number) => {
    socket().connected();
    platform.clock.settle();
    socket().deliver(bytes(`HTTP/1.1 ${status} X\r\n\r\n`));
    platform.clock.settle();
  };
  answer(200);
  t.deepEqual(results, []);
  answer(500);
  t.deepEqual(results, [{ ok: false, reason: 'status 500 for /b' }]);
  t.is(platform.sockets.length, 2);
  t.true(platform.sockets.every(each => each.closed));
});

test('HTTP_GET sends the rest of its request when there is room', t => {
  const { platform, results, socket } = begin(HTTP);
  socket().blocked = true;
  socket().connected();
  platform.clock.settle();
  t.is(sent(socket()), '');
  socket().unblock();
  platform.clock.settle();
  t.true(sent(socket()).startsWith('GET / '));
  t.deepEqual(results, []);
});

test('HTTP_GET says what it is told to say', t => {
  const say = (more: object, host?: string) => {
    const urls = [{ path: '/', statusCodes: OK, ...(host !== undefined && { host }) }];
    const { platform, socket } = begin({ ...HTTP, urls, ...more } as CheckConfig);
    socket().connected();
    platform.clock.settle();
    return sent(socket());
  };
  t.regex(say({}), /^GET \/ HTTP\/1\.0\r\n(?:.+\r\n)*Connection: close\r\n/);
  t.regex(say({ protocol: '1.1' }), /^GET \/ HTTP\/1\.1\r\n(?:.+\r\n)*Connection: close\r\n/);
  t.regex(say({ keepAlive: true }), /\r\nConnection: keep-alive\r\n/);
  const urls = [{ path: '/a b', statusCodes: OK }];
  t.regex(say({ urls }), /^GET \/a%20b HTTP\/1\.0\r\n/);
  t.regex(say({}, 'www.example.org'), /\r\nHost: www\.example\.org\r\n/);
});
