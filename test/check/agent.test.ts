// AGENT_CHECK: what agents say.
import test from 'ava';
import { Agent, agentAnswer } from '../../src/director/check/agent-answer.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { randomNumbers, rounds } from '../config/support.ts';
import { begin, bytes, sent, TIMING } from './attempt.ts';

const AGENT: CheckConfig = { kind: 'AGENT_CHECK', send: '', weightFrom: 10, ...TIMING };

/** An agent that says this and closes. */
function told(text: string, check: CheckConfig = AGENT) {
  const attempt = begin(check);
  attempt.socket().connected();
  attempt.platform.clock.settle();
  if (text !== '') attempt.socket().deliver(bytes(text));
  attempt.socket().hangUp();
  attempt.platform.clock.settle();
  return { ...attempt, result: attempt.results[0] };
}

test('an agent says how its server is', t => {
  t.deepEqual(agentAnswer('up', 10), { ok: true, reason: 'the agent says "up"' });
  t.deepEqual(agentAnswer('READY up,75%', 10), {
    ...{ ok: true, reason: 'the agent says "READY up,75%"' },
    ...{ weight: -2, order: 'ready' },
  });
  t.deepEqual(agentAnswer('drain', 10), { ok: true, reason: 'the agent says "drain"', order: 'drain' });
  t.like(agentAnswer('maint', 10), { ok: true, order: 'maintain' });
  for (const word of ['down', 'failed', 'stopped']) t.like(agentAnswer(word, 10), { ok: false });
  t.deepEqual(agentAnswer('down # the disk is full', 10), {
    ok: false,
    reason: 'the agent says "down # the disk is full"',
  });
  t.like(agentAnswer('up maxconn:30', 10), { ok: true });
});

test('a percentage is one of the configured weight, and 0 only by 0%', t => {
  const weight = (percentage: string, configured: number) => agentAnswer(percentage, configured)?.weight;
  t.is(weight('100%', 10), 0);
  t.is(weight('0%', 10), -10);
  t.is(weight('1%', 10), -9);
  t.is(weight('200%', 10), 10);
  t.is(weight('50%', 0), 0);
});

test('what is no answer of an agent is none', t => {
  for (const line of [
    '',
    ' , ',
    '#up',
    '220 ready',
    'HTTP/1.0 200 OK',
    '101',
    '-5%',
    '99999%',
    'up!',
    'maxconn:x',
  ]) {
    t.is(agentAnswer(line, 10), null, line);
  }
});

test('AGENT_CHECK takes one line, or what there is when the agent closes', t => {
  t.like(told('50%\nup and more').result, { ok: true, reason: 'the agent says "50%"', weight: -5 });
  t.like(told('drain').result, { ok: true, order: 'drain' });
  t.deepEqual(told('').result, { ok: false, reason: 'closed without an answer' });
  t.deepEqual(told('hello\r\n').result, { ok: false, reason: 'the agent is not understood: "hello"' });
  t.deepEqual(told('x'.repeat(600)).result, { ok: false, reason: 'the answer is longer than 512 bytes' });
});

test('an agent is told what it wants to hear', t => {
  const { socket } = told('up\n', { ...AGENT, send: 'web1\n' });
  t.is(sent(socket()), 'web1\n');
});

test('an optional agent says something or nothing', t => {
  const optional: CheckConfig = { ...AGENT, optional: true };
  t.deepEqual(told('', optional).result, {
    ok: true,
    reason: 'closed without an answer: everything stays as it was',
  });
  t.deepEqual(told('what?\n', optional).result, {
    ok: true,
    reason: 'the agent is not understood: "what?": everything stays as it was',
  });
  t.like(told('down\n', optional).result, { ok: false });
  const refused = begin(optional);
  refused.socket().refused();
  refused.platform.clock.settle();
  t.deepEqual(refused.results, [{ ok: true, reason: 'connection refused: everything stays as it was' }]);
});

test('random words are told as they are or not understood, and no weight is below 0', t => {
  const seed = 20260502;
  const random = randomNumbers(seed);
  const words = ['up', 'down', 'drain', 'ready', '7%', '300%', ',', ' ', '#', '\t', '\0', 'x', '\xff', '%'];
  for (let round = 0; round < rounds(5000); round++) {
    const text = Array.from({ length: random(8) }, () => words[random(words.length)]!).join('');
    const agent = new Agent('', 10);
    const result = text === '' ? agent.close() : (agent.take(bytes(`${text}\n`))?.end ?? null);
    const place = `seed ${seed}, round ${round}: ${text}`;
    t.truthy(result, place);
    t.regex(result!.reason, /^[ -~]+$/, place);
    t.true((result!.weight ?? 0) >= -10, place);
    t.is(agent.isUnderstood, agentAnswer(text, 10) !== null, place);
  }
});
