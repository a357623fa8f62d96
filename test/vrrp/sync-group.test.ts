import test from 'ava';
import { NO_TRACKS } from '../../src/director/config/vrrp-defaults.ts';
import {
  groupState,
  inheritedFaults,
  type Member,
  ordersOf,
  trackingInGroup,
} from '../../src/director/vrrp/sync-group.ts';
import { type Known, sumOf } from '../../src/director/vrrp/tracking.ts';

/** `inside MASTER`, `outside BACKUP willing`, `outside BACKUP yields`, `outside FAULT: cable` */
function members(...texts: readonly string[]): Member[] {
  return texts.map(text => {
    const [words = '', fault] = text.split(': ');
    const [name = '', phase = '', disposition] = words.split(' ');
    return {
      name,
      phase: phase as Member['phase'],
      willing: disposition === 'willing',
      yields: disposition === 'yields',
      ownFaults: fault === undefined ? [] : [fault],
    };
  });
}

const orders = (...texts: readonly string[]) =>
  ordersOf('G', members(...texts)).map(({ to, event }) => `${event.kind} ${to}`);

test('members become master when every one of them would', t => {
  t.deepEqual(orders('a BACKUP willing', 'b BACKUP'), []);
  t.deepEqual(orders('a BACKUP willing', 'b BACKUP willing'), ['promote a', 'promote b']);
  t.deepEqual(orders('a MASTER', 'b BACKUP willing'), ['promote b']);
  t.deepEqual(orders('a BACKUP willing', 'b BACKUP willing', 'c BACKUP'), []);
  t.deepEqual(orders('a MASTER', 'b MASTER'), []);
});

test('when one has lost the others follow', t => {
  t.deepEqual(orders('a MASTER', 'b BACKUP yields', 'c MASTER'), ['demote a', 'demote c']);
  t.is(
    ordersOf('G', members('a MASTER', 'b BACKUP yields'))[0]!.event.reason,
    'b of sync group G is not master any more',
  );
});

test('one that has just joined is waited for', t => {
  t.deepEqual(orders('a MASTER', 'b INITIALIZE', 'c MASTER'), []);
  t.deepEqual(orders('a MASTER', 'b BACKUP', 'c MASTER'), []);
  t.deepEqual(orders('a MASTER', 'b BACKUP willing', 'c MASTER'), ['promote b']);
});

test('nobody becomes master beside one in FAULT or not started', t => {
  t.deepEqual(orders('a BACKUP willing', 'b FAULT: cable'), []);
  t.deepEqual(orders('a BACKUP willing', 'b INITIALIZE'), []);
  t.deepEqual(orders('a MASTER', 'b FAULT: cable'), ['demote a']);
});

test('a group of one is as that one is', t => {
  t.deepEqual(orders('a BACKUP willing'), ['promote a']);
  t.deepEqual(orders('a MASTER'), []);
  t.deepEqual(orders(), []);
});

test('the fault of one is a fault of the others, and goes with it', t => {
  const all = members('a BACKUP', 'b FAULT: the interface is down or missing', 'c FAULT');
  t.deepEqual(inheritedFaults('a', all), ['b of the same sync group: the interface is down or missing']);
  t.deepEqual(inheritedFaults('b', all), []);
  t.deepEqual(inheritedFaults('a', members('a FAULT', 'b FAULT')), []);
});

test('a group is in the state that its members agree on', t => {
  const state = (...texts: readonly string[]) => groupState(members(...texts));
  t.is(state('a MASTER', 'b MASTER'), 'MASTER');
  t.is(state('a MASTER', 'b BACKUP'), null);
  t.is(state('a MASTER', 'b INITIALIZE'), null);
  t.is(state('a BACKUP', 'b BACKUP'), 'BACKUP');
  t.is(state('a MASTER', 'b FAULT'), 'FAULT');
  t.is(state('a INITIALIZE', 'b INITIALIZE'), 'INITIALIZE');
  t.is(state('a INITIALIZE', 'b BACKUP'), 'BACKUP');
  t.is(state(), 'INITIALIZE');
});

const KNOWN: Known = { isInterfaceUp: () => false, report: () => null };
const interfaces = (...tracks: readonly [string, number | null][]) => ({
  ...NO_TRACKS,
  interfaces: tracks.map(([name, weight]) => ({ name, weight, reverse: false })),
});

test('trackers of the group count for every member', t => {
  const group = { tracks: interfaces(['eth9', -10]), trackingWeight: false };
  t.is(sumOf(trackingInGroup(NO_TRACKS, group, [], KNOWN)), -10);
});

test("members' weights count for all alike with sync_group_tracking_weight", t => {
  const group = { tracks: NO_TRACKS, trackingWeight: true };
  const [one, other] = [interfaces(['eth1', -10], ['eth3', null]), interfaces(['eth2', -20])];
  const tracking = trackingInGroup(one, group, [other], KNOWN);
  t.is(sumOf(tracking), -30);
  t.deepEqual(tracking.faults, ['interface eth3: down']);
  t.is(sumOf(trackingInGroup(other, group, [one], KNOWN)), -30);
  t.deepEqual(trackingInGroup(other, group, [one], KNOWN).faults, []);
});

test("without it members' weights do not count, but the loss of an interface is a fault", t => {
  const group = { tracks: NO_TRACKS, trackingWeight: false };
  const own = { ...interfaces(['eth1', -10]), scripts: [{ name: 'chk', weight: -20, reverse: false }] };
  const down: Known = {
    isInterfaceUp: () => false,
    report: (kind, name) => ({ kind, name, up: false, value: 0, reason: 'exit status 1' }),
  };
  const tracking = trackingInGroup(own, group, [], down);
  t.is(sumOf(tracking), 0);
  t.deepEqual(tracking.faults, ['interface eth1: down']);
});

test('heat counts once for each member, whether weights of members count or not', t => {
  const hot: Known = {
    isInterfaceUp: () => true,
    report: kind => ({ kind, name: 'board', up: false, value: 0, reason: 'hot' }),
  };
  for (const trackingWeight of [false, true]) {
    const group = { tracks: { ...NO_TRACKS, heat: -50 }, trackingWeight };
    t.is(sumOf(trackingInGroup(NO_TRACKS, group, [NO_TRACKS, NO_TRACKS], hot)), -50);
  }
});
