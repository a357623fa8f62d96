// Checks of one datagram and its answer: DNS, UDP, PING.
import test from 'ava';
import { dnsQuery, judgeDnsAnswer } from '../../src/director/check/dns-message.ts';
import { echoRequest, isEchoReply } from '../../src/director/check/echo.ts';
import { judgeReply } from '../../src/director/check/udp.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { IPPROTO_ICMP, IPPROTO_ICMPV6, SOCK_RAW } from '../../src/platform/linux.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { beginConnected, TIMING } from './attempt.ts';

const DNS: CheckConfig = { kind: 'DNS_CHECK', ...TIMING, name: 'www.example.org', type: 'A' };
const UDP: CheckConfig = { kind: 'UDP_CHECK', ...TIMING, payload: '0aff', reply: null };
const PING: CheckConfig = { kind: 'PING_CHECK', ...TIMING };

/** The answer to a query: the same with these flags. */
function answerTo(query: Uint8Array, third: number, fourth: number): Uint8Array {
  const answer = query.slice();
  answer[2] = third;
  answer[3] = fourth;
  return answer;
}

test('a query is as RFC 1035 has it', t => {
  const expected = [
    ...[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    ...[2, 97, 98, 3, 99, 100, 101, 0, 0, 28, 0, 1],
  ];
  t.deepEqual([...dnsQuery(0x1234, 'ab.cde.', 'AAAA')], expected);
  t.deepEqual([...dnsQuery(1, '.', 'SOA')].slice(12), [0, 0, 6, 0, 1]);
});

test('a DNS server is judged by its answer to this question alone', t => {
  const query = dnsQuery(0x1234, 'www.example.org', 'A');
  const judge = (third: number, fourth: number) => judgeDnsAnswer(answerTo(query, third, fourth), query);
  t.deepEqual(judge(0x81, 0x80), { ok: true, reason: 'the answer is NOERROR' });
  t.deepEqual(judge(0x81, 0x82), { ok: false, reason: 'the answer is SERVFAIL' });
  t.deepEqual(judge(0x81, 0x83), { ok: false, reason: 'the answer is NXDOMAIN' });
  t.deepEqual(judge(0x81, 0x8f), { ok: false, reason: 'the answer is code 15' });
  t.is(judge(0x01, 0x00), null, 'a query is no answer');
  t.is(judgeDnsAnswer(answerTo(dnsQuery(0x1235, 'www.example.org', 'A'), 0x81, 0), query), null, 'id');
  const other = { ok: false, reason: 'the answer is to another question' };
  t.deepEqual(judgeDnsAnswer(answerTo(dnsQuery(0x1234, 'www.example.com', 'A'), 0x81, 0), query), other);
  t.deepEqual(judgeDnsAnswer(answerTo(query, 0x81, 0).slice(0, 12), query), other);
  t.true(judgeDnsAnswer(answerTo(dnsQuery(0x1234, 'WWW.Example.ORG', 'A'), 0x81, 0), query)?.ok);
});

test('random datagrams are no answer of a DNS server, and nothing throws', t => {
  const seed = 20260401;
  const random = randomNumbers(seed);
  const query = dnsQuery(0x1234, 'www.example.org', 'A');
  for (let round = 0; round < rounds(5000); round++) {
    const answer = Uint8Array.from({ length: random(80) }, () => random(256));
    if (random(2) === 0) answer.set([0x12, 0x34, 0x80].slice(0, answer.length));
    t.not(judgeDnsAnswer(answer, query)?.ok, true, `seed ${seed}, round ${round}`);
    // One bit of a good answer changed: still good, or told, or not taken.
    const good = answerTo(query, 0x81, 0x80);
    good[random(good.length)]! ^= 1 << random(8);
    t.notThrows(() => judgeDnsAnswer(good, query));
  }
});

test('DNS_CHECK waits for the answer among other datagrams', t => {
  const { platform, results, socket } = beginConnected(DNS);
  t.like(socket().connectedTo, { family: 'inet', port: 8080 });
  const query = socket().sent[0]!.data;
  socket().deliver(new Uint8Array(3));
  socket().deliver(query);
  platform.clock.settle();
  t.deepEqual(results, []);
  socket().deliver(answerTo(query, 0x81, 0x80));
  platform.clock.settle();
  t.deepEqual(results, [{ ok: true, reason: 'the answer is NOERROR' }]);
  t.true(socket().closed);
  t.is(platform.clock.nextDue(), null);
});

test('a server that says nothing, or whose port is closed, has failed', t => {
  for (const check of [DNS, PING, { ...UDP, reply: { data: '', minLength: 0, maxLength: 255 } }]) {
    const { platform, results } = beginConnected(check);
    platform.clock.advance(5000);
    t.deepEqual(results, [{ ok: false, reason: 'no answer within 5 s' }], check.kind);
  }
  for (const [code, reason] of [
    ['ECONNREFUSED', 'port unreachable'],
    ['EHOSTUNREACH', 'no route to host'],
    ['EPERM', 'EPERM'],
  ] as const) {
    const { platform, results, socket } = beginConnected(UDP);
    socket().refused(code);
    platform.clock.settle();
    t.deepEqual(results, [{ ok: false, reason }]);
    t.true(socket().closed);
  }
});

test('a cancelled exchange says nothing more', t => {
  const { platform, results, cancel, socket } = beginConnected(UDP);
  cancel();
  platform.clock.advance(10_000);
  t.deepEqual(results, []);
  t.true(socket().closed);
});

test('UDP_CHECK without require_reply needs no answer', t => {
  const silent = beginConnected(UDP);
  t.deepEqual([...silent.socket().sent[0]!.data], [0x0a, 0xff]);
  silent.platform.clock.advance(5000);
  t.deepEqual(silent.results, [{ ok: true, reason: 'nobody says that the port is closed' }]);
  const answering = beginConnected({ ...UDP, payload: null });
  t.is(answering.socket().sent[0]!.data.length, 32);
  answering.socket().deliver(new Uint8Array(1));
  answering.platform.clock.settle();
  t.deepEqual(answering.results, [{ ok: true, reason: 'answers' }]);
});

test('a UDP answer is compared as far as both go, half bytes may be of any value', t => {
  const judge = (data: string, ...answer: number[]) =>
    judgeReply(Uint8Array.from(answer), { data, minLength: 1, maxLength: 3 });
  t.true(judge('0a1x', 0x0a, 0x1f).ok);
  t.true(judge('0a1x', 0x0a).ok);
  t.true(judge('0a', 0x0a, 7, 8).ok);
  t.true(judge('', 1).ok);
  t.deepEqual(judge('0a1x', 0x0a, 0x2f), {
    ok: false,
    reason: 'byte 1 of the answer is not the expected one',
  });
  t.deepEqual(judge(''), { ok: false, reason: 'the answer has 0 bytes, not 1 to 3' });
  t.false(judge('', 1, 2, 3, 4).ok);
});

test('an echo request carries the checksum of RFC 1071 over IPv4 alone', t => {
  const identity = Uint8Array.of(0x12, 0x34, 0, 1, 0xab, 0xcd);
  t.deepEqual([...echoRequest(4, identity)], [8, 0, 0x39, 0xfd, 0x12, 0x34, 0, 1, 0xab, 0xcd]);
  t.deepEqual([...echoRequest(6, identity)], [128, 0, 0, 0, 0x12, 0x34, 0, 1, 0xab, 0xcd]);
});

test('only the reply that repeats the request counts', t => {
  const identity = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const ip = [0x46, ...new Array(23).fill(0)];
  const reply = (...message: number[]) => isEchoReply(4, Uint8Array.from([...ip, ...message]), identity);
  t.true(reply(0, 0, 9, 9, ...identity));
  t.false(reply(8, 0, 9, 9, ...identity), 'a request');
  t.false(reply(0, 0, 9, 9, 1, 2, 3, 4, 5, 7), 'other data');
  t.false(reply(0, 0, 9, 9, 1, 2, 3, 4, 5), 'too short');
  t.false(isEchoReply(4, new Uint8Array(0), identity));
  t.true(isEchoReply(6, Uint8Array.from([129, 0, 9, 9, ...identity]), identity));
});

test('PING_CHECK speaks ICMP of the family of the server', t => {
  const four = beginConnected(PING);
  t.like(four.socket(), { type: SOCK_RAW, protocol: IPPROTO_ICMP });
  const request = four.socket().sent[0]!.data;
  const reply = Uint8Array.from([0x45, ...new Array(19).fill(0), 0, 0, 0, 0, ...request.slice(4)]);
  four.socket().deliver(reply);
  four.platform.clock.settle();
  t.deepEqual(four.results, [{ ok: true, reason: 'answers echo requests' }]);
  const six = beginConnected({ ...PING, connectAddress: '2001:db8::1' });
  t.like(six.socket(), { type: SOCK_RAW, protocol: IPPROTO_ICMPV6 });
  t.like(six.socket().connectedTo, { port: 0 });
});
