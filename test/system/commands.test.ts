import test from 'ava';
import { type CommandEnd, createCommands } from '../../src/director/system/commands.ts';
import { createFake } from '../../src/platform/fake.ts';

const command = (...words: string[]) => ({ words, user: null, group: null });

function world() {
  const files = { '/usr/bin/logger': '', '/etc/passwd': 'ops:x:5:6::/:/bin/sh\n' };
  const platform = createFake({ files });
  const ends: CommandEnd[] = [];
  const done = (end: CommandEnd) => ends.push(end);
  const { processes, clock } = platform;
  const children = () => [...processes.children.values()];
  return { platform, processes, clock, children, ends, done, commands: createCommands(platform) };
}

test('a command gets its own words and those behind them, its user, and our standard error', t => {
  const { commands, children, done } = world();
  commands.start({ words: ['/etc/up', 'a b'], user: 'ops', group: null }, { words: ['MASTER'], done });
  commands.start(command('logger'), { done });
  const [up, logger] = children();
  t.is(up?.program, '/etc/up');
  t.deepEqual(up?.args, ['/etc/up', 'a b', 'MASTER']);
  t.deepEqual(up?.descriptors, [-1, -1, 2]);
  t.deepEqual(up?.account, { user: 5, group: 6 });
  t.is(logger?.program, '/usr/bin/logger');
  t.deepEqual(logger?.account, { user: 0, group: 0 });
});

test('its end is told as it was', t => {
  const { commands, processes, children, clock, ends, done } = world();
  for (let i = 0; i < 3; i++) commands.start(command('/x'), { timeout: 1000, done });
  const [one, two, three] = children();
  processes.end(one!.pid, 0);
  processes.end(two!.pid, 3);
  processes.end(three!.pid, 0, 11);
  clock.advance(5000);
  t.deepEqual(ends, [
    { status: 0, reason: 'exit status 0' },
    { status: 3, reason: 'exit status 3' },
    { status: null, reason: 'signal 11' },
  ]);
  t.deepEqual(processes.killed, []);
});

test('one that takes too long is asked to end, with all that it started, then made to', t => {
  const { commands, processes, children, clock, ends, done } = world();
  commands.start(command('/slow'), { timeout: 1000, done });
  const { pid } = children()[0]!;
  clock.advance(1000);
  t.deepEqual(processes.killed, [{ pid: -pid, signal: 15 }]);
  clock.advance(2000);
  t.deepEqual(processes.killed.at(-1), { pid: -pid, signal: 9 });
  t.deepEqual(ends, []);
  processes.end(pid, 0, 9);
  clock.settle();
  t.deepEqual(ends, [{ status: null, reason: 'no end within 1 s' }]);
});

test('one without a limit runs until it is stopped', t => {
  const { commands, processes, children, clock, ends, done } = world();
  const stop = commands.start(command('/daemon'), { done });
  const { pid } = children()[0]!;
  clock.advance(1_000_000);
  t.deepEqual(processes.killed, []);
  stop();
  stop();
  t.deepEqual(processes.killed, [{ pid: -pid, signal: 15 }]);
  processes.end(pid, 0);
  clock.settle();
  t.deepEqual(ends, [{ status: null, reason: 'ended before its time' }]);
  stop();
});

test('what cannot be started says why, and not before the caller has gone on', t => {
  const { commands, processes, clock, ends, done } = world();
  processes.unspawnable.set('/none', 'ENOENT');
  commands.start(command('/none'), { done });
  commands.start({ words: ['/x'], user: 'nobody', group: null }, { done });
  t.deepEqual(ends, []);
  clock.settle();
  t.deepEqual(
    ends.map(({ status }) => status),
    [null, null],
  );
  t.regex(ends[0]!.reason, /cannot be started: .*ENOENT/);
  t.is(ends[1]?.reason, 'cannot be started: there is no user nobody');
});
