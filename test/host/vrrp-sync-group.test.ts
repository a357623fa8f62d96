// Groups that move as one, and what is tracked, beside Debian's keepalived.
import baseTest from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { Keepalived, withoutKeepalived } from './vrrp/keepalived.ts';
import { ip, type Station } from './vrrp/segment.ts';
import { type Scenario, sideBySide } from './vrrp/side-by-side.ts';
import { createTwoSided, has, INSIDE, OUTSIDE, side, trackInterface, twoGroups } from './vrrp/two-sided.ts';

const missing = withoutKeepalived();
const test = missing === null ? baseTest : baseTest.skip;
if (missing !== null) console.error(missing);

let binary = '';

baseTest.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** Waits until the first station has both addresses and the other none. */
async function bothAt(here: Station, there: Station): Promise<void> {
  await has(here, OUTSIDE, INSIDE);
  await has(there);
}

const SYNCED: readonly Scenario[] = [
  {
    title: 'both groups are where both cables are, whichever of them is pulled',
    async run(t) {
      const segment = createTwoSided(2);
      const [ours, theirs] = segment.stations as [Station, Station];
      const director = new Director(t, binary, ours, twoGroups({ priority: 150, syncGroup: '' }));
      new Keepalived(t, theirs, twoGroups({ priority: 100, syncGroup: '' }));
      await bothAt(ours, theirs);
      for (const pull of [segment.setCable, segment.setInnerCable]) {
        pull(ours, false);
        await bothAt(theirs, ours);
        const { instances, syncGroups } = await director.vrrp();
        t.deepEqual(
          instances.map(({ state }) => state),
          ['FAULT', 'FAULT'],
        );
        t.like(syncGroups[0], { name: 'sides', state: 'FAULT' });
        pull(ours, true);
        await bothAt(ours, theirs);
      }
      t.like((await director.vrrp()).syncGroups[0], { state: 'MASTER', members: ['outside', 'inside'] });
    },
  },
  {
    title: 'the director takes both over when keepalived loses one side, and gives both back',
    async run(t) {
      const segment = createTwoSided(2);
      const [ours, theirs] = segment.stations as [Station, Station];
      const keepalived = new Keepalived(t, theirs, twoGroups({ priority: 150, syncGroup: '' }));
      const director = new Director(t, binary, ours, twoGroups({ priority: 100, syncGroup: '' }));
      await bothAt(theirs, ours);
      const counted = async () =>
        (await director.vrrp()).instances.map(({ counters }) => counters.becameMaster);
      // keepalived may have come so late that the director was master before.
      const [outside, inside] = await counted();
      segment.setInnerCable(theirs, false);
      await bothAt(ours, theirs);
      segment.setInnerCable(theirs, true);
      await bothAt(theirs, ours);
      await keepalived.stop();
      await bothAt(ours, theirs);
      t.deepEqual(await counted(), [outside! + 2, inside! + 2]);
    },
  },
  {
    title: 'the last will speaks for both when the vrrp process dies',
    async run(t) {
      const segment = createTwoSided(2);
      const [ours, theirs] = segment.stations as [Station, Station];
      const director = new Director(t, binary, ours, twoGroups({ priority: 150, syncGroup: '' }));
      const keepalived = new Keepalived(t, theirs, twoGroups({ priority: 100, syncGroup: '' }));
      await bothAt(ours, theirs);
      await keepalived.line(/\(inside\) Entering BACKUP/);
      const from = director.length;
      process.kill(await director.pid('vrrp'), 'SIGKILL');
      await bothAt(theirs, ours);
      await director.line(/said goodbye for outside/, from);
      await director.line(/said goodbye for inside/, from);
      t.pass();
    },
  },
  {
    title: 'an instance that joins by a reload does not disturb the others',
    async run(t) {
      const [ours] = createTwoSided(1).stations as [Station];
      const before = twoGroups({ priority: 150, syncGroup: '' });
      const director = new Director(t, binary, ours, before);
      await has(ours, OUTSIDE, INSIDE);
      const third = side('third', 'vi', 53, 150, '10.8.0.101', '');
      director.write('site.conf', before.replace('    inside\n', '    inside\n    third\n') + third);
      director.signal('SIGHUP');
      const { instances } = await until(
        () => director.vrrp(),
        status => status.instances[2]?.state === 'MASTER',
      );
      t.deepEqual(
        instances.map(({ counters, syncGroup }) => [counters.becameMaster, syncGroup]),
        [
          [1, 'sides'],
          [1, 'sides'],
          [1, 'sides'],
        ],
      );
    },
  },
];

