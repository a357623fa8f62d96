// Records of DNS answers, and answers over TCP.
import test from 'ava';
import { dnsQuery, judgeDnsAnswer } from '../../src/director/check/dns-message.ts';
import { canonicalRecord, readRecords } from '../../src/director/check/dns-records.ts';
import { joined } from '../../src/director/check/message-talker.ts';
import type { CheckConfig, DnsType } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, TIMING } from './attempt.ts';

const CODES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33 } as const;
type Known = keyof typeof CODES;

/** `www.example.org` of the question, by a pointer. */
const ASKED = [0xc0, 12];
const EXAMPLE = [0xc0, 16];

const label = (text: string) => [text.length, ...[...text].map(each => each.charCodeAt(0))];

function record(type: Known, data: readonly number[], name: readonly number[] = ASKED): number[] {
  return [...name, 0, CODES[type], 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255, ...data];
}

/** A whole answer to the query. */
function answerTo(query: Uint8Array, records: readonly number[][], third = 0x84): Uint8Array {
  const answer = Uint8Array.from([...query, ...records.flat()]);
  answer[2] = third;
  answer[7] = records.length;
  return answer;
}

function judge(type: Known, expected: readonly string[], records: readonly number[][], third?: number) {
  const query = dnsQuery(7, 'www.example.org', type);
  const answers = expected.map(each => canonicalRecord(type, each)!);
  return judgeDnsAnswer(answerTo(query, records, third), query, { type, answers });
}

test('the records that are expected stand in the answer, among others and behind an alias', t => {
  const records = [
    record('CNAME', [...label('a'), ...EXAMPLE]),
    record('A', [192, 0, 2, 1]),
    record('A', [192, 0, 2, 2], [...label('a'), ...EXAMPLE]),
  ];
  t.deepEqual(judge('A', ['192.0.2.2'], records), { ok: true, reason: 'the answer is 192.0.2.2' });
  t.deepEqual(judge('A', ['192.0.2.2', '192.0.2.3'], records), {
    ...{ ok: false, reason: '192.0.2.3 is not in the answer: the answer is 192.0.2.1' },
  });
  t.deepEqual(judge('A', ['192.0.2.1'], []), {
    ...{ ok: false, reason: '192.0.2.1 is not in the answer: the answer has none' },
  });
});

test('every type of record is compared as a zone file has it', t => {
  const cases: readonly [Known, readonly number[], readonly string[]][] = [
    ['AAAA', [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 1], ['2001:0db8::1']],
    ['NS', [...label('NS1'), ...EXAMPLE], ['ns1.example.org.', 'NS1.example.ORG']],
    ['PTR', ASKED, ['www.example.org']],
    ['MX', [0, 10, ...label('mx'), ...EXAMPLE], ['10 mx.example.org.', 'mx.example.org']],
    ['SRV', [0, 1, 0, 2, 0x13, 0xc4, ...label('sip'), 0], ['1 2 5060 sip', '5060', 'sip']],
    [
      'SOA',
      [...ASKED, ...label('root'), ...EXAMPLE, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4],
      ['www.example.org root.example.org 9 1 2 3 4', 'root.example.org', '9'],
    ],
    ['TXT', [...label('v=spf1 '), ...label('-all')], ['v=spf1 -all']],
  ];
  for (const [type, data, expected] of cases) {
    for (const each of expected) t.true(judge(type, [each], [record(type, data)])?.ok, `${type} ${each}`);
    const cut = judge(type, expected, [record(type, data.slice(0, -1))]);
    t.deepEqual(cut, { ok: false, reason: 'the answer cannot be read' }, type);
  }
});

test('an answer that is cut off is judged by what is there', t => {
  const records = [record('A', [192, 0, 2, 1])];
  t.true(judge('A', ['192.0.2.1'], records, 0x86)?.ok);
  t.deepEqual(judge('A', ['192.0.2.2'], records, 0x86), {
    ...{ ok: false, reason: 'the answer is cut off, and 192.0.2.2 not in what is there' },
  });
});

test('names that lead in circles or out of the message are no names', t => {
  const query = dnsQuery(7, 'www.example.org', 'NS');
  const at = query.length;
  for (const data of [[0xc0, at + 12], [0xff, 0xff], [0xc0], [64, 1], [5, 97], label('a')]) {
    const answer = answerTo(query, [record('NS', data)]);
    t.is(readRecords(answer, at, 'NS', 2), null, String(data));
  }
  const long = Array.from({ length: 5 }, () => label('x'.repeat(60))).flat();
  t.is(readRecords(answerTo(query, [record('NS', [...long, 0])]), at, 'NS', 2), null);
});

test('answers with random bytes in them are read or refused, and never pass', t => {
  const seed = 20260511;
  const random = randomNumbers(seed);
  const types = Object.keys(CODES) as Known[];
  for (let round = 0; round < rounds(3000); round++) {
    const type = types[random(types.length)]!;
    const query = dnsQuery(7, 'www.example.org', type);
    const data = Array.from({ length: random(40) }, () => (random(4) === 0 ? 0xc0 : random(256)));
    const answer = answerTo(query, [record(type, data), record(type, data.slice(2))]);
    for (let left = random(3); left > 0; left--) answer[12 + random(answer.length - 12)] = random(256);
    const cut = answer.subarray(0, 12 + random(answer.length - 12));
    for (const each of [answer, cut]) {
      const result = judgeDnsAnswer(each, query, { type, answers: ['never.example.net'] });
      t.false(result?.ok ?? false, `seed ${seed}, round ${round}`);
    }
  }
});

test('over TCP messages follow their length', t => {
  const check: CheckConfig = {
    kind: 'DNS_CHECK',
    ...TIMING,
    name: 'a',
    type: 'A' as DnsType,
    protocol: 'TCP',
  };
  const { platform, results, socket } = begin(check);
  socket().connected();
  platform.clock.settle();
  const question = socket().sent[0]!.data;
  t.deepEqual([...question.subarray(0, 2)], [0, question.length - 2]);
  const answer = answerTo(question.slice(2), []);
  const whole = joined([question.subarray(0, 2), answer]);
  for (const byte of whole) {
    t.deepEqual(results, []);
    socket().deliver(Uint8Array.of(byte));
    platform.clock.settle();
  }
  t.deepEqual(results, [{ ok: true, reason: 'the answer is NOERROR' }]);
  t.true(socket().closed);
});

test('over TCP a server that says anything else has failed', t => {
  const check: CheckConfig = { kind: 'DNS_CHECK', ...TIMING, name: 'a', type: 'A', protocol: 'TCP' };
  const told = (...bytes: number[]) => {
    const { platform, results, socket } = begin(check);
    socket().connected();
    platform.clock.settle();
    if (bytes.length > 0) socket().deliver(Uint8Array.from(bytes));
    else socket().hangUp();
    platform.clock.settle();
    return results;
  };
  t.deepEqual(told(0, 3, 1, 2, 3), [{ ok: false, reason: 'the answer is not DNS' }]);
  t.deepEqual(told(0xff, 0xff, 1), [{ ok: false, reason: 'a message is longer than 16384 bytes' }]);
  t.deepEqual(told(), [{ ok: false, reason: 'closed within the conversation' }]);
});
