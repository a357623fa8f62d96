import test from 'ava';
import type { Config } from '../../src/director/config/config.ts';
import type {
  TrackersConfig,
  TrackFileConfig,
  TrackProcessConfig,
  TrackScriptConfig,
  TracksConfig,
} from '../../src/director/config/vrrp-config.ts';
import { NO_TRACKS, NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createTrackers } from '../../src/director/track/trackers.ts';
import { createFake, type FakePlatform } from '../../src/platform/fake.ts';
import { INSTANCE, sampleConfig } from '../control/sample.ts';

const SCRIPT: TrackScriptConfig = {
  name: 'check',
  command: { words: ['/bin/check', 'a'], user: null, group: null },
  interval: 2000,
  timeout: 1000,
  rise: 1,
  fall: 2,
  initFail: false,
};
const FILE: TrackFileConfig = { name: 'manual', path: '/run/manual', initial: null };
const PROCESS: TrackProcessConfig = {
  name: 'web',
  words: ['nginx'],
  match: 'name',
  quorum: 1,
  quorumMax: null,
  forkDelay: 0,
  terminateDelay: 0,
};

/** One instance that tracks everything there is. */
function configOf(trackers: Partial<TrackersConfig>, more: Partial<TracksConfig> = {}): Config {
  const all: TrackersConfig = { scripts: [], files: [], processes: [], ...trackers };
  const ask = (list: readonly { name: string }[]) =>
    list.map(({ name }) => ({ name, weight: null, reverse: false }));
  const tracks: TracksConfig = {
    ...NO_TRACKS,
    scripts: ask(all.scripts),
    files: ask(all.files),
    processes: ask(all.processes),
    ...more,
  };
  return sampleConfig({ vrrp: { ...NO_VRRP, trackers: all }, vrrpInstances: [{ ...INSTANCE, tracks }] });
}

function start(platform: FakePlatform) {
  const changes: TrackReport[] = [];
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const trackers = createTrackers(platform, {
    commands: createCommands(platform),
    log: { info: tell, warn: tell, error: tell },
    path: '/run/trackers.json',
    onChange: report => changes.push(report),
  });
  return { trackers, changes, said };
}

function world(files: Record<string, string> = {}) {
  const platform = createFake({ files: { '/run/x': '', '/proc/1/comm': 'init\n', ...files } });
  const running = () => [...platform.processes.children.values()];
  /** The run under way ends. */
  const end = (status: number) => {
    platform.processes.end(running()[0]!.pid, status);
    platform.clock.settle();
  };
  return { platform, running, end, ...start(platform) };
}

const brief = (reports: readonly TrackReport[]) =>
  reports.map(({ name, up, value, reason }) => `${name} ${up} ${value}: ${reason}`);

test('a script runs at once and then on its beat, and only a change of the verdict is told', t => {
  const { platform, running, end, trackers, changes } = world();
  trackers.configure(configOf({ scripts: [SCRIPT] }));
  t.deepEqual(running()[0]?.args, ['/bin/check', 'a']);
  t.deepEqual(changes, []);
  platform.clock.advance(500);
  end(0);
  t.deepEqual(brief(changes), ['check true 1: exit status 0']);
  platform.clock.advance(1499);
  t.deepEqual(running(), []);
  platform.clock.advance(1);
  end(1);
  t.is(changes.length, 1);
  t.deepEqual(brief(trackers.reports), ['check true 1: exit status 1, 1 in a row']);
  platform.clock.advance(2000);
  end(1);
  t.deepEqual(brief(changes.slice(1)), ['check false 0: exit status 1']);
});

test('a script that takes too long has failed, and is not started twice', t => {
  const { platform, running, end, trackers, changes } = world();
  trackers.configure(configOf({ scripts: [{ ...SCRIPT, fall: 1, timeout: 5000 }] }));
  platform.clock.advance(5000);
  t.is(running().length, 1);
  t.is(platform.processes.killed.length, 1);
  end(0);
  t.deepEqual(brief(changes), ['check false 0: no end within 5 s']);
  platform.clock.advance(0);
  t.is(running().length, 1);
});

test('with init_fail a script is down before its first run has ended', t => {
  const { end, trackers, changes } = world();
  trackers.configure(configOf({ scripts: [{ ...SCRIPT, initFail: true }] }));
  t.deepEqual(brief(changes), ['check false 0: not run yet']);
  end(0);
  t.deepEqual(brief(changes.slice(1)), ['check true 1: exit status 0']);
});

test('a file says its number, 0 when it is not there', t => {
  const { platform, trackers, changes } = world();
  trackers.configure(configOf({ files: [FILE] }));
  t.deepEqual(brief(changes), ['manual false 0: /run/manual cannot be read (ENOENT): counts as 0']);
  platform.files.replace('/run/manual', '-20\n');
  platform.clock.advance(500);
  t.deepEqual(brief(changes.slice(1)), ['manual true -20: /run/manual says -20']);
  platform.clock.advance(5000);
  t.is(changes.length, 2);
});

test('a file is made with its first content, and overwritten only where that is asked for', t => {
  const { platform, trackers } = world({ '/run/old': '7\n', '/run/kept': '8\n' });
  const initial = { value: 3, overwrite: false };
  trackers.configure(
    configOf({
      files: [
        { name: 'new', path: '/run/new', initial },
        { name: 'old', path: '/run/old', initial: { ...initial, overwrite: true } },
        { name: 'kept', path: '/run/kept', initial },
        { name: 'none', path: '/none/file', initial },
      ],
    }),
  );
  const values = trackers.reports.map(({ name, value }) => `${name} ${value}`);
  t.deepEqual(values, ['new 3', 'old 3', 'kept 8', 'none 0']);
  t.false(platform.files.exists('/none/file'));
});

