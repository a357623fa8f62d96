import { createHash } from 'node:crypto';
import test from 'ava';
import { joined } from '../../src/director/check/message-talker.ts';
import { MysqlDialogue, type MysqlTask } from '../../src/director/check/mysql-dialogue.ts';
import { proveMysql } from '../../src/director/check/mysql-login.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { bytes } from './attempt.ts';
import { dribble, hex, mangled, speak, unhex } from './messages.ts';

const TASK: MysqlTask = {
  login: { name: 'monitor', password: 'secret' },
  database: null,
  query: null,
  tls: 'none',
};
const QUERY: MysqlTask = { ...TASK, database: 'shop', query: { text: 'SELECT 1', answer: '1' } };

const SCRAMBLE = '0123456789abcdefghij';

function packet(sequence: number, payload: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(payload.length & 255, payload.length >> 8, 0, sequence), payload]);
}

function greeting(plugin: string, capabilities = '00f7'): Uint8Array {
  return packet(
    0,
    joined([
      bytes(`\x0a5.5.5-10.11\0\x01\0\0\0${SCRAMBLE.slice(0, 8)}\0`),
      unhex(`${capabilities} 2d 0200 ff81 15 00000000000000000000`),
      bytes(`${SCRAMBLE.slice(8)}\0${plugin}\0`),
    ]),
  );
}

const NATIVE = greeting('mysql_native_password', '00ff');
const accepted = (sequence: number) => packet(sequence, unhex('00000002000000'));
const END = 'fe00000200';
/** A table of one column with these rows. */
const rows = (...values: string[]) =>
  joined([
    packet(1, unhex('01')),
    packet(2, bytes('\x03def\0\0\0\x011\0')),
    packet(3, unhex(END)),
    ...values.map(value => packet(4, unhex(value))),
    packet(5, unhex(END)),
  ]);

const error = (sequence: number, number: string, text: string) =>
  packet(sequence, joined([unhex(`ff${number}`), bytes(text)]));

const sha = (kind: string, ...parts: Uint8Array[]) => {
  const hash = createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest();
};

test('passwords are proven, not told', t => {
  const scramble = bytes(SCRAMBLE);
  for (const [plugin, kind] of [
    ['mysql_native_password', 'sha1'],
    ['caching_sha2_password', 'sha256'],
  ] as const) {
    const proof = proveMysql(plugin, 'secret', scramble, false)!;
    // As a server does it, which knows only the hash of the hash.
    const twice = sha(kind, sha(kind, bytes('secret')));
    const mask = kind === 'sha1' ? sha(kind, scramble, twice) : sha(kind, twice, scramble);
    const once = proof.map((byte, at) => byte ^ mask[at]!);
    t.deepEqual(sha(kind, once), twice, plugin);
    t.is(proveMysql(plugin, '', scramble, false)?.length, 0);
  }
  t.is(proveMysql('mysql_clear_password', 'a', scramble, false), null);
  t.deepEqual(proveMysql('mysql_clear_password', 'a', scramble, true), bytes('a\0'));
});

test('a login is one packet behind the greeting', t => {
  const { said, end } = dribble(new MysqlDialogue(TASK), NATIVE, accepted(2));
  const proof = hex(proveMysql('mysql_native_password', 'secret', bytes(SCRAMBLE), false)!);
  t.deepEqual(said, [
    `53000001${'01820800'}00000001${'21'}${'00'.repeat(23)}6d6f6e69746f7200${'14'}${proof}${hex(bytes('mysql_native_password'))}00`,
    '0100000001',
  ]);
  t.deepEqual(end, { ok: true, reason: 'takes the login' });
});

test('a query has to give a row, with the value that is expected', t => {
  const ask = (answer: string | null, ...values: string[]) => {
    const task = { ...QUERY, query: { text: 'SELECT 1', answer } };
    return speak(new MysqlDialogue(task), NATIVE, accepted(2), rows(...values));
  };
  const good = ask('1', '0131', '0132');
  t.deepEqual(good.end, { ok: true, reason: 'the query gives what is expected' });
  t.is(good.said[1], `0900000003${hex(bytes('SELECT 1'))}`);
  t.true(good.said[0]!.includes(hex(bytes('shop\0'))));
  t.deepEqual(ask(null, '0132').end, { ok: true, reason: 'the query gives a row' });
  t.deepEqual(ask('1', '0132').end, { ok: false, reason: 'the query gives "2"' });
  t.deepEqual(ask('1', 'fb').end, { ok: false, reason: 'the query gives NULL' });
  t.deepEqual(ask('1').end, { ok: false, reason: 'the query gives no row' });
  t.deepEqual(ask('1', '0531').end, { ok: false, reason: 'the answer to the query is not MySQL' });
  t.deepEqual(ask('a'.repeat(300), `fc2c01${'61'.repeat(300)}`).end?.ok, true);
  const dialogue = new MysqlDialogue(QUERY);
  t.is(speak(dialogue, NATIVE, accepted(2), accepted(1)).end?.reason, 'the query gives no row');
});