const TRACKING: readonly Scenario[] = [
  {
    title: 'an interface with a weight lowers the priority while it is down',
    async run(t) {
      const segment = createTwoSided(2);
      const [ours, theirs] = segment.stations as [Station, Station];
      const outside = trackInterface('vi weight -60');
      const director = new Director(t, binary, ours, twoGroups({ priority: 150, outside }));
      new Keepalived(t, theirs, twoGroups({ priority: 100, outside }));
      await bothAt(ours, theirs);
      segment.setInnerCable(ours, false);
      await bothAt(theirs, ours);
      const [status] = (await director.vrrp()).instances;
      t.like(status, { state: 'BACKUP', priority: 90, configuredPriority: 150, faults: [] });
      t.deepEqual(status?.adjustments, [{ change: -60, reason: 'interface vi: down' }]);
      segment.setInnerCable(ours, true);
      await bothAt(ours, theirs);
    },
  },
  {
    title: 'an interface without a weight is a fault while it is down',
    async run(t) {
      const segment = createTwoSided(2);
      const [ours, theirs] = segment.stations as [Station, Station];
      const outside = trackInterface('vi');
      const director = new Director(t, binary, ours, twoGroups({ priority: 150, outside }));
      new Keepalived(t, theirs, twoGroups({ priority: 100, outside }));
      await bothAt(ours, theirs);
      segment.setInnerCable(ours, false);
      await bothAt(theirs, ours);
      t.like((await director.vrrp()).instances[0], { state: 'FAULT', faults: ['interface vi: down'] });
      segment.setInnerCable(ours, true);
      await bothAt(ours, theirs);
    },
  },
  {
    title: 'what a sync group tracks counts for all its members alike',
    async run(t) {
      const { stations } = createTwoSided(2);
      const [ours, theirs] = stations as [Station, Station];
      ip('-n', ours.name, 'link', 'add', 'uplink', 'type', 'veth', 'peer', 'name', 'far');
      ip('-n', ours.name, 'link', 'set', 'far', 'up');
      ip('-n', ours.name, 'link', 'set', 'uplink', 'up');
      const syncGroup = trackInterface('uplink weight -60');
      const director = new Director(t, binary, ours, twoGroups({ priority: 150, syncGroup }));
      new Keepalived(t, theirs, twoGroups({ priority: 100, syncGroup: '' }));
      await bothAt(ours, theirs);
      ip('-n', ours.name, 'link', 'set', 'uplink', 'down');
      await bothAt(theirs, ours);
      t.deepEqual(
        (await director.vrrp()).instances.map(({ priority }) => priority),
        [90, 90],
      );
      ip('-n', ours.name, 'link', 'set', 'uplink', 'up');
      await bothAt(ours, theirs);
    },
  },
  {
    title: 'an interface that is down for a shorter time than its delay counts as up',
    async run(t) {
      const segment = createTwoSided(1);
      const [ours] = segment.stations as [Station];
      const delayed = (seconds: number) =>
        `interface_up_down_delays {\n  vi ${seconds}\n}\n${twoGroups({ priority: 150, outside })}`;
      const outside = trackInterface('vi weight -60');
      const director = new Director(t, binary, ours, delayed(255));
      await has(ours, OUTSIDE, INSIDE);
      segment.setInnerCable(ours, false);
      const sent = async () => (await director.vrrp()).instances[0]?.counters.sent ?? 0;
      const before = await sent();
      await until(sent, now => now > before + 5);
      t.like((await director.vrrp()).instances[0], { state: 'MASTER', priority: 150 });
      director.write('site.conf', delayed(1));
      director.signal('SIGHUP');
      await until(
        () => director.vrrp(),
        ({ instances }) => instances[0]?.priority === 90,
      );
    },
  },
];

test('a sync group beside keepalived', t => sideBySide(t, SYNCED));

test('tracked interfaces beside keepalived', t => sideBySide(t, TRACKING));
