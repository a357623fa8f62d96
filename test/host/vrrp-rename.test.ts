// A new configuration calls an instance otherwise: it goes on, and whoever follows it by its name is told.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { VrrpEvent } from '../../src/director/protocol.ts';
import { buildDirector, Director, until } from './director/director.ts';
import { group, VIP } from './vrrp/configs.ts';
import { createSegment, holds, type Station } from './vrrp/segment.ts';
import { becomes } from './vrrp/watch.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

test('a master that gets another name keeps its address, and is told under both names', async t => {
  const [station] = createSegment(1).stations as [Station];
  const named = (name: string) => group({ name, version: 3, interval: 0.1, priority: 100 });
  const director = new Director(t, binary, station, named('web'));
  await director.line(/entering MASTER/);
  const words = [
    'netns',
    'exec',
    station.name,
    binary,
    'events',
    '--json',
    '--run-dir',
    director.runDirectory,
  ];
  const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(() => child.kill());
  const seen: string[] = [];
  createInterface({ input: child.stdout }).on('line', line => {
    const { event } = JSON.parse(line) as { event?: VrrpEvent };
    if (event !== undefined) seen.push(`${event.kind} ${event.name} ${event.state}`);
  });
  await until(
    () => seen,
    events => events.includes('state web MASTER'),
  );
  director.write('site.conf', named('www'));
  director.signal('SIGHUP');
  await until(
    () => seen,
    events => events.includes('state www MASTER'),
  );
  t.deepEqual(seen.slice(-2), ['deleted web MASTER', 'state www MASTER']);
  const { counters } = await becomes(director, ({ name }) => name === 'www');
  t.like(counters, { becameMaster: 1, priorityZeroSent: 0 });
  t.true(holds(station, VIP));
});
