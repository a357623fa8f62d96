import test from 'ava';
import * as host from 'host';
import { sleep } from './wait.ts';

test('timers fire in the order they are due, equals in the order they were set', async t => {
  const fired: number[] = [];
  // Far apart: a busy machine may take its time between two of them.
  const delays = [900, 150, 150, 0, -7, 450.4, 300.2, 600];
  await new Promise<void>(resolve => {
    for (const [index, delay] of delays.entries()) host.setTimer(delay, () => void fired.push(index));
    host.setTimer(1000, resolve);
  });
  t.deepEqual(fired, [3, 4, 1, 2, 6, 5, 7, 0]);
});

test('a thousand timers, some cleared, fire in order', async t => {
  // When each is due at the earliest and at the latest: the host reads its clock between the two readings here.
  const fired: { earliest: number; latest: number }[] = [];
  const ids: number[] = [];
  let state = 12345;
  for (let i = 0; i < 1000; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    const delay = (state % 4000) / 100;
    const due = { earliest: host.monotonic() + delay, latest: 0 };
    ids.push(host.setTimer(delay, () => void fired.push(due)));
    due.latest = host.monotonic() + delay;
  }
  for (let i = 0; i < 1000; i += 3) host.clearTimer(ids[i]!);
  await sleep(80);
  t.is(fired.length, 666);
  for (const [i, due] of fired.entries()) if (i > 0) t.true(due.latest >= fired[i - 1]!.earliest);
});

test('no timer fires early', async t => {
  for (const delay of [0.2, 0.7, 1.3, 3.9]) {
    const start = host.monotonic();
    await sleep(delay);
    t.true(host.monotonic() - start >= delay - 0.001);
  }
});

test('an id that is over clears nothing', async t => {
  let count = 0;
  const first = host.setTimer(0, () => void count++);
  await sleep(1);
  host.setTimer(0, () => void count++);
  host.clearTimer(first);
  host.clearTimer(first + 1);
  host.clearTimer(0);
  host.clearTimer(2 ** 52 - 1);
  await sleep(1);
  t.is(count, 2);
});

test('a timer that clears another in the same round is obeyed', async t => {
  let fired = false;
  let other = 0;
  host.setTimer(0, () => host.clearTimer(other));
  other = host.setTimer(0, () => {
    fired = true;
  });
  await sleep(2);
  t.false(fired);
});

test('microtasks run after every callback, before the next', async t => {
  const order: string[] = [];
  host.setTimer(0, () => {
    order.push('timer 1');
    Promise.resolve().then(() => order.push('microtask 1'));
    queueMicrotask(() => order.push('microtask 2'));
  });
  host.setTimer(0, () => void order.push('timer 2'));
  await sleep(2);
  t.deepEqual(order, ['timer 1', 'microtask 1', 'microtask 2', 'timer 2']);
});

test('a rejection that is handled before the callbacks are over is none', async t => {
  const rejected = Promise.reject(new Error('handled in time'));
  queueMicrotask(() => void rejected.catch(() => {}));
  await sleep(1);
  t.pass();
});

test('the clocks run', t => {
  const before = host.monotonic();
  t.true(host.monotonic() >= before);
  t.true(host.wallClock() > Date.UTC(2020, 0));
  t.true(Math.abs(host.wallClock() - Date.now()) < 1000);
});

test('the Web-standard timers take arguments, repeat and stop', async t => {
  const seen: unknown[] = [];
  setTimeout((...args: unknown[]) => seen.push(...args), 1, 'a', 2);
  clearTimeout(setTimeout(() => seen.push('never'), 1));
  clearTimeout(undefined);
  await new Promise<void>(resolve => {
    let count = 0;
    const id = setInterval(() => {
      seen.push(++count);
      if (count < 3) return;
      clearInterval(id);
      resolve();
    }, 2);
  });
  await sleep(10);
  t.deepEqual(seen, ['a', 2, 1, 2, 3]);
});
