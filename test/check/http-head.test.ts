import test from 'ava';
import { type Head, HttpHead } from '../../src/director/check/http-head.ts';

const bytes = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0));

/** What the head says when `text` arrives in pieces of `size` and then the server closes. */
function read(text: string, size: number): Head | { readonly wrong: string } {
  const head = new HttpHead();
  const data = bytes(text);
  for (let at = 0; at < data.length; at += size) {
    const reading = head.push(data.subarray(at, at + size));
    if (reading !== null) return 'head' in reading ? reading.head : reading;
  }
  return head.end();
}

test('the status is read when the head is whole, however it is cut', t => {
  const cases: [string, number][] = [
    ['HTTP/1.1 200 OK\r\nServer: x\r\n\r\nbody', 200],
    ['HTTP/1.0 503 Service Unavailable\r\n\r\n', 503],
    ['HTTP/1.1 404 \r\n\r\n', 404],
    ['HTTP/1.1 204\n\n', 204],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /\r\n\r\n', 302],
  ];
  for (const [text, expected] of cases) {
    for (const size of [1, 2, 3, 7, 1000])
      t.like(read(text, size), { status: expected }, `${text} in ${size}`);
  }
});

test('what is no HTTP is told as soon as it shows', t => {
  const wrong = { wrong: 'the answer is not HTTP' };
  for (const text of [
    'SSH-2.0-OpenSSH_9.2\r\n',
    '\u0000\u0001\u0002',
    'HTTP/1.1 999 Strange\r\n',
    'HTTP/1.1 2OO OK\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
  ]) {
    for (const size of [1, 1000]) t.deepEqual(read(text, size), wrong, JSON.stringify(text));
  }
  t.deepEqual(new HttpHead().push(bytes('garbage without an end of line')), wrong);
});

test('a server that closes early is told apart from one that says nothing', t => {
  t.deepEqual(read('', 1), { wrong: 'closed without an answer' });
  t.deepEqual(read('HTTP/1.1 200 OK\r\nServ', 5), { wrong: 'closed within the head of the answer' });
});

test('a head without an end is given up', t => {
  const endless = `HTTP/1.1 200 OK\r\n${'X-Filler: yes\r\n'.repeat(2000)}`;
  for (const size of [1, 1000, 16_384, 16_385, 40_000])
    t.deepEqual(read(endless, size), { wrong: 'the head is longer than 16384 bytes' });
});

test('random bytes neither throw nor count as an answer', t => {
  let seed = 20260101;
  const random = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  for (let round = 0; round < 2000; round++) {
    const head = new HttpHead();
    const data = Uint8Array.from({ length: random() % 200 }, () => random() & 0xff);
    const reading = head.push(data) ?? head.end();
    t.true('wrong' in reading, `seed 20260101, round ${round}`);
  }
});
