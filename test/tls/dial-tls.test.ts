// Connections with TLS over a fake platform: turns, fallback, resumption, and that everything is closed in the end.
import test from 'ava';
import type { CheckTiming, TlsConfig } from '../../src/director/config/config.ts';
import type { Call, CallResult } from '../../src/director/dial.ts';
import { dialFor } from '../../src/director/dial-tls.ts';
import { createFake, type FakePlatform, type FakeTls } from '../../src/platform/fake.ts';
import { bytes, sent, TIMING } from '../check/attempt.ts';

type Play = (session: FakeTls, index: number) => void;

function bench(play: Play = () => {}) {
  const sessions: FakeTls[] = [];
  const platform = createFake({
    onSocket(socket) {
      socket.connecting = 'at once';
    },
    onTls(session) {
      play(session, sessions.length);
      sessions.push(session);
    },
    files: { '/ca.pem': 'PEM' },
  });
  return { platform, sessions };
}

interface Begun {
  readonly results: CallResult[];
  readonly calls: Call[];
  cancel(): void;
}

function begin(platform: FakePlatform, tls: TlsConfig = {}, timing: Partial<CheckTiming> = {}): Begun {
  const results: CallResult[] = [];
  const calls: Call[] = [];
  const callee = { ...TIMING, ...timing };
  const cancel = dialFor({ tls })(
    platform,
    callee,
    call => calls.push(call),
    result => results.push(result),
  );
  if (results.length > 0) throw new Error('a result before the attempt was under way');
  platform.clock.settle();
  return { results, calls, cancel };
}

const OK = { ok: true, reason: 'fine' };

test('what is said after the handshake goes through TLS, and all is closed at the end', t => {
  const { platform, sessions } = bench();
  const { results, calls } = begin(platform, { serverName: 'www.example.org' });
  t.is(calls.length, 1);
  t.like(sessions[0]!.options, { serverName: 'www.example.org', version: '1.2', authorities: null });
  t.is(calls[0]!.startTls, undefined);
  calls[0]!.socket.send(bytes('hello'));
  t.is(sent(platform.sockets[0]!), 'hello');
  calls[0]!.end(OK);
  t.deepEqual(results, [OK]);
  t.true(sessions[0]!.closed && platform.sockets[0]!.closed);
});

test('a session is resumed at the next attempt, and no longer than ten minutes', t => {
  const ticket = Uint8Array.of(7);
  const { platform, sessions } = bench(session => {
    session.saved = ticket;
  });
  for (const expected of [null, ticket, ticket]) {
    begin(platform).calls[0]!.end(OK);
    t.is(sessions.at(-1)!.options.resumption, expected);
  }
  platform.clock.advance(600_000);
  begin(platform).calls[0]!.end(OK);
  t.is(sessions.at(-1)!.options.resumption, null);
  // Another name is another server.
  begin(platform, { serverName: 'b' }).calls[0]!.end(OK);
  t.is(sessions.at(-1)!.options.resumption, null);
});

test('a server that refuses TLS 1.2 gets what it likes, now and the next time', t => {
  const { platform, sessions } = bench(session => {
    if (session.options.version === '1.2') session.steps = ['again', 'E0x7780 alert 70 flaws 0'];
  });
  const first = begin(platform);
  t.is(first.calls.length, 1);
  t.deepEqual(
    sessions.map(({ options }) => options.version),
    ['1.2', null],
  );
  t.true(sessions[0]!.closed && platform.sockets[0]!.closed && !platform.sockets[1]!.closed);
  first.calls[0]!.end(OK);
  begin(platform).calls[0]!.end(OK);
  t.is(sessions.length, 3);
  t.is(sessions[2]!.options.version, null);
});

test('a server that does not like an earlier session is asked without', t => {
  const { platform, sessions } = bench(session => {
    session.saved = Uint8Array.of(7);
    if (session.options.resumption !== null) session.steps = ['E0x7780 alert 51 flaws 0'];
  });
  begin(platform).calls[0]!.end(OK);
  const second = begin(platform);
  t.is(second.calls.length, 1);
  t.deepEqual(second.results, []);
  t.deepEqual(
    sessions.map(({ options }) => options.resumption !== null),
    [false, true, false],
  );
});

