import { createHash, pbkdf2Sync } from 'node:crypto';
import test from 'ava';
import { decodeBase64, encodeBase64 } from '../../src/director/check/base64.ts';
import { joined } from '../../src/director/check/message-talker.ts';
import { PgsqlDialogue, type PgsqlTask } from '../../src/director/check/pgsql-dialogue.ts';
import { type KeyOf, ScramClient } from '../../src/director/check/scram.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { bytes } from './attempt.ts';
import { dribble, hex, mangled, speak, unhex } from './messages.ts';

const derive: KeyOf = (password, salt, count) =>
  new Uint8Array(pbkdf2Sync(password, salt, count, 32, 'sha256'));

/** RFC 7677 section 3, with a name that we leave to the login. */
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const CHALLENGE = `r=${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;

function task(more: Partial<PgsqlTask> = {}): PgsqlTask {
  return {
    login: { name: 'monitor', password: 'pencil' },
    database: null,
    query: null,
    startsTls: false,
    isEncrypted: false,
    scram: new ScramClient('pencil', NONCE, derive),
    ...more,
  };
}

const QUERY = { database: 'shop', query: { text: 'SELECT 1', answer: '1' } };

function message(letter: string, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const content = joined(parts.map(part => (typeof part === 'string' ? bytes(part) : part)));
  const head = new Uint8Array(5);
  head[0] = letter.charCodeAt(0);
  new DataView(head.buffer).setUint32(1, 4 + content.length);
  return joined([head, content]);
}

const authentication = (kind: number, rest = '') => message('R', Uint8Array.of(0, 0, 0, kind), rest);
const READY = joined([
  authentication(0),
  message('S', 'server_version\x0015.0\0'),
  message('K', '12345678'),
  message('Z', 'I'),
]);
const row = (...values: (string | null)[]) =>
  message(
    'D',
    Uint8Array.of(0, values.length),
    ...values.map(each =>
      each === null ? unhex('ffffffff') : joined([Uint8Array.of(0, 0, 0, each.length), bytes(each)]),
    ),
  );
const COLUMNS = message('T', Uint8Array.of(0, 0));
const DONE = joined([message('C', 'SELECT 1\0'), message('Z', 'I')]);

test('base64', t => {
  for (const text of ['', 'a', 'ab', 'abc', 'abcd', '\0\xff\x80']) {
    const encoded = Buffer.from(text, 'latin1').toString('base64');
    t.is(encodeBase64(bytes(text)), encoded);
    t.deepEqual(decodeBase64(encoded), bytes(text));
  }
  for (const text of ['a', 'ab=c', '====', 'a===', 'ä===']) t.is(decodeBase64(text)?.length ?? 0, 0, text);
});

test('the proof of SCRAM is as a server computes it, and the server has to prove itself', t => {
  const client = new ScramClient('pencil', NONCE, derive);
  t.is(client.first(), `n,,n=,r=${NONCE}`);
  const final = client.final(CHALLENGE) as { say: string };
  const [, withoutProof, proof] = /^(.*),p=(.*)$/.exec(final.say)!;
  // What the server keeps is the hash of the key that the proof hides.
  const salted = Buffer.from(derive(bytes('pencil'), decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ==')!, 4096)!);
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const mac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text, 'latin1').digest();
  const stored = createHash('sha256').update(mac(salted, 'Client Key')).digest();
  const all = `n=,r=${NONCE},${CHALLENGE},${withoutProof}`;
  const signature = mac(stored, all);
  const key = decodeBase64(proof!)!.map((byte, at) => byte ^ signature[at]!);
  t.deepEqual(createHash('sha256').update(key).digest(), stored);
  t.true(client.accepts(`v=${mac(mac(salted, 'Server Key'), all).toString('base64')}`));
  t.false(client.accepts('v=AAAA'));
  t.false(new ScramClient('pencil', NONCE, derive).accepts('v='));
});

test('a challenge that is none, or that would cost too much, is told', t => {
  const wrong = (challenge: string) => {
    const never: KeyOf = () => {
      throw new Error('derived');
    };
    const answer = new ScramClient('a', 'abc', never).final(challenge);
    return answer !== null && 'wrong' in answer ? answer.wrong : null;
  };
  t.is(wrong('r=abcd,s=YQ==,i=100000'), 'the server asks for 100000 rounds of hashing');
  t.is(wrong('r=abcd,s=YQ==,i=0'), 'the server asks for 0 rounds of hashing');
  for (const text of ['', 'r=xyz,s=YQ==,i=1', 'r=abc,s=,i=1', 'r=abc,s=Y,i=1', 'r=abc,s=YQ==,i=1x', 'e=no']) {
    t.is(wrong(text), 'the challenge is not SCRAM', text);
  }
});

test('a server that trusts lets everybody in', t => {
  const { said, end } = dribble(new PgsqlDialogue(task({ database: 'shop' })), READY);
  t.deepEqual(said, [
    hex(message('x', Uint8Array.of(0, 3, 0, 0), 'user\0monitor\0database\0shop\0\0').subarray(1)),
    '5800000004',
  ]);
  t.deepEqual(end, { ok: true, reason: 'takes the login' });
});

test('passwords are proven, and told only to TLS', t => {
  const md5 = speak(new PgsqlDialogue(task()), authentication(5, '\x01\x02\x03\x04'), READY);
  const digest = (text: string) => createHash('md5').update(text, 'latin1').digest('hex');
  t.is(md5.said[1], hex(message('p', `md5${digest(`${digest('pencilmonitor')}\x01\x02\x03\x04`)}\0`)));
  t.true(md5.end?.ok);
  const clear = speak(new PgsqlDialogue(task()), authentication(3));
  t.deepEqual(clear.end, { ok: false, reason: 'the server wants the password itself: only with TLS' });
  const told = speak(new PgsqlDialogue(task({ isEncrypted: true })), authentication(3), READY);
  t.is(told.said[1], hex(message('p', 'pencil\0')));
  const other = speak(new PgsqlDialogue(task()), authentication(7));
  t.is(other.end?.reason, 'the server asks for a login of kind 7, which no check speaks here');
});

test('SCRAM goes through its four messages', t => {
  const begin = authentication(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
  const { said, end } = dribble(new PgsqlDialogue(task()), begin, authentication(11, CHALLENGE));
  const first = `n,,n=,r=${NONCE}`;
  t.is(said[1], hex(message('p', 'SCRAM-SHA-256\0', Uint8Array.of(0, 0, 0, first.length), first)));
  t.is(
    said[2],
    hex(message('p', (new ScramClient('pencil', NONCE, derive).final(CHALLENGE) as { say: string }).say)),
  );
  t.is(end, null);
  const liar = speak(
    new PgsqlDialogue(task()),
    begin,
    authentication(11, CHALLENGE),
    authentication(12, 'v=AAAA'),
  );
  t.is(liar.end?.reason, 'the server does not know the password');
  const scram = new ScramClient('pencil', NONCE, () => null);
  const early = speak(new PgsqlDialogue(task({ scram })), begin, authentication(11, CHALLENGE));
  t.deepEqual(early.end, { ok: true, reason: 'asks for the password, whose key is still being worked out' });
  const none = speak(new PgsqlDialogue(task()), authentication(10, 'OAUTHBEARER\0\0'));
  t.is(none.end?.reason, 'the server offers no SCRAM-SHA-256');
});

test('a query has to give a row, with the value that is expected', t => {
  const ask = (...messages: Uint8Array[]) =>
    speak(new PgsqlDialogue(task(QUERY)), READY, COLUMNS, ...messages, DONE);
  const good = ask(row('1', 'x'), row('2'));
  t.is(good.said[1], hex(message('Q', 'SELECT 1\0')));
  t.deepEqual(good.end, { ok: true, reason: 'the query gives what is expected' });
  t.is(ask(row('2')).end?.reason, 'the query gives "2"');
  t.is(ask(row(null)).end?.reason, 'the query gives NULL');
  t.is(ask(row()).end?.reason, 'the query gives NULL');
  t.is(ask().end?.reason, 'the query gives no row');
  t.is(ask(message('D', unhex('0001 00000009 31'))).end?.reason, 'the answer to the query is not PostgreSQL');
});

test('TLS is asked for first', t => {
  const good = speak(new PgsqlDialogue(task({ startsTls: true, isEncrypted: true })), bytes('S'), READY);
  t.true(good.encrypted);
  t.is(good.said[0], '0000000804d2162f');
  t.true(good.end?.ok);
  const end = (...pieces: Uint8Array[]) =>
    speak(new PgsqlDialogue(task({ startsTls: true })), ...pieces).end?.reason;
  t.is(end(bytes('N')), 'the server has no TLS');
  t.is(end(bytes('Sx')), 'more is said before TLS begins');
  t.is(end(message('E', 'SFATAL\0C0A000\0Mno\0\0')), 'error 0A000 "no"');
});

test('what goes wrong is told in the words of the server', t => {
  const end = (...pieces: Uint8Array[]) => speak(new PgsqlDialogue(task(QUERY)), ...pieces).end?.reason;
  const refused = message('E', 'SFATAL\0C28P01\0Mpassword authentication failed\0\0');
  t.is(end(refused), 'error 28P01 "password authentication failed"');
  t.is(end(READY, refused), 'error 28P01 "password authentication failed"');
  t.is(end(message('E')), 'error  ""');
  t.is(end(bytes('\x16\x03\x01')), 'the answer is not PostgreSQL');
  t.is(end(unhex('5200000003')), 'the answer is not PostgreSQL');
  t.is(end(message('R', '\0')), 'the answer to the login is not PostgreSQL');
  t.is(end(message('Z', 'I')), 'the answer to the login is not PostgreSQL');
  t.is(end(unhex('52ffffffff')), 'a message is longer than 16384 bytes');
});

test('answers with bytes changed never give what is not there', t => {
  const seed = 20260515;
  const random = randomNumbers(seed);
  const never = { ...QUERY, query: { text: 'SELECT 1', answer: 'never there' } };
  const scram = new ScramClient('pencil', NONCE, () => new Uint8Array(32));
  for (let round = 0; round < rounds(2000); round++) {
    const begin = authentication(10, 'SCRAM-SHA-256\0\0');
    const pieces = [begin, authentication(11, CHALLENGE), READY, COLUMNS, row('1'), DONE].map(each =>
      random(2) === 0 ? each : mangled(each, random),
    );
    const { end } = speak(
      new PgsqlDialogue(task({ ...never, scram, startsTls: random(3) === 0 })),
      ...pieces,
    );
    t.false(end?.ok ?? false, `seed ${seed}, round ${round}`);
  }
});
