// SIP_CHECK: OPTIONS over UDP and TCP.
import test from 'ava';
import { readSip, sipOptions } from '../../src/director/check/sip-message.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, beginConnected, bytes, sent, TIMING } from './attempt.ts';

const SIP: CheckConfig = {
  ...{ kind: 'SIP_CHECK', protocol: 'UDP', user: 'director', uri: null, ...TIMING },
  statusCodes: [{ from: 200, to: 299 }],
};

/** A response to the request. */
function answer(request: string, status = '200 OK', more = ''): string {
  const lines = request.split('\r\n').filter(line => /^(?:Via|From|To|Call-ID|CSeq):/.test(line));
  return [`SIP/2.0 ${status}`, ...lines, `Content-Length: ${more.length}`, '', more].join('\r\n');
}

const FROM = { family: 'inet', address: Uint8Array.of(192, 0, 2, 1), port: 5070 } as const;

const REQUEST = sipOptions(
  { transport: 'UDP', uri: 'sip:192.0.2.7:5060', user: 'director', token: '0011aabb' },
  FROM,
);

test('a request is as RFC 3261 has it', t => {
  t.deepEqual(REQUEST.split('\r\n'), [
    'OPTIONS sip:192.0.2.7:5060 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK0011aabb;rport',
    'Max-Forwards: 70',
    'From: <sip:director@192.0.2.1:5070>;tag=0011aabb',
    'To: <sip:192.0.2.7:5060>',
    'Call-ID: 0011aabb',
    'CSeq: 1 OPTIONS',
    'Contact: <sip:director@192.0.2.1:5070>',
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ]);
  const six = { family: 'inet6', address: new Uint8Array(16).fill(1, 15), port: 5070, scope: 0 } as const;
  t.true(
    sipOptions({ transport: 'TLS', uri: 'sip:a', user: 'b', token: 'c' }, six).includes('TLS [::1]:5070;'),
  );
});

test('a response belongs to the request by its Call-ID and CSeq, in long and short names', t => {
  const read = (text: string) => readSip(text, '0011aabb', true);
  const good = answer(REQUEST);
  t.deepEqual(read(good), { status: 200, length: good.length });
  t.like(read(good.replace('Call-ID:', 'i  :').replace('CSeq: 1 ', 'cseq:1   ')), { status: 200 });
  t.is(read(good.replace('0011aabb\r\nCSeq', '0011aabc\r\nCSeq')), 'other');
  t.is(read(good.replace('CSeq: 1', 'CSeq: 11')), 'other');
  t.is(read(good.replace('OPTIONS', 'INVITE')), 'other');
  t.is(read(REQUEST), 'other');
  t.is(read('SIP/2.0 2000 x\r\n\r\n'), 'other');
  t.is(read(good.slice(0, -10)), 'more');
});

test('over a connection a body has the length that is said', t => {
  const read = (text: string) => readSip(text, '0011aabb', false);
  const good = answer(REQUEST, '200 OK', 'v=0\r\n');
  t.deepEqual(read(`${good}SIP/2.0`), { status: 200, length: good.length });
  t.is(read(good.slice(0, -1)), 'more');
  t.is(read(good.replace('Length: 5', 'Length: -5')), 'other');
  t.is(read(good.replace('Length: 5', 'Length: 99999')), 'other');
  t.is(read(`SIP/2.0 200 OK\r\n${'x: y\r\n'.repeat(4000)}`), 'other');
  t.is(read(''), 'more');
  t.is(read('SIP/2'), 'more');
  t.is(read('HTTP/'), 'other');
});

test('SIP_CHECK over UDP waits for the response among other datagrams', t => {
  const { platform, results, socket } = beginConnected(SIP);
  const request = sent(socket());
  t.regex(request, /^OPTIONS sip:192\.0\.2\.7:8080 SIP/);
  socket().deliver(bytes('what?'));
  socket().deliver(bytes(answer(request.replace(/Call-ID: ../, 'Call-ID: xx'))));
  socket().deliver(bytes(answer(request, '100 Trying')));
  platform.clock.settle();
  t.deepEqual(results, []);
  socket().deliver(bytes(answer(request)));
  platform.clock.settle();
  t.deepEqual(results, [{ ok: true, reason: 'status 200' }]);
});

test('the status decides', t => {
  const told = (status: string, check: CheckConfig) => {
    const { platform, results, socket } = beginConnected(check);
    socket().deliver(bytes(answer(sent(socket()), status)));
    platform.clock.settle();
    return results[0];
  };
  t.deepEqual(told('404 Not Found', SIP), { ok: false, reason: 'status 404' });
  const lenient = {
    ...SIP,
    statusCodes: [
      { from: 200, to: 200 },
      { from: 400, to: 499 },
    ],
  };
  t.like(told('404 Not Found', lenient), { ok: true });
  t.like(told('503 Busy', lenient), { ok: false });
});

test('SIP_CHECK over TCP takes responses one after the other, in whatever pieces', t => {
  const { platform, results, socket } = begin({ ...SIP, protocol: 'TCP' });
  socket().connected();
  platform.clock.settle();
  const request = sent(socket());
  t.regex(request, /^Via: SIP\/2\.0\/TCP /m);
  const text = `\r\n\r\n${answer(request, '100 Trying', 'body')}${answer(request)}`;
  for (const at of [0, 1, 50, 200]) {
    const end = { 0: 1, 1: 50, 50: 200, 200: text.length }[at];
    socket().deliver(bytes(text.slice(at, end)));
    platform.clock.settle();
  }
  t.deepEqual(results, [{ ok: true, reason: 'status 200' }]);
  t.true(socket().closed);
});

test('a server over TCP that says something else, closes or hangs has failed', t => {
  const told = (text: string, closes: boolean) => {
    const { platform, results, socket } = begin({ ...SIP, protocol: 'TCP' });
    socket().connected();
    platform.clock.settle();
    if (text !== '') socket().deliver(bytes(text));
    if (closes) socket().hangUp();
    platform.clock.advance(5000);
    return results[0]?.reason;
  };
  t.is(told('HTTP/1.1 400 Bad Request\r\n\r\n', false), 'the answer is no response to OPTIONS');
  t.is(told('', true), 'closed: waiting for the response to OPTIONS');
  t.is(told('SIP/2.0 200 OK', false), 'no answer within 5 s: waiting for the response to OPTIONS');
});

test('no random change of a response throws, and none of its Call-ID passes', t => {
  const seed = 20260505;
  const random = randomNumbers(seed);
  const good = bytes(answer(REQUEST, '200 OK', 'body'));
  for (let round = 0; round < rounds(5000); round++) {
    const bad = good.slice(0, 1 + random(good.length));
    for (let change = random(4); change > 0; change--) bad[random(bad.length)] = random(256);
    const text = String.fromCharCode(...bad);
    for (const isDatagram of [true, false]) {
      const read = readSip(text, '0011aabb', isDatagram);
      const place = `seed ${seed}, round ${round}`;
      if (typeof read === 'string') continue;
      t.true(text.includes('0011aabb'), place);
      t.true(read.length <= text.length && read.status >= 100 && read.status < 700, place);
    }
  }
  t.pass();
});
