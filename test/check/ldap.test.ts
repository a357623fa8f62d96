import test from 'ava';
import { element, OCTET_STRING, SEQUENCE, small, string } from '../../src/director/check/ber.ts';
import { LdapDialogue, type LdapTask } from '../../src/director/check/ldap-dialogue.ts';
import { encodeFilter } from '../../src/director/check/ldap-filter.ts';
import { joined } from '../../src/director/check/message-talker.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { dribble, hex, mangled, speak, unhex } from './messages.ts';

const BIND: LdapTask = { login: null, search: null, startsTls: false };
const SEARCH: LdapTask = {
  login: { name: 'cn=a', password: 'b' },
  search: { base: 'dc=x', scope: 'sub', filter: '(uid=*)' },
  startsTls: false,
};

/** A result of the operation `tag`. */
function result(id: number, tag: number, code: number): Uint8Array {
  const parts = [small(0x0a, code), string(OCTET_STRING, ''), string(OCTET_STRING, 'why')];
  return element(SEQUENCE, small(2, id), element(tag, ...parts));
}

const entry = (id: number) =>
  element(SEQUENCE, small(2, id), element(0x64, string(OCTET_STRING, 'uid=1,dc=x'), element(SEQUENCE)));

const BOUND = result(1, 0x61, 0);

test('an anonymous bind is one message, and its answer decides', t => {
  const good = speak(new LdapDialogue(BIND), BOUND);
  t.deepEqual(good.said, ['300c020101600702010304008000', '30050201024200']);
  t.deepEqual(good.end, { ok: true, reason: 'takes the bind' });
  const wrong = speak(new LdapDialogue(BIND), result(1, 0x61, 49));
  t.deepEqual(wrong.end, { ok: false, reason: 'the answer to the bind: invalidCredentials' });
  t.deepEqual(speak(new LdapDialogue(BIND), result(1, 0x61, 99)).end, {
    ...{ ok: false, reason: 'the answer to the bind: result code 99' },
  });
});

test('a search has to find an entry', t => {
  const found = dribble(new LdapDialogue(SEARCH), BOUND, entry(2), result(2, 0x65, 4));
  t.deepEqual(found.end, { ok: true, reason: 'takes the bind and finds an entry' });
  t.deepEqual(found.said, [
    '3011020101600c0201030404636e3d61800162',
    hex(
      unhex('3026020102 6321 0404 64633d78 0a0102 0a0100 020101 020100 0101ff 8703 756964 3005 0403 312e31'),
    ),
    '30050201034200',
  ]);
  t.deepEqual(speak(new LdapDialogue(SEARCH), BOUND, result(2, 0x65, 0)).end, {
    ...{ ok: false, reason: 'no entry is found' },
  });
  t.deepEqual(speak(new LdapDialogue(SEARCH), BOUND, result(2, 0x65, 4)).end, {
    ...{ ok: false, reason: 'the answer to the search: result code 4' },
  });
  t.deepEqual(speak(new LdapDialogue(SEARCH), joined([BOUND, result(2, 0x65, 32)])).end, {
    ...{ ok: false, reason: 'the answer to the search: noSuchObject' },
  });
});

test('TLS is asked for first, and nothing may be said before it begins', t => {
  const task = { ...BIND, startsTls: true };
  const good = speak(new LdapDialogue(task), result(1, 0x78, 0), result(2, 0x61, 0));
  t.true(good.encrypted);
  t.deepEqual(good.end, { ok: true, reason: 'takes the bind' });
  t.is(good.said[0], '301d02010177188016312e332e362e312e342e312e313436362e3230303337');
  t.deepEqual(speak(new LdapDialogue(task), result(1, 0x78, 2)).end, {
    ...{ ok: false, reason: 'the answer to STARTTLS: protocolError' },
  });
  t.deepEqual(speak(new LdapDialogue(task), joined([result(1, 0x78, 0), BOUND])).end, {
    ...{ ok: false, reason: 'more is said before TLS begins' },
  });
});

test('what is no answer to the question is told', t => {
  const end = (...messages: Uint8Array[]) => speak(new LdapDialogue(SEARCH), ...messages).end?.reason;
  t.is(end(result(7, 0x61, 0)), 'the answer is to another question');
  t.is(end(result(1, 0x65, 0)), 'the answer is to another question');
  t.is(end(BOUND, BOUND), 'the answer is to another question');
  t.is(end(unhex('3003020101')), 'the answer is not LDAP');
  t.is(end(unhex('485454502f')), 'the answer is not LDAP');
  t.is(end(unhex('3080')), 'the answer is not LDAP');
  t.is(end(unhex('3084ffffffff')), 'a message is longer than 16384 bytes');
  t.is(end(result(0, 0x78, 52)), 'the server takes leave: unavailable');
});

test('answers with bytes changed never find an entry that is not there', t => {
  const seed = 20260512;
  const random = randomNumbers(seed);
  for (let round = 0; round < rounds(3000); round++) {
    const task = random(2) === 0 ? SEARCH : { ...SEARCH, startsTls: true };
    const bytes = mangled(joined([BOUND, result(2, 0x65, 0)]), random);
    const { end } = speak(new LdapDialogue(task), bytes);
    t.false(end?.ok ?? false, `seed ${seed}, round ${round}: ${hex(bytes)}`);
  }
});

test('filters become bytes', t => {
  const cases: readonly [string, string][] = [
    ['(cn=a)', 'a307 0402 636e 0401 61'],
    ['cn=a', 'a307 0402 636e 0401 61'],
    ['(cn=*)', '8702 636e'],
    ['(cn>=a)', 'a507 0402 636e 0401 61'],
    ['(cn<=a)', 'a607 0402 636e 0401 61'],
    ['(cn~=a)', 'a807 0402 636e 0401 61'],
    ['(!(cn=a))', 'a209 a307 0402 636e 0401 61'],
    ['(&(cn=*)(sn=*))', 'a008 8702 636e 8702 736e'],
    ['(|(cn=*))', 'a104 8702 636e'],
    ['(cn=a*b*c)', 'a40f 0402 636e 3009 8001 61 8101 62 8201 63'],
    ['(cn=*b*)', 'a409 0402 636e 3003 8101 62'],
    ['(cn=\\2a\\28é)', 'a30a 0402 636e 0404 2a28 c3a9'],
    ['(cn:dn:=a)', 'a90a 8202 636e 8301 61 8401 ff'],
    ['(:1.2:=a)', 'a908 8103 312e32 8301 61'],
  ];
  for (const [text, bytes] of cases)
    t.is(encodeFilter(text) && hex(encodeFilter(text)!), bytes.replaceAll(' ', ''), text);
  for (const text of [
    '',
    '()',
    '(cn=a',
    'cn=a)',
    '(=a)',
    '(cn=a)(sn=b)',
    '(cn=a**b)',
    '(cn=\\2)',
    '(!)',
    '(cn=(a))',
    '(:=a)',
  ]) {
    t.is(encodeFilter(text), null, text);
  }
  t.is(encodeFilter(`${'(!'.repeat(30)}(a=*)${')'.repeat(30)}`), null);
});

test('random texts are filters or none, and nothing throws', t => {
  const seed = 20260513;
  const random = randomNumbers(seed);
  const alphabet = '(&|!*=a\\2é:~<>)';
  for (let round = 0; round < rounds(3000); round++) {
    const text = Array.from({ length: random(25) }, () => alphabet[random(alphabet.length)]).join('');
    t.notThrows(() => encodeFilter(text), `seed ${seed}, round ${round}`);
  }
});
