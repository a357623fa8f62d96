// A configuration goes to the card when a person commits it, and at no other time: the real image, the card's bytes read on this side.
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PARTITIONS } from '../../image/layout.ts';
import { makeCard } from '../../scripts/lab/card.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { type Machine, powerOn } from '../../scripts/lab/machine.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { login, type Shell } from '../../scripts/lab/shell.ts';
import { hashPassword } from '../../scripts/lab/site.ts';
import { newestOf } from '../../src/director/flash/commit.ts';
import { COPY_OFFSETS, decodeSnapshot, type Snapshot } from '../../src/director/flash/store.ts';
import { images, logs } from './lab.ts';

const PASSWORD = 'secret';
const hash = hashPassword(PASSWORD);
const [, , slotB, store] = PARTITIONS;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

const site = (name: string) => `system {\n  hostname ${name}\n  password_hash "${hash}"\n}\n`;

let count = 0;

function newCard(): string {
  const card = join(SCRATCH, `commit${++count}.card`);
  makeCard(join(images, 'net4801.img'), card, site('first'));
  return card;
}

/** Switches a board on that goes off with the test. */
async function board(t: ExecutionContext, card: string): Promise<{ machine: Machine; shell: Shell }> {
  t.timeout(600_000);
  const machine = await powerOn({
    name: `commit${++count}`,
    card,
    cpu: 'pentium',
    memory: 64,
    ports: [],
    folder: SCRATCH,
    log: join(logs, 'commit.log'),
  });
  t.teardown(() => machine.powerOff());
  const shell = await login(machine.console, PASSWORD, 180_000);
  await shell.must('until director status >/dev/null 2>&1; do sleep 1; done', 120_000);
  return { machine, shell };
}

function bytesAt(card: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(card, 'r');
  readSync(file, bytes, 0, length, offset);
  closeSync(file);
  return bytes;
}

/** What a board would start with if its power were cut now. */
function stored(card: string): Snapshot {
  const copies = COPY_OFFSETS.map(offset => decodeSnapshot(bytesAt(card, store.start + offset, 1 << 20)));
  const newest = newestOf(copies);
  if (newest === null) throw new Error(`no copy is whole: ${JSON.stringify(copies)}`);
  return newest;
}

const nameIn = ({ config }: Snapshot) => /hostname (\S+)/.exec(new TextDecoder().decode(config))?.[1];

/** Has the director keep a configuration with this host name. */
function commit(shell: Shell, name: string, more = ''): Promise<string> {
  return shell.must(
    `sed 's/hostname .*/hostname ${name}/' /run/director/director.conf >/tmp/c && director commit /tmp/c ${more}`,
  );
}

test('what is committed is there after the power was cut, and rolled back when that is asked for', async t => {
  const card = newCard();
  const { machine, shell } = await board(t, card);
  const said = await commit(shell, 'second', '--comment "a new name"');
  const [, sectors] =
    /commit 65537 is on the card: copy 2 on \/dev\/sda4, (\d+) sectors written/.exec(said) ?? [];
  t.is(await machine.sectorsWritten(), Number(sectors), said);
  t.is(await shell.must('hostname'), 'second\n');
  t.is(
    await shell.must('director commit'),
    'nothing to change\nthe card holds it already as commit 65537: nothing was written\n',
  );
  t.regex(await shell.must('director history'), /^COMMIT .*\n65537 .* UTC {2}a new name\n65536 /);
  t.is((await shell.run('dd if=/dev/zero of=/dev/sda4 bs=512 count=1 conv=fsync')).status, 1);
  t.is(await machine.sectorsWritten(), Number(sectors));
  await machine.powerOff();

  const again = await board(t, card);
  t.is(await again.shell.must('hostname'), 'second\n');
  t.is(nameIn(stored(card)), 'second');
  await again.shell.must('director rollback');
  t.is(await again.shell.must('hostname'), 'first\n');
  t.is(nameIn(stored(card)), 'first');
  t.regex(await again.shell.must('director history'), /65538 .* rollback to 65536\n65537 /);
});

test('a configuration on trial goes when nobody confirms it, and when the power is cut', async t => {
  const card = newCard();
  const { machine, shell } = await board(t, card);
  await commit(shell, 'daring', '--confirmed 0.2');
  t.is(await shell.must('hostname'), 'daring\n');
  t.regex(await shell.must('director status'), /on trial, not on the card/);
  t.is((await shell.run('director reload /tmp/c')).status, 1);
  await shell.must('until [ "$(hostname)" = first ]; do sleep 1; done', 60_000);
  t.is(await machine.sectorsWritten(), 0);
  await commit(shell, 'steady', '--confirmed 5');
  await shell.must('director confirm');
  t.is(nameIn(stored(card)), 'steady');
});

test('what is wrong with a configuration is told, and nothing is written', async t => {
  const { machine, shell } = await board(t, newCard());
  const wrong = await shell.run('echo "sytem { }" >/tmp/c; director commit /tmp/c');
  t.is(wrong.status, 2);
  t.regex(wrong.output, /\/tmp\/c:1:1: error: .*\n.*system/);
  const included = await shell.run(
    'echo "include /tmp/d" >/tmp/c; cp /run/director/director.conf /tmp/d; director commit /tmp/c',
  );
  t.is(included.status, 2);
  t.regex(included.output, /\/tmp\/c includes \/tmp\/d, which a commit does not take along/);
  t.is(await machine.sectorsWritten(), 0);
});

test('while a commit writes, nothing else can', async t => {
  const card = newCard();
  const { shell } = await board(t, card);
  const before = bytesAt(card, slotB.start, slotB.length);
  await shell.must(
    '(while :; do dd if=/dev/urandom of=/dev/sda3 bs=512 count=8 conv=fsync; dd if=/dev/urandom of=/dev/sda bs=512 seek=65536 count=8 conv=fsync; done) >/dev/null 2>&1 & echo $! >/tmp/pid',
  );
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await commit(shell, name);
  await shell.must('kill $(cat /tmp/pid)');
  t.true(before.equals(bytesAt(card, slotB.start, slotB.length)), 'slot b is as it was');
  t.is(nameIn(stored(card)), 'a5');
});

test('whenever the power is cut, the card holds the last configuration or the one before it', async t => {
  const seed = Date.now() >>> 0;
  t.log(`seed ${seed}`);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const card = newCard();
  const { machine, shell } = await board(t, card);
  await shell.must(
    '(for n in $(seq 1000); do sed "s/hostname .*/hostname n$n/" /run/director/director.conf >/tmp/c; director commit /tmp/c; done) >/dev/null 2>&1 & echo $! >/tmp/pid',
  );
  let last = 0;
  for (let cut = 0; cut < 40; cut++) {
    await new Promise(resolve => setTimeout(resolve, random() * 500));
    await machine.qmp.execute('stop');
    const name = nameIn(stored(card)) ?? '';
    await machine.qmp.execute('cont');
    const number = name === 'first' ? 0 : Number(name.slice(1));
    t.true(number >= last && number <= last + 1, `${name} after n${last}`);
    last = number;
  }
  t.true(last > 3, `${last} commits`);
  await shell.must('kill $(cat /tmp/pid)');
});
