import test from 'ava';
import { createBoard } from '../../src/director/system/board.ts';
import { createFake } from '../../src/platform/fake.ts';

const SYSTEM = { hostName: 'lb1', passwordHash: '$6$salt$hash', ntpServers: [] };

function start() {
  const platform = createFake({ files: { '/run/d/x': '', '/run/etc/x': '' } });
  const said: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (text: string) => void said.push(text) };
  return { platform, said, board: createBoard(platform, '/run/etc', '/run/d', log) };
}

test('the board gets its name and its password', t => {
  const { platform, board } = start();
  board.apply(SYSTEM);
  t.is(platform.processes.state.hostName, 'lb1');
  t.is(platform.files.readText('/run/etc/shadow'), 'root:$6$salt$hash:1:0:99999:7:::\n');
  t.is(platform.files.status('/run/etc/shadow').mode & 0o777, 0o600);
});

test('without a password nobody gets in by one', t => {
  const { platform, board } = start();
  board.apply({ ...SYSTEM, hostName: null, passwordHash: null });
  t.is(platform.processes.state.hostName, '');
  t.regex(platform.files.readText('/run/etc/shadow'), /^root:\*:/);
});

test('what fails keeps nothing else from being done', t => {
  const { platform, said, board } = start();
  platform.files.failures.set('/run/etc/shadow', 'EROFS');
  board.apply(SYSTEM);
  t.is(platform.processes.state.hostName, 'lb1');
  t.regex(said[0]!, /^password: .*EROFS/);
});
