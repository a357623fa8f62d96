import test from 'ava';
import { NO_TRACKS } from '../../src/director/config/vrrp-defaults.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { type Known, NOTHING_TRACKED, sumOf, trackingOf } from '../../src/director/vrrp/tracking.ts';

function known(up: readonly string[], ...reports: readonly Partial<TrackReport>[]): Known {
  const all = reports.map(
    (report): TrackReport => ({
      kind: 'script',
      name: 'chk',
      up: true,
      value: 1,
      reason: 'said so',
      ...report,
    }),
  );
  return {
    isInterfaceUp: name => up.includes(name),
    report: (kind, name) => all.find(each => each.kind === kind && each.name === name) ?? null,
  };
}

const track = (weight: number | null, reverse = false, name = 'chk') => ({ name, weight, reverse });

/** The change of priority, or FAULT. */
function outcome(weight: number | null, reverse: boolean, up: boolean): number | 'FAULT' {
  const tracking = trackingOf({ ...NO_TRACKS, scripts: [track(weight, reverse)] }, known([], { up }));
  return tracking.faults.length > 0 ? 'FAULT' : sumOf(tracking);
}

test('without a weight what is down is a fault, with reverse what is up', t => {
  t.is(outcome(null, false, true), 0);
  t.is(outcome(null, false, false), 'FAULT');
  t.is(outcome(null, true, true), 'FAULT');
  t.is(outcome(null, true, false), 0);
});

test('a positive weight is added while up, a negative one while down; reverse turns the sign', t => {
  t.is(outcome(20, false, true), 20);
  t.is(outcome(20, false, false), 0);
  t.is(outcome(-20, false, true), 0);
  t.is(outcome(-20, false, false), -20);
  t.is(outcome(20, true, true), -20);
  t.is(outcome(20, true, false), 0);
  t.is(outcome(-20, true, true), 0);
  t.is(outcome(-20, true, false), 20);
});

test('a file adds its number times the weight', t => {
  const says = (value: number, weight: number | null, reverse = false) => {
    const tracks = { ...NO_TRACKS, files: [track(weight, reverse, 'f')] };
    const tracking = trackingOf(tracks, known([], { kind: 'file', name: 'f', value }));
    return tracking.faults.length > 0 ? 'FAULT' : sumOf(tracking);
  };
  t.is(says(5, 3), 15);
  t.is(says(-5, 3), -15);
  t.is(says(5, 3, true), -15);
  t.is(says(200, 2), 253);
  t.is(says(-127, 2), 'FAULT');
  t.is(says(-126, 2), -252);
  t.is(says(0, null), 0);
  t.is(says(1, null), 'FAULT');
  t.is(says(0, null, true), 'FAULT');
  t.is(says(1, null, true), 0);
});

test('a file that cannot be read says 0', t => {
  const unreadable = known([], { kind: 'file', name: 'f', up: false, value: 7, reason: 'ENOENT' });
  t.deepEqual(trackingOf({ ...NO_TRACKS, files: [track(1, false, 'f')] }, unreadable), NOTHING_TRACKED);
  t.deepEqual(trackingOf({ ...NO_TRACKS, files: [track(null, true, 'f')] }, unreadable).faults, [
    'file f: ENOENT',
  ]);
});

test('what nothing is known of changes no priority and is no fault yet', t => {
  const tracks = {
    ...NO_TRACKS,
    scripts: [track(null), track(-20)],
    files: [track(null, false, 'f')],
  };
  t.deepEqual(trackingOf(tracks, known([])), {
    ...NOTHING_TRACKED,
    unknown: ['script chk: nothing is known of it yet', 'file f: nothing is known of it yet'],
  });
});

test('every reason is told, and interfaces need no report', t => {
  const key = { kind: 'address', protocol: 'TCP', address: '10.9.0.100', port: 80 } as const;
  const tracks = {
    interfaces: [track(null, false, 'eth1'), track(-30, false, 'eth2'), track(5, false, 'eth3')],
    scripts: [track(10)],
    files: [],
    processes: [track(null, false, 'haproxy')],
    services: [{ key, weight: -50, reverse: false }],
  };
  const tracking = trackingOf(
    tracks,
    known(
      ['eth3'],
      { reason: 'exit status 0' },
      { kind: 'process', name: 'haproxy', up: false, reason: '0 of 1 processes' },
      { kind: 'service', name: 'TCP 10.9.0.100:80', up: false, reason: 'no real server is up' },
    ),
  );
  t.deepEqual(tracking.faults, ['interface eth1: down', 'process haproxy: 0 of 1 processes']);
  t.deepEqual(tracking.adjustments, [
    { change: -30, reason: 'interface eth2: down' },
    { change: 5, reason: 'interface eth3: up' },
    { change: 10, reason: 'script chk: exit status 0' },
    { change: -50, reason: 'service TCP 10.9.0.100:80: no real server is up' },
  ]);
  t.is(sumOf(tracking), -65);
});

test('heat lowers the priority while the board is hot, and says of which sensor', t => {
  const tracks = { ...NO_TRACKS, heat: -50 };
  const heat = (up: boolean) =>
    known([], { kind: 'heat', name: 'board', up, reason: 'lm86 temp2 is at 82 C' });
  t.deepEqual(trackingOf(tracks, heat(false)).adjustments, [
    { change: -50, reason: 'heat board: lm86 temp2 is at 82 C' },
  ]);
  t.deepEqual(trackingOf(tracks, heat(true)), NOTHING_TRACKED);
  t.deepEqual(trackingOf(tracks, known([])), NOTHING_TRACKED);
});
