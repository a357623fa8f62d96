// TCP_CHAT: steps against all that a server may say.
import test from 'ava';
import { Chat } from '../../src/director/check/chat.ts';
import type { ChatStep, CheckConfig } from '../../src/director/config/config.ts';
import { goodConfig, randomNumbers, rounds, service } from '../config/support.ts';
import { begin, bytes, sent, TIMING } from './attempt.ts';

const UP = { ok: true, reason: 'says all that is expected' };

/** Steps as a configuration has them. */
function stepsOf(lines: string): readonly ChatStep[] {
  const check = goodConfig(service('', `TCP_CHAT {\n${lines}\n}`)).virtualServers[0]!.realServers[0]!
    .checks[0];
  return check?.kind === 'TCP_CHAT' ? check.steps : [];
}

function chatOf(lines: string): Chat {
  const chat = new Chat(stepsOf(lines));
  chat.begin();
  return chat;
}

/** What comes of these pieces. */
function heard(lines: string, ...pieces: string[]) {
  const chat = chatOf(lines);
  for (const piece of pieces) {
    const end = chat.take(bytes(piece))?.end;
    if (end !== undefined) return end;
  }
  return null;
}

/** A server that says the text once the connection stands, under way. */
function attempt(lines: string, text: string) {
  const check: CheckConfig = { kind: 'TCP_CHAT', steps: stepsOf(lines), ...TIMING };
  const under = begin(check);
  under.socket().connected();
  under.platform.clock.settle();
  if (text !== '') under.socket().deliver(bytes(text));
  under.platform.clock.settle();
  return under;
}

test('a chat goes on step by step, whatever pieces the answers come in', t => {
  const chat = new Chat(stepsOf('expect hello\nsend "name\\r\\n"\nexpect_regex "^ (\\\\d+) ok"\nsend bye'));
  t.is(chat.begin(), null);
  t.is(chat.take(bytes('well, hel')), null);
  t.deepEqual(chat.take(bytes('lo')), { say: bytes('name\r\n') });
  t.is(chat.take(bytes(' 25')), null);
  t.deepEqual(chat.take(bytes('0 ok and more')), { say: bytes('bye'), end: UP });
});

test('what comes all at once serves one step after the other', t => {
  t.deepEqual(heard('expect a\nexpect b\nexpect_hex 63', 'xayb', 'c'), UP);
  t.is(heard('expect b\nexpect a', 'ab'), null, 'what was passed is gone');
});

test('bytes come next and nothing else does', t => {
  const lines = 'send_hex 100c0004\nexpect_hex 20 02 xx 0x';
  t.deepEqual(heard(lines, '\x20\x02', '\xff\x0a'), UP);
  t.deepEqual(heard(lines, '\x20\x03'), { ok: false, reason: 'step 2: byte 1 is 03, not 02' });
  t.deepEqual(heard(lines, '\x20\x02\x00\x50'), { ok: false, reason: 'step 2: byte 3 is 50, not 0x' });
});

test('a text is the bytes of its UTF-8, also for a regular expression', t => {
  t.deepEqual(heard('expect grün', 'gr\xc3', '\xbcn'), UP);
  t.deepEqual(heard('expect_regex "gr.{2}n|größe"', 'gr\xc3\xbcn'), UP);
});

test('the end of a line is not known before it is there', t => {
  t.is(heard('expect_regex "^up$"', 'up'), null);
  t.deepEqual(heard('expect_regex "^up$"', 'up', '\n'), UP);
  t.is(heard('expect_regex "^up$"', 'up', 'side down\n'), null);
  const chat = chatOf('expect_regex "^up$"');
  chat.take(bytes('up'));
  t.deepEqual(chat.close(), UP, 'a server that closes says no more');
});

test('a match is found behind any length of other text, and the beginning is there only once', t => {
  const long = 'x'.repeat(5000);
  t.deepEqual(heard('expect needle', long, 'nee', 'dle'), UP);
  t.deepEqual(heard('expect_regex "n(ee)dle"', long, 'nee', 'dle'), UP);
  t.is(heard('expect_regex "^x*y"', long, 'xy'), null);
});

test('what fails is told with the step, and what was heard instead', t => {
  const chat = chatOf('send hi\nexpect "200 OK"');
  chat.take(bytes('503 \x1b[31m go away\r\n'));
  t.deepEqual(chat.close(), {
    ok: false,
    reason: 'closed: step 2 waits for "200 OK", there is "503 ?[31m go away"',
  });
  const silent = attempt('expect_hex 20 02', '');
  silent.platform.clock.advance(5000);
  t.deepEqual(silent.results, [
    { ok: false, reason: 'no answer within 5 s: step 1 waits for 2002 (hex), there is nothing' },
  ]);
});

test('TCP_CHAT speaks over the connection, says its last word and closes', t => {
  const { results, socket } = attempt('expect "220 "\nsend "QUIT\\r\\n"', '220 here\r\n');
  t.deepEqual(results, [UP]);
  t.is(sent(socket()), 'QUIT\r\n');
  t.true(socket().closed);
});

test('a server that never ends has failed', t => {
  t.regex(
    heard('expect y', ...new Array(20).fill('x'.repeat(4096)))?.reason ?? '',
    /^more than 65536 bytes: /,
  );
  t.regex(heard('expect y', ...new Array(2001).fill('x'))?.reason ?? '', /^more than 2000 pieces: /);
  const closing = attempt('expect y', 'x');
  closing.socket().hangUp();
  closing.platform.clock.settle();
  t.deepEqual(closing.results, [{ ok: false, reason: 'closed: step 1 waits for "y", there is "x"' }]);
});

test('in whatever pieces random bytes come, the verdict on them is the same', t => {
  const seed = 20260501;
  const random = randomNumbers(seed);
  const lines = ['expect ab', 'expect_regex "a+b"', 'expect_hex ax', 'expect_regex "^b"', 'send c'];
  for (let round = 0; round < rounds(3000); round++) {
    const chosen = Array.from({ length: 1 + random(3) }, () => lines[random(lines.length)]!).join('\n');
    const text = Array.from({ length: random(12) }, () => 'ab\xa1x'[random(4)]).join('');
    const whole = chatOf(chosen);
    const pieces = chatOf(chosen);
    const atOnce = text === '' ? undefined : whole.take(bytes(text))?.end;
    let bit: typeof atOnce;
    for (const each of text) bit ??= pieces.take(bytes(each))?.end;
    const place = `seed ${seed}, round ${round}: ${chosen} of ${text}`;
    // A greedy repetition may take more of what is there at once.
    if (!chosen.includes('+')) t.deepEqual(bit, atOnce, place);
    if (bit === undefined && atOnce === undefined) t.notThrows(() => pieces.close(), place);
  }
});
