import test from 'ava';
import type { Config } from '../../src/director/config/config.ts';
import { NO_NOTIFICATIONS, NO_TRACKS, NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { createAttendants, forgetAttendants } from '../../src/director/control/attendants.ts';
import type { RoleLink } from '../../src/director/control/role-link.ts';
import type { Peer } from '../../src/director/ipc/server.ts';
import type { TrackReport, VrrpEvent } from '../../src/director/protocol.ts';
import { createFake } from '../../src/platform/fake.ts';
import { pass } from '../ipc/unix-network.ts';
import { serve } from '../netlink/kernel.ts';
import { FakeDaemons } from './fake-daemons.ts';
import { INSTANCE, sampleConfig } from './sample.ts';

const SERVICE = { kind: 'address', protocol: 'TCP', address: '10.0.0.100', port: 80 } as const;

/** `web` tells programs, tracks a service, and the sync daemon follows it. */
function configOf(): Config {
  const any = { words: ['/notify'], user: null, group: null };
  const options = { maximumLength: null, port: null, ttl: null, group: null };
  return sampleConfig({
    vrrp: { ...NO_VRRP, syncDaemon: { interface: 'eth0', instance: 'web', syncId: 51, ...options } },
    vrrpInstances: [
      {
        ...INSTANCE,
        notify: { ...NO_NOTIFICATIONS, any },
        tracks: { ...NO_TRACKS, services: [{ key: SERVICE, weight: -10, reverse: false }] },
      },
    ],
  });
}

const event = (state: VrrpEvent['state'], kind: VrrpEvent['kind'] = 'state'): { event: VrrpEvent } => ({
  event: { subject: 'INSTANCE', name: 'web', kind, state, priority: 100, reason: '', at: 0 },
});

const report = (up: boolean): TrackReport => {
  return { kind: 'service', name: 'TCP 10.0.0.100:80', up, value: up ? 1 : 0, reason: '' };
};

function world() {
  const kernel = new FakeDaemons();
  const platform = createFake({
    files: { '/run/x': '', '/proc/sys/kernel/hostname': 'lvs1\n' },
    onSocket: socket => serve(socket, request => kernel.handle(request)),
  });
  const tracked: TrackReport[][] = [];
  const nothing = () => {};
  const attendants = createAttendants(platform, {
    runDirectory: '/run',
    log: { info: nothing, warn: nothing, error: nothing },
    track: reports => tracked.push([...reports()]),
  });
  /** A role that answers this. */
  const link = (answer: unknown): RoleLink => ({
    configure: nothing,
    amend: nothing,
    ask: () => Promise.resolve(answer),
    insist: () => Promise.resolve(answer),
    trouble: null,
    close: nothing,
  });
  const vrrp = link({ instances: [{ name: 'web', state: 'MASTER', priority: 100 }], syncGroups: [] });
  const hear = (message: unknown) => attendants.vrrp.heard?.(message, vrrp);
  const running = () => [...platform.processes.children.values()].map(({ args }) => args.slice(1).join(' '));
  return { kernel, platform, attendants, tracked, link, vrrp, hear, running };
}

test('the sync daemon follows its instance, also into its death', async t => {
  const { kernel, platform, attendants, vrrp, hear } = world();
  attendants.configure(configOf());
  hear(event('BACKUP'));
  await pass(platform, 0);
  t.deepEqual(kernel.states, [2]);
  hear(event('MASTER'));
  hear({ event: { ...event('BACKUP').event, name: 'other' } });
  await pass(platform, 0);
  t.deepEqual(kernel.states, [1]);
  attendants.vrrp.lost?.();
  await pass(platform, 0);
  t.deepEqual(kernel.states, [2]);
  attendants.vrrp.reached?.(vrrp);
  await pass(platform, 0);
  t.deepEqual(kernel.states, [1]);
  hear(event('INITIALIZE', 'deleted'));
  await pass(platform, 0);
  t.deepEqual(kernel.states, [2]);
});

test('what is found before the configuration is known is acted upon when it is', async t => {
  const { kernel, platform, attendants, vrrp, running } = world();
  attendants.vrrp.reached?.(vrrp);
  await pass(platform, 0);
  t.deepEqual(running(), []);
  attendants.configure(configOf());
  await pass(platform, 0);
  t.deepEqual(running(), ['INSTANCE web MASTER 100']);
  t.deepEqual(kernel.states, [1]);
  attendants.configure(configOf());
  t.is(running().length, 1);
});

test('who subscribes is told how everything is, then what happens', t => {
  const { attendants, hear } = world();
  const told: unknown[] = [];
  const peer: Peer = { push: message => told.push(message), queued: 0, onDrained() {}, onGone() {} };
  hear(event('BACKUP'));
  attendants.subscribe(peer);
  hear(event('MASTER'));
  t.deepEqual(told, [event('BACKUP'), event('MASTER')]);
});

test('the checker says how services are, and vrrp is told', async t => {
  const { platform, attendants, tracked, link } = world();
  attendants.configure(configOf());
  attendants.checker.reached?.(link([report(true)]));
  await pass(platform, 0);
  attendants.checker.heard?.({ report: report(false) }, link(null));
  attendants.checker.heard?.('nonsense', link(null));
  t.deepEqual(tracked, [[report(true)], [report(false)]]);
});

test('at the end the stop is told once vrrp is gone, and the sync daemon ends', async t => {
  const { kernel, platform, attendants, hear, running } = world();
  attendants.configure(configOf());
  hear(event('MASTER'));
  platform.processes.end([...platform.processes.children.keys()][0]!, 0);
  await pass(platform, 0);
  let over = false;
  attendants.stop().then(() => {
    over = true;
  });
  await pass(platform, 10);
  t.deepEqual(running(), []);
  t.deepEqual(kernel.states, []);
  attendants.vrrp.lost?.();
  await pass(platform, 0);
  t.deepEqual(running(), ['INSTANCE web STOP 100']);
  platform.processes.end([...platform.processes.children.keys()][0]!, 0);
  await pass(platform, 0);
  t.true(over);
});

test('what an earlier director told and found out is forgotten', t => {
  const { platform, attendants, hear } = world();
  attendants.configure(configOf());
  hear(event('MASTER'));
  attendants.checker.heard?.({ report: report(true) }, {} as RoleLink);
  const kept = ['/run/notified.json', '/run/tracked.json'];
  t.true(kept.every(path => platform.files.exists(path)));
  forgetAttendants(platform, '/run');
  t.false(kept.some(path => platform.files.exists(path)));
  forgetAttendants(platform, '/run');
});

test('heat is told to vrrp where somebody follows it', t => {
  const { attendants, tracked } = world();
  const heat: TrackReport = { kind: 'heat', name: 'board', up: false, value: 0, reason: 'hot' };
  attendants.report(heat);
  t.deepEqual(tracked, []);
  attendants.configure(
    sampleConfig({ vrrpInstances: [{ ...INSTANCE, tracks: { ...NO_TRACKS, heat: -50 } }] }),
  );
  t.deepEqual(tracked, [[heat]]);
});

test('the office is the highest of all instances', t => {
  const { attendants, hear } = world();
  t.is(attendants.office, 'none');
  hear(event('FAULT'));
  t.is(attendants.office, 'none');
  hear({ event: { ...event('BACKUP').event, name: 'other' } });
  t.is(attendants.office, 'backup');
  hear(event('MASTER'));
  t.is(attendants.office, 'master');
});
