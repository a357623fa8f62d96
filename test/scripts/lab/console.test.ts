// The driver against a stand-in for the board at the other end of a socket.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createConsole } from '../../../scripts/lab/console.ts';
import { createQmp } from '../../../scripts/lab/qmp.ts';
import { login } from '../../../scripts/lab/shell.ts';
import { awaitConnection } from '../../../scripts/lab/socket.ts';

async function pair(t: ExecutionContext): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const path = join(folder, 'socket');
  const awaited = await awaitConnection(path);
  const board = createConnection(path);
  const ours = await awaited.connection;
  awaited.close();
  rmSync(folder, { recursive: true });
  t.teardown(() => {
    ours.destroy();
    board.destroy();
  });
  return [ours, board];
}

test('expect finds what came before and what comes later, each once', async t => {
  const [ours, board] = await pair(t);
  const console = createConsole('board', ours);
  board.write('one two');
  t.is((await console.expect(/o\w+/, 5000))[0], 'one');
  const later = console.expect(/t\w\w\w\w/, 5000);
  board.write(' three');
  t.is((await later)[0], 'three');
  t.is(console.text, 'one two three');
});

test('a console that stays silent or goes away is an error with its last lines', async t => {
  const [ours, board] = await pair(t);
  const console = createConsole('board', ours);
  board.write('kernel panic\r\n');
  const silent = await t.throwsAsync(console.expect(/login: /, 50));
  t.regex(silent?.message ?? '', /board: nothing for 0.05 s[\s\S]*kernel panic/);
  const gone = t.throwsAsync(console.expect(/login: /, 60_000));
  board.destroy();
  t.regex((await gone)?.message ?? '', /the board is off/);
});

test('the shell returns the output and the status of each command', async t => {
  const [ours, board] = await pair(t);
  const answers: [RegExp, string][] = [
    [/^root\r$/, 'Password: '],
    [/^secret\r$/, '\r\n# '],
    [/shell/, 'stty -echo...\r\n# shell-ready\r\n'],
    [/ls \/nosuch/, 'ls: /nosuch: No such file\r\nend-1-2-\r\n'],
    [/true/, 'end-2-0-\r\n'],
  ];
  board.on('data', data => {
    const answer = answers.find(([pattern]) => pattern.test(data.toString()));
    if (answer) board.write(answer[1]);
  });
  board.write('login: ');
  const shell = await login(createConsole('board', ours), 'secret', 5000);
  t.deepEqual(await shell.run('ls /nosuch'), { status: 2, output: 'ls: /nosuch: No such file\n' });
  t.is(await shell.must('true'), '');
});

test('QMP: an error throws, events are passed over, the end of QEMU fails what waits', async t => {
  const [ours, board] = await pair(t);
  board.on('data', data => {
    const { execute } = JSON.parse(data.toString());
    if (execute === 'qmp_capabilities') board.write('{"return": {}}\n');
    else if (execute === 'status') board.write('{"event": "RESET"}\n{"return": {"running": true}}\n');
    else if (execute === 'wrong')
      board.write('{"error": {"class": "GenericError", "desc": "no such thing"}}\n');
    else board.destroy();
  });
  board.write('{"QMP": {}}\n');
  const qmp = await createQmp(ours);
  t.deepEqual(await qmp.execute('status'), { running: true });
  await t.throwsAsync(qmp.execute('wrong'), { message: 'QEMU: no such thing' });
  await t.throwsAsync(qmp.execute('quit'), { message: 'QEMU is gone' });
  if (!board.destroyed) await once(board, 'close');
});
