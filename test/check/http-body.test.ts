import test from 'ava';
import { HttpBody, type Progress } from '../../src/director/check/http-body.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { bytes } from './attempt.ts';

const text = (data: Uint8Array) => String.fromCharCode(...data);

/** What is taken for the body of an answer that arrives in pieces of `size`, and how it ends. */
function read(
  head: { length: number | null; chunked: boolean },
  data: Uint8Array,
  size: number,
): [string, Progress] {
  let taken = '';
  const body = new HttpBody({ status: 200, ...head }, piece => {
    taken += text(piece);
  });
  for (let at = 0; at < data.length; at += size) {
    const progress = body.push(data.subarray(at, at + size));
    if (progress !== 'more') return [taken, progress];
  }
  return [taken, 'more'];
}

test('a body is as long as its head says, and what follows is not part of it', t => {
  for (const size of [1, 3, 100]) {
    t.deepEqual(read({ length: 5, chunked: false }, bytes('hello world'), size), ['hello', 'end']);
    t.deepEqual(read({ length: 50, chunked: false }, bytes('hello'), size), ['hello', 'more']);
    t.deepEqual(read({ length: null, chunked: false }, bytes('hello'), size), ['hello', 'more']);
  }
});

test('chunks are taken apart, however they are cut', t => {
  const chunked = '5\r\nhello\r\n1;name=x\r\n \r\n00A\r\nbig world!\r\n0\r\nTrailer: x\r\n\r\nmore';
  for (const size of [1, 2, 7, 1000]) {
    t.deepEqual(read({ length: null, chunked: true }, bytes(chunked), size), ['hello big world!', 'end']);
  }
});

test('chunks that make no sense are told', t => {
  const wrong = { wrong: 'the chunks of the answer make no sense' };
  for (const each of ['x\r\n', '-1\r\n', '\r\n', '2\r\nabc\r\n', '123456789\r\n', `${'0'.repeat(9000)}`]) {
    t.deepEqual(read({ length: null, chunked: true }, bytes(each), 1000)[1], wrong, each.slice(0, 20));
  }
});

test('random bytes end, fail or go on, and never give more than came', t => {
  const seed = 20260403;
  const random = randomNumbers(seed);
  for (let round = 0; round < rounds(2000); round++) {
    const data = Uint8Array.from({ length: random(200) }, () =>
      '0123456789abcdef\r\n;'.charCodeAt(random(19)),
    );
    const whole = read({ length: null, chunked: true }, data, 1000);
    t.true(whole[0].length <= data.length, `seed ${seed}, round ${round}`);
    t.deepEqual(read({ length: null, chunked: true }, data, 1), whole, `seed ${seed}, round ${round}`);
  }
});
