import test from 'ava';
import { judgeExit } from '../../src/director/check/misc.ts';
import { createProbe } from '../../src/director/check/probe.ts';
import type { CheckResult } from '../../src/director/check/state.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { createFake } from '../../src/platform/fake.ts';
import { SIGKILL, SIGTERM } from '../../src/platform/linux.ts';

const MISC: CheckConfig = {
  kind: 'MISC_CHECK',
  command: { words: ['/bin/check', '10.0.0.1'], user: null, group: null },
  timeout: 3000,
  dynamicFrom: null,
  interval: 6000,
  retries: 0,
  delayBeforeRetry: 1000,
};

function world() {
  const platform = createFake();
  const probe = createProbe(platform);
  const results: CheckResult[] = [];
  const start = (check: CheckConfig = MISC) => probe(check, result => results.push(result));
  const pids = () => [...platform.processes.children.keys()];
  return { platform, start, results, pids };
}

test('exit status 0 is success, all else is not', t => {
  const judge = (status: number | null, dynamicFrom: number | null = null) =>
    judgeExit({ status, reason: 'told' }, { dynamicFrom });
  t.deepEqual(judge(0), { ok: true, reason: 'told' });
  for (const status of [1, 2, 255, null]) t.deepEqual(judge(status), { ok: false, reason: 'told' });
});

test('with misc_dynamic the exit status is a weight', t => {
  const judge = (status: number | null) => judgeExit({ status, reason: 'told' }, { dynamicFrom: 10 });
  t.deepEqual(judge(0), { ok: true, reason: 'told' });
  t.false(judge(1).ok);
  t.false(judge(null).ok);
  t.deepEqual(judge(2), { ok: true, reason: 'told: weight 0', weight: -10 });
  t.deepEqual(judge(255), { ok: true, reason: 'told: weight 253', weight: 243 });
});

test('the program runs with its arguments, and its end is the result', t => {
  const { platform, start, results, pids } = world();
  start();
  t.deepEqual([...platform.processes.children.values()][0]?.args, ['/bin/check', '10.0.0.1']);
  platform.processes.end(pids()[0]!, 1);
  platform.clock.settle();
  t.deepEqual(results, [{ ok: false, reason: 'exit status 1' }]);
});

test('a program that hangs is ended, in the end by force', t => {
  const { platform, start, results, pids } = world();
  start();
  const [pid = 0] = pids();
  platform.clock.advance(3000);
  t.deepEqual(platform.processes.killed, [{ pid: -pid, signal: SIGTERM }]);
  platform.clock.advance(2000);
  t.deepEqual(platform.processes.killed.at(-1), { pid: -pid, signal: SIGKILL });
  platform.processes.end(pid, 0, SIGKILL);
  platform.clock.settle();
  t.deepEqual(results, [{ ok: false, reason: 'no end within 3 s' }]);
});

test('a program that is not there has failed', t => {
  const { platform, start, results } = world();
  platform.processes.unspawnable.set('/bin/check', 'ENOENT');
  start();
  t.deepEqual(results, []);
  platform.clock.settle();
  t.is(results.length, 1);
  t.regex(results[0]!.reason, /^cannot be started: /);
});

test('ten programs run at once, the others in their turn', t => {
  const { platform, start, results, pids } = world();
  for (let count = 0; count < 25; count++) start();
  t.is(pids().length, 10);
  while (pids().length > 0) {
    platform.processes.end(pids()[0]!, 0);
    platform.clock.settle();
    t.true(pids().length <= 10);
  }
  t.is(results.length, 25);
});

test('a cancelled check ends its program, or never starts it', t => {
  const { platform, start, results, pids } = world();
  const cancels = Array.from({ length: 12 }, () => start());
  for (const cancel of cancels.slice(0, 1).concat(cancels.slice(10))) cancel();
  t.is(platform.processes.killed.length, 1);
  for (const pid of pids()) platform.processes.end(pid, 0);
  platform.clock.settle();
  t.is(results.length, 9);
  t.deepEqual(pids(), []);
});
