// A configuration goes to the card when a person commits it, and at no other time: the real image, the card's bytes read on this side.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PARTITIONS } from '../../image/layout.ts';
import {
  bytesAt,
  type CommittingBoard,
  commitForEver,
  commitName,
  nameIn,
  newCard,
  numberIn,
  powerOnCommitting,
  storedIn,
  storedOn,
} from '../../scripts/lab/committing.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { replayCuts } from '../../scripts/lab/power-cut.ts';
import { readWriteLog } from '../../scripts/lab/write-log.ts';
import { images, logs } from './lab.ts';

const image = join(images, 'net4801.img');
const [, , slotB, store] = PARTITIONS;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

/** Switches a board on that goes off with the test. */
async function board(t: ExecutionContext, card: string, writeLog?: string): Promise<CommittingBoard> {
  t.timeout(600_000);
  const log = join(logs, 'commit.log');
  const board = await powerOnCommitting(card, { log, ...(writeLog !== undefined && { writeLog }) });
  t.teardown(() => board.machine.powerOff());
  return board;
}

/** Numbers from 0 to 1 that a seed repeats. */
function randomFrom(t: ExecutionContext): () => number {
  let state = Date.now() >>> 0;
  t.log(`seed ${state}`);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('what is committed is there after the power was cut, and rolled back when that is asked for', async t => {
  const card = newCard(image);
  const first = await board(t, card);
  const { machine, shell } = first;
  const said = await commitName(first, 'second', '--comment "a new name"');
  const [, sectors] =
    /commit 65537 is on the card: copy 2 on \/dev\/sda4, (\d+) sectors written/.exec(said) ?? [];
  t.is(await machine.sectorsWritten(), Number(sectors), said);
  t.is(await shell.must('hostname'), 'second\n');
  const held = 'nothing to change\nthe card holds it already as commit 65537: nothing was written\n';
  t.is(await shell.must('director commit'), held);
  t.regex(await shell.must('director history'), /^COMMIT .*\n65537 .* UTC {2}a new name\n65536 /);
  t.is((await shell.run('dd if=/dev/zero of=/dev/sda4 bs=512 count=1 conv=fsync')).status, 1);
  t.is(await machine.sectorsWritten(), Number(sectors));
  await machine.powerOff();

  const again = await board(t, card);
  t.is(await again.shell.must('hostname'), 'second\n');
  t.is(nameIn(storedOn(card)), 'second');
  await again.shell.must('director rollback');
  t.is(await again.shell.must('hostname'), 'first\n');
  t.is(nameIn(storedOn(card)), 'first');
  t.regex(await again.shell.must('director history'), /65538 .* rollback to 65536\n65537 /);
});

test('a configuration on trial goes when nobody confirms it', async t => {
  const card = newCard(image);
  const one = await board(t, card);
  const { machine, shell } = one;
  await commitName(one, 'daring', '--confirmed 0.5');
  t.is(await shell.must('hostname'), 'daring\n');
  t.regex(await shell.must('director status'), /on trial, not on the card/);
  t.is((await shell.run('director reload /tmp/c')).status, 1);
  await shell.must('until [ "$(hostname)" = first ]; do sleep 1; done', 60_000);
  t.is(await machine.sectorsWritten(), 0);
  await commitName(one, 'steady', '--confirmed 5');
  await shell.must('director confirm');
  t.is(nameIn(storedOn(card)), 'steady');
});

test('what is wrong with a configuration is told, and nothing is written', async t => {
  const { machine, shell } = await board(t, newCard(image));
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
  const card = newCard(image);
  const one = await board(t, card);
  const before = bytesAt(card, slotB.start, slotB.length);
  const noise = (to: string) => `dd if=/dev/urandom of=${to} bs=512 count=8 conv=fsync`;
  await one.shell.must(
    `(while :; do ${noise('/dev/sda3')}; ${noise('/dev/sda seek=65536')}; done) >/dev/null 2>&1 & echo $! >/tmp/pid`,
  );
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await commitName(one, name);
  await one.shell.must('kill $(cat /tmp/pid)');
  t.true(before.equals(bytesAt(card, slotB.start, slotB.length)), 'slot b is as it was');
  t.is(nameIn(storedOn(card)), 'a5');
});

test('whenever the power is cut, the card holds the last configuration or the one before it', async t => {
  const random = randomFrom(t);
  const card = newCard(image);
  const one = await board(t, card);
  await commitForEver(one);
  let last = 0;
  let looked = performance.now();
  for (let cut = 0; cut < 40 || last <= 2; cut++) {
    await new Promise(resolve => setTimeout(resolve, random() * 500));
    await one.machine.qmp.execute('stop');
    const number = numberIn(storedOn(card));
    await one.machine.qmp.execute('cont');
    // A commit rests for two seconds: more of them than one have to have taken their time.
    const most = last + 1 + Math.floor((performance.now() - looked) / 2000);
    t.true(number >= last && number <= most, `n${number} after n${last}`);
    last = number;
    looked = performance.now();
  }
  t.pass();
});

test('in whatever order a card keeps sectors that were not flushed, it holds the old or the new configuration', async t => {
  const random = randomFrom(t);
  const card = newCard(image);
  const initial = bytesAt(card, 0, store.start + store.length);
  const log = join(SCRATCH, 'commit.writes');
  writeFileSync(log, '');
  const one = await board(t, card, log);
  for (const name of ['w1', 'w2', 'w3', 'w4']) await commitName(one, name);
  await one.machine.powerOff();
  const storeOf = (state: Uint8Array) => storedIn(offset => state.subarray(store.start + offset));
  let names = 'first';
  const states = replayCuts(
    initial,
    readWriteLog(readFileSync(log)),
    { random, reorderings: 200 },
    (state, epoch) => {
      const [old, fresh, now] = [epoch.before, epoch.after, state].map(each => nameIn(storeOf(each)));
      if (now !== old && now !== fresh) t.fail(`${now} between ${old} and ${fresh}`);
      if (!names.endsWith(`${fresh}`)) names += ` ${fresh}`;
    },
  );
  t.is(names, 'first w1 w2 w3 w4');
  t.is(nameIn(storeOf(initial)), 'w4');
  t.log(`${states} states`);
});
