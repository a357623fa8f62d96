import test from 'ava';
import { createFileProbe, judgeValue } from '../../src/director/check/file.ts';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { createFake } from '../../src/platform/fake.ts';
import { begin } from './attempt.ts';

const FILE: Extract<CheckConfig, { kind: 'FILE_CHECK' }> = {
  kind: 'FILE_CHECK',
  name: 'load',
  path: '/run/load',
  initial: null,
  weight: 0,
  reverse: false,
  interval: 1000,
  retries: 0,
  delayBeforeRetry: 0,
};

test('without a weight another number than 0 means down', t => {
  t.true(judgeValue(0, FILE).ok);
  t.false(judgeValue(-3, FILE).ok);
  t.false(judgeValue(0, { ...FILE, reverse: true }).ok);
  t.true(judgeValue(1, { ...FILE, reverse: true }).ok);
});

test('with a weight the number changes that of the server', t => {
  const change = (value: number, weight: number, reverse = false) =>
    judgeValue(value, { ...FILE, weight, reverse }).weight;
  t.is(change(3, 2), 6);
  t.is(change(3, 2, true), -6);
  t.is(change(2_147_483_647, 2_147_483_647), 65_535);
  t.is(change(2_147_483_647, -2_147_483_647), -65_535);
});

test('the file is read at each attempt; one that is not there says 0', t => {
  const { results } = begin(FILE, undefined, { '/run/load': '7\n' });
  t.deepEqual(results, [{ ok: false, reason: '/run/load says 7', weight: 0 }]);
  t.deepEqual(begin({ ...FILE, weight: 1 }).results, [
    { ok: true, reason: '/run/load cannot be read (ENOENT): counts as 0', weight: 0 },
  ]);
});

test('the file is made where that is wanted, and kept where it is there', t => {
  const says = (overwrite: boolean, files: Readonly<Record<string, string>> = {}) =>
    begin({ ...FILE, initial: { value: 5, overwrite } }, undefined, { '/run/pid': '1', ...files }).results[0]
      ?.reason;
  t.is(says(false), '/run/load says 5');
  t.is(says(false, { '/run/load': '7' }), '/run/load says 7');
  t.is(says(true, { '/run/load': '7' }), '/run/load says 5');
});

test('a cancelled check says nothing', t => {
  const platform = createFake({ files: { '/run/load': '7' } });
  const results: unknown[] = [];
  const cancel = createFileProbe(platform, () => false)(FILE, result => results.push(result));
  cancel();
  platform.clock.settle();
  t.deepEqual(results, []);
});

test('what stands in the file survives a restart of this process', t => {
  const platform = createFake({ files: { '/run/load': '7' } });
  const reasons: string[] = [];
  const probe = createFileProbe(platform, () => true);
  probe({ ...FILE, initial: { value: 5, overwrite: true } }, ({ reason }) => reasons.push(reason));
  platform.clock.settle();
  t.deepEqual(reasons, ['/run/load says 7']);
});
