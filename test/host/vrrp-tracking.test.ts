// What is tracked changes priorities and ends mastership: scripts, files, processes and services, by the shipped binary.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, inside, type Place } from './director/director.ts';
import { startNginx } from './director/servers.ts';
import { createSegment, type Station } from './vrrp/segment.ts';
import { becomes, held, instance } from './vrrp/watch.ts';

const VIP = '10.9.0.100';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** An instance that tracks something: `trackers` stands before it, `tracks` in it. */
function config(priority: number, { trackers = '', tracks = '' } = {}): string {
  return `
${trackers}
vrrp_instance web {
  state BACKUP
  interface va
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int 0.1
  virtual_ipaddress {
    ${VIP}/24
  }
  ${tracks}
}
`;
}

/** A place with its address. */
function createReadyPlace(): Place {
  const place = createPlace();
  inside(place.name, 'ip', 'address', 'add', '10.9.0.1/24', 'dev', 'va');
  inside(place.name, 'ip', 'link', 'set', 'va', 'up');
  return place;
}

test('the peer takes over when a script fails, and gives back when it succeeds again', async t => {
  const [one, other] = createSegment(2).stations as [Station, Station];
  const flag = join(one.folder, 'healthy');
  writeFileSync(flag, '');
  const script = {
    trackers: `vrrp_script healthy {
  script "/usr/bin/test -e ${flag}"
  interval 0.2
  timeout 5
  fall 2
  rise 2
  weight -60
}`,
    tracks: 'track_script {\n    healthy\n  }',
  };
  const master = new Director(t, binary, one, config(150, script));
  const backup = new Director(t, binary, other, config(100));
  await held(one, VIP);
  rmSync(flag);
  await backup.line(/entering MASTER/);
  await held(one, VIP, false);
  await held(other, VIP);
  const { priority, configuredPriority, adjustments } = await instance(master);
  t.deepEqual([priority, configuredPriority], [90, 150]);
  t.deepEqual(adjustments, [{ change: -60, reason: 'script healthy: exit status 1' }]);
  writeFileSync(flag, '');
  await held(one, VIP);
  await held(other, VIP, false);
  t.is((await instance(master)).priority, 150);
});

test('a script without a weight decides alone, and one that takes too long has failed', async t => {
  const place = createReadyPlace();
  const script = (command: string) => ({
    trackers: `vrrp_script slow {
  script "${command}"
  interval 0.3
}`,
    tracks: 'track_script {\n    slow\n  }',
  });
  const director = new Director(t, binary, place, config(100, script('/usr/bin/sleep 30')));
  const { faults } = await becomes(director, ({ state }) => state === 'FAULT');
  t.regex(faults.join(), /script slow: (nothing is known|no end within 0.3 s)/);
  await becomes(director, status => status.faults.join().includes('no end within 0.3 s'));
  director.write('site.conf', config(100, script('/usr/bin/sleep 0.01')));
  await director.console('reload');
  await becomes(director, ({ state }) => state === 'MASTER');
});

test('the number in a file is weighed, and restarts of the control process and of vrrp change nothing', async t => {
  const place = createReadyPlace();
  const file = join(place.folder, 'number');
  writeFileSync(file, '7\n');
  const director = new Director(
    t,
    binary,
    place,
    config(100, {
      trackers: `track_file load {\n  file ${file}\n}`,
      tracks: 'track_file {\n    load weight -2\n  }',
    }),
  );
  await becomes(director, ({ state, priority }) => state === 'MASTER' && priority === 86);
  const from = director.length;
  process.kill(await director.pid('control'), 'SIGKILL');
  writeFileSync(file, '-3\n');
  const { adjustments } = await becomes(director, ({ priority }) => priority === 106);
  t.deepEqual(adjustments, [{ change: 6, reason: 'file load says -3' }]);
  t.is(await Promise.race([director.line(/entering/, from), null]), null);
  process.kill(await director.pid('vrrp'), 'SIGKILL');
  await director.line(/entering MASTER/, from);
  t.is((await instance(director)).priority, 106);
  writeFileSync(file, '200\n');
  await becomes(director, ({ state }) => state === 'FAULT');
});

/** A process of that name for as long as the test wants it. */
function startProcess(t: ExecutionContext, name: string): ChildProcess {
  const child = spawn('/usr/bin/sleep', ['1000'], { argv0: name, stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

test('processes are counted', async t => {
  const place = createReadyPlace();
  const name = `/opt/${place.name}`;
  const director = new Director(
    t,
    binary,
    place,
    config(100, {
      trackers: `vrrp_track_process worker {\n  process ${name}\n  quorum 2\n  weight 20\n}`,
      tracks: 'track_process {\n    worker\n  }',
    }),
  );
  await becomes(director, ({ state, priority }) => state === 'MASTER' && priority === 100);
  const [first] = [startProcess(t, name), startProcess(t, name)];
  const { adjustments } = await becomes(director, ({ priority }) => priority === 120);
  t.deepEqual(adjustments, [{ change: 20, reason: `process worker: 2 of ${name} running, 2 needed` }]);
  first!.kill('SIGKILL');
  await becomes(director, ({ priority }) => priority === 100);
});

test('a service that has lost its quorum lowers the priority', async t => {
  const place = createReadyPlace();
  const nginx = await startNginx(t, place, '10.9.0.2');
  const director = new Director(
    t,
    binary,
    place,
    service({ address: '10.9.0.2', check: TCP_CHECK }) +
      config(100, { tracks: `track_service {\n    ${VIP} 80 weight -30\n  }` }),
  );
  await becomes(director, ({ state, priority }) => state === 'MASTER' && priority === 100);
  await nginx.stop();
  const { adjustments } = await becomes(director, ({ priority }) => priority === 70);
  t.deepEqual(adjustments, [{ change: -30, reason: `service TCP ${VIP}:80: 0 of 1 real servers up` }]);
  await startNginx(t, place, '10.9.0.2');
  await becomes(director, ({ priority }) => priority === 100);
});
