import test from 'ava';
import { openFifo } from '../../src/director/notify/fifo.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createFake } from '../../src/platform/fake.ts';

const PATH = '/run/fifo';

function world(files: Record<string, string> = {}) {
  const platform = createFake({
    files: { '/run/x': '', '/etc/passwd': 'ops:x:5:6::/:/bin/sh\n', ...files },
  });
  const said: string[] = [];
  const tell = (text: string) => said.push(text);
  const log = { info: tell, warn: tell, error: tell };
  const commands = createCommands(platform);
  const open = (user: string | null = null) => {
    const group = null;
    const script = user === null ? null : { words: ['/bin/reader', '-v'], user, group };
    return openFifo(platform, commands, { path: PATH, user, group, statesOnReload: false, script }, log);
  };
  const readers = () => [...platform.processes.children.values()];
  return { platform, said, open, readers };
}

test('it is made, written line by line, and taken away at the end', t => {
  const { platform, open } = world();
  const fifo = open();
  t.is(platform.files.status(PATH).type, 'fifo');
  fifo.write('one\n');
  fifo.write('two\n');
  t.is(platform.files.drainFifo(PATH), 'one\ntwo\n');
  fifo.close();
  t.false(platform.files.exists(PATH));
});

test('one that was there stays', t => {
  const { platform, open } = world();
  platform.files.makeFifo(PATH, 0o600);
  const fifo = open();
  fifo.write('one\n');
  t.is(platform.files.drainFifo(PATH), 'one\n');
  fifo.close();
  t.true(platform.files.exists(PATH));
});

test('what is no FIFO is left alone, told once, and tried again', t => {
  const { platform, said, open } = world({ [PATH]: 'precious' });
  const fifo = open();
  fifo.write('one\n');
  platform.clock.advance(5000);
  t.is(platform.files.readText(PATH), 'precious');
  t.deepEqual(said, [`FIFO ${PATH}: this is no FIFO`]);
  platform.files.remove(PATH);
  platform.clock.advance(1000);
  t.is(platform.files.drainFifo(PATH), 'one\n');
});

test('lines wait for a reader, in order, and beyond a bound the oldest are lost', t => {
  const { platform, said, open } = world();
  platform.files.pipeRoom = 1;
  const fifo = open();
  for (let line = 0; line < 503; line++) fifo.write(`${line}\n`);
  platform.files.pipeRoom = 1000;
  t.is(platform.files.drainFifo(PATH), '0\n');
  platform.clock.advance(1000);
  const lines = platform.files.drainFifo(PATH).trimEnd().split('\n');
  t.is(lines.length, 500);
  t.is(lines[0], '3');
  t.is(lines.at(-1), '502');
  t.deepEqual(said, [`FIFO ${PATH}: 2 lines were lost, nobody read them`]);
});

test('its reader gets the path, may read it, is started again when it ends, and ends with it', async t => {
  const { platform, said, open, readers } = world();
  const fifo = open('ops');
  t.deepEqual(readers()[0]?.args, ['/bin/reader', '-v', PATH]);
  t.deepEqual(platform.files.owners.get(PATH), { user: 5, group: 6 });
  platform.processes.end(readers()[0]!.pid, 1);
  platform.clock.advance(5000);
  t.is(readers().length, 1);
  t.deepEqual(said, [`the reader of FIFO ${PATH} ended: exit status 1`]);
  const closed = fifo.close();
  const { pid } = readers()[0]!;
  platform.clock.advance(499);
  t.deepEqual(platform.processes.killed, []);
  platform.clock.advance(1);
  t.deepEqual(platform.processes.killed, [{ pid: -pid, signal: 15 }]);
  platform.processes.end(pid, 0, 15);
  platform.clock.advance(60_000);
  t.deepEqual(readers(), []);
  await closed;
});

test('a reader whose user is unknown is told of', t => {
  const { said, open } = world();
  open('nobody').write('one\n');
  t.true(said.includes(`FIFO ${PATH}: there is no user nobody`));
});

test('a reader that ends by itself when it has read the rest is not disturbed', async t => {
  const { platform, said, open, readers } = world();
  const closed = open('ops').close();
  platform.processes.end(readers()[0]!.pid, 0);
  platform.clock.advance(1000);
  await closed;
  t.deepEqual(platform.processes.killed, []);
  t.deepEqual(said, []);
});
