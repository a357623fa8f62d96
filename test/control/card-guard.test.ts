// The card as the control process watches it: by children that may hang, and by the kernel's log.
import test from 'ava';
import { CardChildren } from '../../src/director/control/card-children.ts';
import { CardGuard } from '../../src/director/control/card-guard.ts';
import { COPY_OFFSETS } from '../../src/director/flash/store.ts';
import { createLog } from '../../src/director/log.ts';
import type { CardEvent } from '../../src/director/protocol.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';

const MINUTE = 60_000;

function world() {
  const master = new Uint8Array(512);
  master.set([0xfe, 0xca, 0xad, 0x0b], 440);
  const platform = createFake({
    files: {
      '/proc/cmdline': 'director.disk=0badcafe\n',
      '/etc/passwd': 'root:x:0:0:root:/:/bin/sh\n',
      '/etc/group': 'root:x:0:\n',
      '/sys/block/sda/size': '125440\n',
      '/sys/block/sda/sda4/partition': '4\n',
      '/dev/sda': master,
      '/dev/sda4': new Uint8Array(COPY_OFFSETS[1] + 512),
      '/dev/kmsg': '',
      '/run/director/x': '',
    },
  });
  for (const path of ['/dev/sda', '/dev/sda4']) platform.files.devices.set(path, () => 0);
  platform.files.records.set('/dev/kmsg', []);
  const events: CardEvent[] = [];
  const guard = new CardGuard(platform, {
    runDirectory: '/run/director',
    log: createLog(platform, 'control'),
    children: new CardChildren(platform, '/run/director'),
    happened: event => events.push(event),
  });
  guard.start();
  return { platform, guard, events };
}

/** Ends the one child there is; returns its script's words. */
async function endChild(platform: FakePlatform, status: number): Promise<readonly string[]> {
  const [child] = [...platform.processes.children.values()];
  if (child === undefined) throw new Error('no child');
  platform.processes.end(child.pid, status);
  await platform.clock.advance(0);
  return child.args.slice(4);
}

test('a card that fails is an alarm, forbids commits by name, and is told when it is back', async t => {
  const { platform, guard, events } = world();
  await platform.clock.advance(MINUTE);
  t.deepEqual(await endChild(platform, 0), ['sda', '0']);
  t.deepEqual(guard.troubles, []);
  await platform.clock.advance(MINUTE + 5000);
  t.deepEqual(await endChild(platform, 1), ['sda', '104729']);
  t.deepEqual(await endChild(platform, 1), ['sda', '0']);
  t.deepEqual(
    events.map(({ kind, device }) => [kind, device]),
    [['failed', 'sda']],
  );
  await t.throwsAsync(guard.ready(), {
    message: /^sda: ALARM: the card has not answered .*reading sector 0: it gives an error/,
  });
  t.is(platform.processes.children.size, 0);
  await platform.clock.advance(15_000);
  await endChild(platform, 0);
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['failed', 'back'],
  );
  t.deepEqual(guard.troubles, []);
});

test('a child that hangs is not waited for, and no other is started beside it', async t => {
  const { platform, guard, events } = world();
  const refused = t.throwsAsync(guard.ready(), { message: /ALARM.*no answer within 15 s/ });
  await platform.clock.advance(16_000);
  await refused;
  await platform.clock.advance(10 * MINUTE);
  t.is(platform.processes.children.size, 1);
  t.is(events.length, 1);
});

test('another card is not written to', async t => {
  const { platform, guard, events } = world();
  platform.files.put('/sys/block/sda/size', '999\n');
  const message = /another card, which is not written to: it has 999 sectors/;
  const refused = t.throwsAsync(guard.ready(), { message });
  await platform.clock.advance(0);
  await endChild(platform, 0);
  await refused;
  t.is(events[0]?.kind, 'another');
});

test('a write that the kernel has refused is told with the name of who wrote', async t => {
  const { platform, guard, events } = world();
  const record = '4,300,5000000,-;refused a write to read-only block device sda1 by logger[77]\n';
  platform.files.records.get('/dev/kmsg')?.push(record);
  await platform.clock.advance(5000);
  t.like(events[0], { kind: 'refused write', device: 'sda1' });
  t.regex(guard.troubles[0] ?? '', /^ALARM: logger, process 77, has tried to write to sda1/);
  // One that is started again reads the same record anew.
  platform.files.records.get('/dev/kmsg')?.push(record);
  await platform.clock.advance(5000);
  t.is(events.length, 1);
  await platform.clock.advance(61 * MINUTE);
  t.deepEqual(
    guard.troubles.filter(trouble => trouble.includes('logger')),
    [],
  );
});

test('a program that tries for ever is told once an hour, under whatever process number', async t => {
  const { platform, guard, events } = world();
  const records = platform.files.records.get('/dev/kmsg')!;
  const tries = (first: number) => {
    for (let n = first; n < first + 50; n++) {
      records.push(`4,${n},5000000,-;refused a write to read-only block device sda1 by dd[${n}]\n`);
    }
  };
  tries(100);
  await platform.clock.advance(5000);
  tries(200);
  await platform.clock.advance(5000);
  t.is(events.length, 1);
  t.regex(guard.troubles[0] ?? '', /^ALARM: dd, process 100, has tried to write .*, 100 times$/);
  records.push('4,300,5000000,-;refused a write to read-only block device sda1 by cat[9]\n');
  await platform.clock.advance(5000);
  t.is(events.length, 2);
  await platform.clock.advance(61 * MINUTE);
  tries(400);
  await platform.clock.advance(5000);
  t.is(events.filter(({ kind }) => kind === 'refused write').length, 3);
});

test('on a workstation there is no card to watch', async t => {
  const platform = createFake({ files: { '/proc/cmdline': 'quiet\n' } });
  const guard = new CardGuard(platform, {
    runDirectory: '/run/director',
    log: createLog(platform, 'control'),
    children: new CardChildren(platform, '/run/director'),
    happened: () => t.fail(),
  });
  guard.start();
  await guard.ready();
  await platform.clock.advance(MINUTE);
  t.is(platform.processes.children.size, 0);
});
