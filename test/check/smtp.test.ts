import test from 'ava';
import { smtpDialogue } from '../../src/director/check/smtp-dialogue.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, bytes, sent, TIMING } from './attempt.ts';

const SMTP: CheckConfig = { kind: 'SMTP_CHECK', ...TIMING, helo: 'lvs1' };

/** What the client does at each line; the last reaction as it is. */
function talk(...lines: string[]): unknown[] {
  const dialogue = smtpDialogue('lvs1', false);
  return lines.map(line => dialogue.take(line));
}

/** A server that says all this and, where told to, closes. */
function told(text: string, closes = true) {
  const attempt = begin(SMTP);
  attempt.socket().connected();
  attempt.platform.clock.settle();
  attempt.socket().deliver(bytes(text));
  if (closes) attempt.socket().hangUp();
  attempt.platform.clock.settle();
  return attempt;
}

test('a server that greets, takes HELO and says goodbye is up', t => {
  t.deepEqual(talk('220-mx', '220 mx ready', '250 hello', '221 bye'), [
    null,
    { say: 'HELO lvs1\r\n' },
    { say: 'QUIT\r\n' },
    { end: { ok: true, reason: 'greets and takes HELO' } },
  ]);
  t.true((talk('220', '250-a', '250 b', '500 what').at(-1) as { end: { ok: boolean } }).end.ok);
});

test('what a server says instead is told', t => {
  const last = (...lines: string[]) => talk(...lines).at(-1);
  t.deepEqual(last('554 go away'), { end: { ok: false, reason: 'the greeting is 554' } });
  t.deepEqual(last('SSH-2.0-x'), { end: { ok: false, reason: 'the greeting is not SMTP' } });
  t.deepEqual(last('220 mx', '502 no'), { end: { ok: false, reason: 'the answer to HELO is 502' } });
  t.deepEqual(last('220 mx', '250-no end', '2500 x'), {
    end: { ok: false, reason: 'the answer to HELO is not SMTP' },
  });
});

test('SMTP_CHECK speaks over the connection, also when all answers come at once', t => {
  const attempt = told('220 mx\r\n250 ok\r\n221 bye\r\n');
  t.deepEqual(attempt.results, [{ ok: true, reason: 'greets and takes HELO' }]);
  t.true(attempt.socket().closed);
  const slow = told('220 mx\r\n', false);
  t.is(sent(slow.socket()), 'HELO lvs1\r\n');
  slow.socket().deliver(bytes('250 ok\n'));
  slow.platform.clock.settle();
  t.is(sent(slow.socket()), 'HELO lvs1\r\nQUIT\r\n');
});

test('a client without a name gives its address', t => {
  const attempt = begin({ ...SMTP, helo: null });
  attempt.socket().connected();
  attempt.platform.clock.settle();
  attempt.socket().deliver(bytes('220 mx\r\n'));
  attempt.platform.clock.settle();
  t.is(sent(attempt.socket()), 'HELO [0.0.0.0]\r\n');
});

test('servers that close, hang, dribble, or never end a line have failed', t => {
  t.deepEqual(told('220 m').results, [{ ok: false, reason: 'closed: waiting for the greeting' }]);
  t.deepEqual(told(`220 ${'x'.repeat(3000)}`, false).results, [
    { ok: false, reason: 'a line is longer than 2048 bytes' },
  ]);
  t.deepEqual(told('220-on and on\r\n'.repeat(300), false).results, [
    { ok: false, reason: 'more than 200 lines' },
  ]);
  const dribbling = told('2', false);
  for (let round = 0; round < 60; round++) {
    dribbling.platform.clock.advance(100);
    if (!dribbling.socket().closed) dribbling.socket().deliver(bytes('2'));
  }
  t.deepEqual(dribbling.results, [{ ok: false, reason: 'no answer within 5 s: waiting for the greeting' }]);
});

test('random answers never pass for a mail server', t => {
  const seed = 20260402;
  const random = randomNumbers(seed);
  for (let round = 0; round < rounds(500); round++) {
    const text = Array.from({ length: random(60) }, () => String.fromCharCode(random(256))).join('');
    const { results } = told(`${random(2) === 0 ? '220 mx\r\n' : ''}${text}\n`);
    t.is(results.length, 1, `seed ${seed}, round ${round}`);
    t.false(results[0]?.ok, `seed ${seed}, round ${round}`);
  }
});