test('a server may ask for another proof', t => {
  const other = joined([unhex('fe'), bytes('mysql_native_password\0zyxwvutsrqponmlkjihg\0')]);
  const switched = speak(new MysqlDialogue(TASK), greeting('unknown'), packet(2, other), accepted(4));
  t.true(switched.end?.ok);
  const proof = proveMysql('mysql_native_password', 'secret', bytes('zyxwvutsrqponmlkjihg'), false)!;
  t.is(switched.said[1], `14000003${hex(proof)}`);
  const unknown = joined([unhex('fe'), bytes('client_ed25519\0xyz')]);
  t.is(
    speak(new MysqlDialogue(TASK), NATIVE, packet(2, unknown)).end?.reason,
    'the login needs "client_ed25519", which no check speaks here',
  );
});

test('caching_sha2_password: a remembered password is enough, else it is told only to TLS', t => {
  const sha2 = greeting('caching_sha2_password', '00ff');
  const remembered = speak(new MysqlDialogue(TASK), sha2, packet(2, unhex('0103')), accepted(3));
  t.true(remembered.end?.ok);
  t.is(
    speak(new MysqlDialogue(TASK), sha2, packet(2, unhex('0104'))).end?.reason,
    'the server wants the password itself: only with TLS',
  );
  const encrypted = speak(
    new MysqlDialogue({ ...TASK, tls: 'later' }),
    sha2,
    packet(3, unhex('0104')),
    accepted(5),
  );
  t.true(encrypted.encrypted);
  t.true(encrypted.end?.ok);
  t.is(encrypted.said[0], `20000001018a080000000001210${'0'.repeat(45)}`);
  t.true(encrypted.said[1]!.startsWith('5f000002018a0800'));
  t.is(encrypted.said[2], `07000004${hex(bytes('secret\0'))}`);
  const none = speak(new MysqlDialogue({ ...TASK, tls: 'later' }), greeting('mysql_native_password', '00f7'));
  t.is(none.end?.reason, 'the server has no TLS');
});

test('what goes wrong is told in the words of the server', t => {
  const end = (...messages: Uint8Array[]) => speak(new MysqlDialogue(QUERY), ...messages).end?.reason;
  t.is(end(error(0, '6a04', "Host 'x' is not allowed")), 'error 1130 "Host \'x\' is not allowed"');
  t.is(end(NATIVE, error(2, '1504', '#28000Access denied')), 'error 1045 "Access denied"');
  t.is(end(NATIVE, accepted(2), error(1, '7a04', '#42S02No such table')), 'error 1146 "No such table"');
  t.is(end(packet(0, bytes('hello'))), 'the greeting is not MySQL');
  t.is(end(packet(0, unhex('0a3500'))), 'the greeting is not MySQL');
  t.is(end(unhex('00000000')), 'the answer is not MySQL');
  t.is(end(NATIVE, packet(2, unhex('77'))), 'the answer to the login is not MySQL');
  t.is(end(unhex('ffffff00')), 'a message is longer than 16384 bytes');
  t.is(end(NATIVE, accepted(2), packet(1, unhex('fb2f'))), 'the query asks for a file of ours');
});

test('answers with bytes changed never give what is not there', t => {
  const seed = 20260514;
  const random = randomNumbers(seed);
  const task = { ...QUERY, query: { text: 'SELECT 1', answer: 'never there' } };
  for (let round = 0; round < rounds(3000); round++) {
    const pieces = [NATIVE, accepted(2), rows('0131')].map(each =>
      random(2) === 0 ? each : mangled(each, random),
    );
    const { end } = speak(new MysqlDialogue(task), ...pieces);
    t.false(end?.ok ?? false, `seed ${seed}, round ${round}`);
  }
});
