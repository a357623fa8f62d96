// POP_CHECK and IMAP_CHECK, and TLS in the middle of a conversation.
import test from 'ava';
import { LineTalker } from '../../src/director/check/dialogue.ts';
import { imapDialogue } from '../../src/director/check/imap-dialogue.ts';
import { popDialogue } from '../../src/director/check/pop-dialogue.ts';
import { smtpDialogue } from '../../src/director/check/smtp-dialogue.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, bytes, sent, TIMING } from './attempt.ts';
import { last, talk } from './talk.ts';

const LOGIN = { name: 'ann', password: 'a "b\\' };

test('a POP3 server greets and takes the login', t => {
  t.deepEqual(talk(popDialogue(null, false), '+OK ready', '+OK'), ['QUIT', ' = greets and says goodbye']);
  t.deepEqual(talk(popDialogue(LOGIN, false), '+OK', '+OK', '+OK 3 messages'), [
    'USER ann',
    'PASS a "b\\',
    'QUIT = greets and takes the login',
  ]);
  t.deepEqual(talk(popDialogue(LOGIN, true), '+OK', '+OK begin'), ['STLS', 'TLS USER ann']);
  t.is(last(popDialogue(LOGIN, false), '+OK', '+OK', '-ERR [AUTH] a "b'), ' = the answer to PASS is -ERR');
  t.is(last(popDialogue(null, false), '220 mx'), ' = the greeting is not POP3');
  t.is(last(popDialogue(null, false), '+OKAY'), ' = the greeting is not POP3');
});

test('an IMAP server greets and takes the login, other lines between', t => {
  t.deepEqual(talk(imapDialogue(null, false), '* OK ready', '* 5 EXISTS', 'a1 OK done'), [
    'a1 NOOP',
    '',
    'a2 LOGOUT = greets and takes commands',
  ]);
  t.deepEqual(talk(imapDialogue(LOGIN, true), '* OK', 'a1 ok begin', '* CAPABILITY IMAP4rev1', 'a2 OK'), [
    'a1 STARTTLS',
    'TLS a2 LOGIN "ann" "a \\"b\\\\"',
    '',
    'a3 LOGOUT = greets and takes the login',
  ]);
  t.is(
    last(imapDialogue(LOGIN, false), '* OK', 'a1 NO [AUTHENTICATIONFAILED]'),
    ' = the answer to LOGIN is NO',
  );
  t.is(last(imapDialogue(LOGIN, false), '* BYE full'), ' = the greeting is BYE');
  t.is(last(imapDialogue(null, false), '* OK', '* BYE'), ' = the answer to NOOP is BYE');
  t.is(last(imapDialogue(LOGIN, false), '* OK', 'a7 OK'), ' = the answer to LOGIN is not IMAP');
  t.is(last(imapDialogue(LOGIN, false), '* LIST'), ' = the greeting is not IMAP');
});

test('who is known to an IMAP server from the beginning does not log in, and gets no TLS', t => {
  t.is(last(imapDialogue(LOGIN, false), '* PREAUTH root'), 'a2 LOGOUT = greets and takes the login');
  t.is(last(imapDialogue(LOGIN, true), '* PREAUTH root'), ' = the greeting is PREAUTH');
});

test('a SMTP client that starts TLS greets again', t => {
  t.deepEqual(talk(smtpDialogue('lvs1', true), '220', '250-mx', '250 STARTTLS', '220 go', '250 mx', '221'), [
    'EHLO lvs1',
    '',
    'STARTTLS',
    'TLS EHLO lvs1',
    'QUIT',
    ' = greets and takes EHLO within TLS',
  ]);
  t.is(last(smtpDialogue('lvs1', true), '220', '250', '454 not now'), ' = the answer to STARTTLS is 454');
});

test('what comes with the answer that begins TLS is not believed', t => {
  const early = new LineTalker(popDialogue(LOGIN, true));
  early.take(bytes('+OK\r\n'));
  const lie = { end: { ok: false, reason: 'says more than it is asked before TLS begins' } };
  t.deepEqual(early.take(bytes('+OK begin\r\n+OK ann\r\n')), lie);
  t.deepEqual(new LineTalker(popDialogue(LOGIN, true)).take(bytes('+OK\r\n+OK\r\n')), lie);
  const good = new LineTalker(popDialogue(LOGIN, true));
  good.take(bytes('+OK\r\n'));
  t.deepEqual(good.take(bytes('+OK begin\r\n')), { encrypt: true });
  t.deepEqual(good.encrypted(), { say: bytes('USER ann\r\n') });
});

test('both speak over the connection, and say what they wait for', t => {
  for (const [kind, greeting, word] of [
    ['POP_CHECK', '+OK hello\r\n', 'QUIT\r\n'],
    ['IMAP_CHECK', '* OK hello\r\n', 'a1 NOOP\r\n'],
  ] as const) {
    const check: CheckConfig = { kind, login: null, ...TIMING };
    const { platform, results, socket } = begin(check);
    socket().connected();
    platform.clock.settle();
    socket().deliver(bytes(greeting));
    platform.clock.settle();
    t.is(sent(socket()), word);
    platform.clock.advance(5000);
    const what = kind === 'POP_CHECK' ? 'QUIT' : 'NOOP';
    t.deepEqual(results, [{ ok: false, reason: `no answer within 5 s: waiting for the answer to ${what}` }]);
  }
});

test('random answers never throw, and never tell the password', t => {
  const seed = 20260503;
  const random = randomNumbers(seed);
  const secret = { name: 'ann', password: 'sesame' };
  const makers = [() => popDialogue(secret, false), () => imapDialogue(secret, false)];
  const parts = ['+OK', '-ERR', '* OK', 'a1', ' ', 'sesame', '\r\n', '\n', '\xff', '+', 'NO', 'BYE', '*'];
  for (let round = 0; round < rounds(3000); round++) {
    const talker = new LineTalker(makers[random(2)]!());
    const place = `seed ${seed}, round ${round}`;
    for (let piece = 0; piece < 5; piece++) {
      const text = Array.from({ length: 1 + random(6) }, () => parts[random(parts.length)]!).join('');
      const end = talker.take(bytes(text))?.end;
      if (end === undefined) continue;
      t.false(end.reason.includes('sesame'), place);
      if (end.ok) t.regex(end.reason, /takes the login/, place);
      break;
    }
  }
  t.pass();
});
