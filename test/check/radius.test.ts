import { createHash, createHmac } from 'node:crypto';
import test from 'ava';
import { joined } from '../../src/director/check/message-talker.ts';
import { judgeRadius, radiusRequest } from '../../src/director/check/radius-packet.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { beginConnected, bytes, TIMING } from './attempt.ts';
import { hex, mangled, unhex } from './messages.ts';

const RANDOM = Uint8Array.of(7, ...unhex('0f403f9473978057bd83d5cb98f4227a'));
const LOGIN = { secret: 'xyzzy5461', login: { name: 'nemo', password: 'arctangent' } };
const STATUS = { secret: 'xyzzy5461', login: null };

function answerTo(request: Uint8Array, code: number, secret = 'xyzzy5461', attributes = ''): Uint8Array {
  const rest = unhex(attributes);
  const head = Uint8Array.of(code, request[1]!, 0, 20 + rest.length);
  const hash = createHash('md5');
  for (const part of [head, request.subarray(4, 20), rest, bytes(secret)]) hash.update(part);
  return joined([head, hash.digest(), rest]);
}

test('a request hides the password as RFC 2865 section 7.1 has it, and is signed', t => {
  const request = radiusRequest(LOGIN, RANDOM);
  const text = hex(request);
  t.is(
    text.slice(0, 40),
    `0107${request.length.toString(16).padStart(4, '0')}0f403f9473978057bd83d5cb98f4227a`,
  );
  t.true(text.includes('01066e656d6f'));
  t.true(text.endsWith('02120dbe708d93d413ce3196e43f782a0aee'));
  const signature = request.slice(22, 38);
  const unsigned = request.slice();
  unsigned.fill(0, 22, 38);
  t.is(hex(signature), createHmac('md5', 'xyzzy5461').update(unsigned).digest('hex'));
});

test('a long password takes several blocks, an empty one a whole one', t => {
  const length = (password: string) =>
    radiusRequest({ ...LOGIN, login: { name: 'a', password } }, RANDOM).length;
  t.is(length('x'.repeat(17)) - length('x'.repeat(16)), 16);
  t.is(length(''), length('x'.repeat(16)));
});

test('an answer counts when the secret has made it', t => {
  const request = radiusRequest(LOGIN, RANDOM);
  const judge = (answer: Uint8Array) => judgeRadius(answer, request, LOGIN.secret);
  t.deepEqual(judge(answerTo(request, 2)), { ok: true, reason: 'accepts the login' });
  t.deepEqual(judge(answerTo(request, 2, LOGIN.secret, '120568656c')), {
    ok: true,
    reason: 'accepts the login',
  });
  t.deepEqual(judge(answerTo(request, 3)), { ok: false, reason: 'rejects the login' });
  t.deepEqual(judge(answerTo(request, 11)), { ok: false, reason: 'asks for more than a password' });
  t.deepEqual(judge(answerTo(request, 5)), { ok: false, reason: 'the answer is of code 5' });
  t.is(judge(answerTo(request, 2, 'other')), null);
  t.is(judge(request), null);
  const other = answerTo(request, 2);
  other[1] = 8;
  t.is(judge(other), null);
  t.is(judge(answerTo(request, 2).subarray(0, 19)), null);
  const status = radiusRequest(STATUS, RANDOM);
  t.is(status[0], 12);
  t.is(judgeRadius(answerTo(status, 2), status, STATUS.secret)?.reason, 'says that it is there');
});

test('RADIUS_CHECK goes on waiting for a datagram that is an answer', t => {
  const { platform, results, socket } = beginConnected({ kind: 'RADIUS_CHECK', ...LOGIN, ...TIMING });
  const request = socket().sent[0]!.data;
  socket().deliver(answerTo(request, 2, 'forged'));
  platform.clock.settle();
  t.deepEqual(results, []);
  socket().deliver(answerTo(request, 2));
  platform.clock.settle();
  t.deepEqual(results, [{ ok: true, reason: 'accepts the login' }]);
});

test('answers with bytes changed are no answers', t => {
  const seed = 20260516;
  const random = randomNumbers(seed);
  const request = radiusRequest(LOGIN, RANDOM);
  const good = answerTo(request, 3, LOGIN.secret, '120568656c');
  for (let round = 0; round < rounds(3000); round++) {
    const answer = mangled(good, random);
    t.false(
      judgeRadius(answer, request, LOGIN.secret)?.ok ?? false,
      `seed ${seed}, round ${round}: ${hex(answer)}`,
    );
  }
});
