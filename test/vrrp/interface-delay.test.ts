import test from 'ava';
import { type Settling, settle } from '../../src/director/vrrp/interface-delay.ts';
import { SettledInterfaces } from '../../src/director/vrrp/settled-interfaces.ts';
import { createFake } from '../../src/platform/fake.ts';

const DELAY = { down: 100, up: 500 };

/** What counts after each `at: up|down`. */
function counts(...news: readonly [number, boolean][]): boolean[] {
  let state: Settling | null = null;
  return news.map(([at, up]) => {
    state = settle(state, up, DELAY, at);
    return state.up;
  });
}

test('what is seen first counts at once', t => {
  t.deepEqual(counts([0, true]), [true]);
  t.deepEqual(counts([0, false]), [false]);
});

test('a change counts when it has lasted', t => {
  t.deepEqual(counts([0, true], [10, false], [109, false], [110, false]), [true, true, true, false]);
  t.deepEqual(counts([0, false], [10, true], [509, true], [510, true]), [false, false, false, true]);
});

test('one that is undone in time never happened, and the next starts anew', t => {
  t.deepEqual(counts([0, true], [10, false], [100, true], [105, false], [204, false], [205, false]), [
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('an interface without a delay is as it is; one with a delay is looked at again in time', t => {
  const platform = createFake();
  let looks = 0;
  const settled = new SettledInterfaces(platform, () => {
    looks++;
  });
  settled.configure([{ interface: 'eth0', down: 100, up: 500 }]);
  t.true(settled.isUp('eth1', true));
  t.false(settled.isUp('eth1', false));
  t.true(settled.isUp('eth0', true));
  t.true(settled.isUp('eth0', false));
  platform.clock.advance(99);
  t.is(looks, 0);
  platform.clock.advance(1);
  t.is(looks, 1);
  t.false(settled.isUp('eth0', false));
  settled.configure([]);
  t.true(settled.isUp('eth0', true));
});