test('processes are counted once a second', t => {
  const { platform, trackers, changes } = world({ '/proc/1/cmdline': 'init\0', '/proc/meminfo': '' });
  trackers.configure(configOf({ processes: [PROCESS] }));
  t.deepEqual(brief(changes), ['web false 0: 0 of nginx running, 1 needed']);
  platform.files.makeDirectory('/proc/77');
  platform.files.replace('/proc/77/comm', 'sh\n');
  platform.files.replace('/proc/77/cmdline', 'sh\0-c\0nginx\0');
  platform.clock.advance(1000);
  t.is(changes.length, 1);
  platform.files.replace('/proc/77/comm', 'nginx\n');
  platform.clock.advance(1000);
  t.deepEqual(brief(changes.slice(1)), ['web true 1: 1 of nginx running, 1 needed']);
  platform.files.remove('/proc/77/comm');
  platform.files.remove('/proc/77/cmdline');
  platform.clock.advance(1000 * 20);
  t.deepEqual(brief(changes.slice(2)), ['web false 0: 0 of nginx running, 1 needed']);
});

test('what nobody tracks is not looked at', t => {
  const { running, trackers, changes } = world();
  trackers.configure(configOf({ scripts: [SCRIPT], files: [FILE], processes: [PROCESS] }, NO_TRACKS));
  t.deepEqual(running(), []);
  t.deepEqual(changes, []);
  trackers.report({ kind: 'service', name: 'TCP 10.0.0.1:80', up: true, value: 1, reason: '' });
  t.deepEqual(changes, []);
});

test('a sync group tracks as well, and services are reported by others', t => {
  const { trackers, changes, running } = world();
  const key = { kind: 'address' as const, protocol: 'TCP' as const, address: '10.0.0.1', port: 80 };
  const config = configOf({ scripts: [SCRIPT] }, NO_TRACKS);
  const tracks: TracksConfig = {
    ...NO_TRACKS,
    scripts: [{ name: 'check', weight: 1, reverse: false }],
    services: [{ key, weight: null, reverse: false }],
  };
  const { notify } = INSTANCE;
  const group = { name: 'g', members: ['web'], tracks, trackingWeight: false, notify };
  trackers.configure({ ...config, vrrp: { ...config.vrrp, syncGroups: [group] } });
  t.is(running().length, 1);
  const down: TrackReport = { kind: 'service', name: 'TCP 10.0.0.1:80', up: false, value: 0, reason: 'down' };
  trackers.report(down);
  t.deepEqual(brief(changes), ['TCP 10.0.0.1:80 false 0: down']);
  trackers.configure(config);
  trackers.report({ ...down, up: true, value: 1, reason: 'up' });
  t.is(changes.length, 1);
  const [instance] = config.vrrpInstances;
  trackers.configure({ ...config, vrrpInstances: [{ ...instance!, tracks }] });
  t.deepEqual(brief(changes.slice(1)), ['TCP 10.0.0.1:80 true 1: up']);
});

test('a new configuration leaves what did not change at work, and ends what is gone', t => {
  const { platform, running, end, trackers, changes } = world();
  const other = { ...SCRIPT, name: 'other', command: { ...SCRIPT.command, words: ['/bin/other'] } };
  trackers.configure(configOf({ scripts: [SCRIPT, other] }));
  const [first, second] = running();
  trackers.configure(configOf({ scripts: [SCRIPT], files: [FILE] }));
  t.deepEqual(platform.processes.killed, [{ pid: -second!.pid, signal: 15 }]);
  platform.processes.end(second!.pid, 1);
  t.is(running()[0], first);
  end(0);
  t.deepEqual(
    changes.map(({ name }) => name),
    ['manual', 'check'],
  );
  trackers.configure(configOf({ scripts: [{ ...SCRIPT, interval: 9000 }] }));
  t.is(running().length, 1);
  t.deepEqual(
    trackers.reports.map(({ name }) => name),
    ['check'],
  );
});

test('a process that is started again goes on with what was known, and says nothing new', t => {
  const { platform, end, trackers } = world();
  const file = { ...FILE, initial: { value: 0, overwrite: true } };
  const config = configOf({ scripts: [{ ...SCRIPT, initFail: true }], files: [file], processes: [PROCESS] });
  trackers.configure(config);
  end(0);
  platform.files.replace('/run/manual', '5\n');
  platform.clock.advance(500);
  trackers.close();
  const again = start(platform);
  again.trackers.configure(config);
  t.deepEqual(again.changes, []);
  t.deepEqual(
    again.trackers.reports.map(({ name, up, value }) => `${name} ${up} ${value}`),
    ['check true 1', 'manual true 5', 'web false 0'],
  );
});

test('what another part says of the heat is passed on where an instance follows it', t => {
  const platform = createFake({ files: { '/run/x': '' } });
  const changes: TrackReport[] = [];
  const lines: string[] = [];
  const trackers = createTrackers(platform, {
    commands: createCommands(platform),
    log: { info: text => lines.push(text), warn: text => lines.push(text), error() {} },
    path: '/run/tracked.json',
    onChange: report => changes.push(report),
  });
  const heat = (up: boolean): TrackReport => ({
    kind: 'heat',
    name: 'board',
    up,
    value: up ? 1 : 0,
    reason: 'x is at 82 C',
  });
  trackers.configure(configOf({}));
  trackers.report(heat(false));
  t.deepEqual(changes, []);
  trackers.configure(configOf({}, { heat: -50 }));
  t.deepEqual(changes, [heat(false)]);
  trackers.report(heat(true));
  t.deepEqual(lines, []);
  t.is(changes.length, 2);
  trackers.close();
});