test('what fails whatever is tried is told, and so is a version that is asked for', t => {
  const { platform, sessions } = bench(session => {
    session.steps = ['E0x7780 alert 40 flaws 0'];
  });
  const reason = 'TLS: the server says: handshake failure';
  t.deepEqual(begin(platform).results, [{ ok: false, reason }]);
  t.is(sessions.length, 2);
  t.deepEqual(begin(platform, { version: '1.3' }).results, [{ ok: false, reason }]);
  t.is(sessions.length, 3);
  t.true(platform.sockets.every(({ closed }) => closed));
});

test('one time limit bounds a handshake and what follows', t => {
  const { platform } = bench(session => {
    session.steps = ['again', 'readable'];
  });
  const { results } = begin(platform);
  platform.clock.advance(4999);
  t.deepEqual(results, []);
  platform.clock.advance(1);
  t.deepEqual(results, [{ ok: false, reason: 'no answer within 5 s' }]);
  t.true(platform.sockets[0]!.closed);
});

test('four at a time; one that waits for a silent server does not count, and the time of who waits has not begun', t => {
  const { platform, sessions } = bench(session => {
    session.steps = ['readable'];
  });
  const begun = Array.from({ length: 6 }, () => begin(platform));
  t.is(platform.sockets.length, 4);
  platform.clock.advance(1000);
  t.is(platform.sockets.length, 6);
  platform.clock.advance(4000);
  t.deepEqual(
    begun.map(({ results }) => results.length),
    [1, 1, 1, 1, 0, 0],
  );
  platform.clock.advance(1000);
  t.true(begun.every(({ results }) => results.length === 1));
  t.true(sessions.every(({ closed }) => closed));
});

test('an attempt that is given up says nothing more, in the queue or under way', t => {
  const { platform, sessions } = bench(session => {
    session.steps = ['readable'];
  });
  const begun = Array.from({ length: 6 }, () => begin(platform));
  begun[5]!.cancel();
  for (const each of begun.slice(0, 4)) each.cancel();
  platform.clock.settle();
  t.is(platform.sockets.length, 5);
  begun[4]!.cancel();
  platform.clock.advance(10_000);
  t.true(begun.every(({ results }) => results.length === 0));
  t.true(sessions.every(({ closed }) => closed) && platform.sockets.every(({ closed }) => closed));
});

test('STARTTLS: plain until it is asked for', t => {
  const { platform, sessions } = bench();
  const { calls, results } = begin(platform, { startsLater: true });
  const call = calls[0]!;
  call.socket.send(bytes('EHLO'));
  t.is(sessions.length, 0);
  let isSecure = false;
  call.startTls!(() => {
    isSecure = true;
  });
  platform.clock.settle();
  t.true(isSecure);
  t.is(sessions.length, 1);
  call.socket.send(bytes('again'));
  call.end(OK);
  t.deepEqual(results, [OK]);
  t.true(sessions[0]!.closed);
});

test('STARTTLS that fails by version is begun anew, with a new call', t => {
  const { platform, sessions } = bench(session => {
    if (session.options.version === '1.2') session.steps = ['E0x7780 alert 70 flaws 0'];
  });
  const { calls, results } = begin(platform, { startsLater: true });
  calls[0]!.startTls!(() => t.fail());
  platform.clock.settle();
  t.is(calls.length, 2);
  let isSecure = false;
  calls[1]!.startTls!(() => {
    isSecure = true;
  });
  platform.clock.settle();
  t.true(isSecure);
  t.is(sessions.length, 2);
  calls[1]!.end(OK);
  t.deepEqual(results, [OK]);
});

test('authorities are read at each attempt', t => {
  const { platform, sessions } = bench();
  begin(platform, { authorities: '/ca.pem' }).calls[0]!.end(OK);
  t.is(sessions[0]!.options.authorities, 'PEM');
  const { results } = begin(platform, { authorities: '/none.pem' });
  t.deepEqual(results, [{ ok: false, reason: 'the certificates of /none.pem: ENOENT' }]);
  t.true(platform.sockets[1]!.closed);
});

test('TLS that breaks in the conversation fails the attempt', t => {
  const { platform, sessions } = bench(session => {
    session.receive = () => {
      throw Object.assign(new Error('tls'), {
        code: 'EPROTO',
        syscall: 'tls',
        argument: '0x7180 alert 0 flaws 0',
      });
    };
  });
  const { calls, results } = begin(platform);
  calls[0]!.whenReadable(() => void calls[0]!.socket.receive());
  platform.sockets[0]!.deliver(bytes('x'));
  platform.clock.settle();
  t.deepEqual(results, [{ ok: false, reason: 'TLS: a record that was changed on its way' }]);
  t.true(sessions[0]!.closed);
});
