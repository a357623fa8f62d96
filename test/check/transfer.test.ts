// FTP_CHECK and NNTP_CHECK.
import test from 'ava';
import { LineTalker } from '../../src/director/check/dialogue.ts';
import { ftpDialogue } from '../../src/director/check/ftp-dialogue.ts';
import { nntpDialogue } from '../../src/director/check/nntp-dialogue.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, bytes, sent, TIMING } from './attempt.ts';
import { last, talk } from './talk.ts';

const LOGIN = { name: 'ann', password: 'sesame' };
const ANYBODY = { name: 'anonymous', password: null };

test('a FTP server greets and takes the login', t => {
  t.deepEqual(talk(ftpDialogue(null, null, false), '220 ready', '221 bye'), [
    'QUIT',
    ' = greets and says goodbye',
  ]);
  t.deepEqual(talk(ftpDialogue(LOGIN, null, false), '220', '331 password?', '230'), [
    'USER ann',
    'PASS sesame',
    'QUIT = greets and takes the login',
  ]);
  t.is(last(ftpDialogue(LOGIN, null, false), '220', '230 come in'), 'QUIT = greets and takes the login');
  t.is(last(ftpDialogue(ANYBODY, null, false), '220', '331'), 'PASS director@');
  t.is(last(ftpDialogue(LOGIN, null, false), '220', '331', '530 sesame'), ' = the answer to PASS is 530');
  t.is(last(ftpDialogue(LOGIN, null, false), '421 too many'), ' = the greeting is 421');
  t.deepEqual(talk(ftpDialogue(LOGIN, null, true), '220', '234 go'), ['AUTH TLS', 'TLS USER ann']);
  t.is(last(ftpDialogue(LOGIN, null, true), '220', '500 what'), ' = the answer to AUTH TLS is 500');
});

test('a FTP server has a file, which is not fetched', t => {
  const lines = ['220', '331', '230', '200 binary', '213 17'];
  t.deepEqual(talk(ftpDialogue(ANYBODY, 'pub/alive', false), ...lines).slice(2), [
    'TYPE I',
    'SIZE pub/alive',
    'QUIT = greets and has pub/alive',
  ]);
  t.is(last(ftpDialogue(ANYBODY, 'x', false), ...lines.slice(0, 4), '550'), ' = the answer to SIZE is 550');
});

test('a FTP reply ends with its own code alone, and a greeting may be long in coming', t => {
  const long = ['220-welcome', 'to our server', '230 users', ' 220 of them', '220-here', '220 ready'];
  t.deepEqual(talk(ftpDialogue(null, null, false), ...long), ['', '', '', '', '', 'QUIT']);
  t.deepEqual(talk(ftpDialogue(null, null, false), '120 in a minute', '220 ready'), ['', 'QUIT']);
  t.is(last(ftpDialogue(null, null, false), 'SSH-2.0'), ' = the greeting is not FTP');
});

test('a news server greets, takes the login and has the group', t => {
  t.deepEqual(talk(nntpDialogue(null, null, false), '201 read only', '205'), [
    'QUIT',
    ' = greets and says goodbye',
  ]);
  t.deepEqual(talk(nntpDialogue(LOGIN, 'local.test', true), '200', '382', '381', '281', '211 0 0 0 x'), [
    'STARTTLS',
    'TLS AUTHINFO USER ann',
    'AUTHINFO PASS sesame',
    'GROUP local.test',
    'QUIT = greets and has the group local.test',
  ]);
  t.is(last(nntpDialogue(LOGIN, null, false), '200', '281'), 'QUIT = greets and takes the login');
  t.is(last(nntpDialogue(LOGIN, null, false), '200', '381', '481'), ' = the answer to AUTHINFO PASS is 481');
  t.is(last(nntpDialogue(null, 'a.b', false), '200', '411'), ' = the answer to GROUP is 411');
  t.is(last(nntpDialogue(null, null, false), '400 later'), ' = the greeting is 400');
  t.is(last(nntpDialogue(null, null, false), '200-x'), ' = the greeting is not NNTP');
});

test('both speak over the connection', t => {
  const checks: readonly (readonly [CheckConfig, string, string])[] = [
    [
      { kind: 'FTP_CHECK', login: ANYBODY, ...TIMING },
      '220 a\r\n331 b\r\n230 c\r\n',
      'PASS director@\r\nQUIT\r\n',
    ],
    [{ kind: 'NNTP_CHECK', login: null, group: 'a', ...TIMING }, '200 a\r\n211 b\r\n', 'GROUP a\r\nQUIT\r\n'],
  ];
  for (const [check, answers, said] of checks) {
    const { platform, results, socket } = begin(check);
    socket().connected();
    platform.clock.settle();
    socket().deliver(bytes(answers));
    platform.clock.settle();
    t.true(results[0]?.ok);
    t.true(sent(socket()).endsWith(said));
  }
});

test('random answers never throw, and never tell the password', t => {
  const seed = 20260504;
  const random = randomNumbers(seed);
  const makers = [() => ftpDialogue(LOGIN, null, false), () => nntpDialogue(LOGIN, 'a', false)];
  const parts = ['220', '200', '331', '381', '230', '281', '211', '-', ' ', 'sesame', '\r\n', '\n', '\xff'];
  for (let round = 0; round < rounds(3000); round++) {
    const talker = new LineTalker(makers[random(2)]!());
    for (let piece = 0; piece < 5; piece++) {
      const text = Array.from({ length: 1 + random(6) }, () => parts[random(parts.length)]!).join('');
      const end = talker.take(bytes(text))?.end;
      if (end === undefined) continue;
      t.false(end.reason.includes('sesame'), `seed ${seed}, round ${round}`);
      break;
    }
  }
  t.pass();
});
