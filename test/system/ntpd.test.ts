import test from 'ava';
import { createNtpd } from '../../src/director/system/ntpd.ts';
import { createFake } from '../../src/platform/fake.ts';
import { SIGTERM } from '../../src/platform/linux.ts';

const LOG = { info: () => {}, warn: () => {}, error: () => {} };

function start(files: Readonly<Record<string, string>> = {}) {
  const platform = createFake({ files: { '/run/d/x': '', ...files } });
  const ntpd = createNtpd(platform, '/run/d', LOG);
  const running = () => [...platform.processes.children.values()].map(({ args }) => args.join(' '));
  return { platform, ntpd, running };
}

test('without servers nothing runs', t => {
  const { ntpd, running } = start();
  ntpd.configure([]);
  t.deepEqual(running(), []);
});

test('ntpd runs with the configured servers, and again when it ended', t => {
  const { platform, ntpd, running } = start();
  ntpd.configure(['192.0.2.1', '192.0.2.2']);
  t.deepEqual(running(), ['ntpd -n -p 192.0.2.1 -p 192.0.2.2']);
  t.is(platform.files.readText('/run/d/ntpd.pid'), '100\n');
  ntpd.configure(['192.0.2.1', '192.0.2.2']);
  t.deepEqual(platform.processes.killed, []);
  platform.processes.end(100, 1);
  platform.clock.advance(9999);
  t.deepEqual(running(), []);
  platform.clock.advance(1);
  t.is(running().length, 1);
});

test('other servers replace it at once, none stop it', t => {
  const { platform, ntpd, running } = start();
  ntpd.configure(['192.0.2.1']);
  ntpd.configure(['192.0.2.9']);
  t.deepEqual(platform.processes.killed, [{ pid: 100, signal: SIGTERM }]);
  platform.processes.end(100, 0, SIGTERM);
  platform.clock.advance(0);
  t.deepEqual(running(), ['ntpd -n -p 192.0.2.9']);
  ntpd.configure([]);
  platform.processes.end(101, 0, SIGTERM);
  platform.clock.advance(60_000);
  t.deepEqual(running(), []);
});

test('one that an earlier control process left is ended, another process of that pid is not', t => {
  for (const [name, expected] of [
    ['ntpd', 1],
    ['sh', 0],
  ] as const) {
    const platform = createFake({
      files: { '/run/d/ntpd.pid': '100\n', '/proc/100/cmdline': `${name}\0-n\0` },
    });
    platform.processes.spawn(name, [name], []);
    createNtpd(platform, '/run/d', LOG);
    t.is(platform.processes.killed.length, expected, name);
    t.false(platform.files.exists('/run/d/ntpd.pid'));
  }
});
