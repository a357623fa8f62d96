// Who writes to the card without being asked is caught and named; commits are announced, counted and weighed against the day's budget.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  type CommittingBoard,
  commitName,
  newCard,
  powerOnCommitting,
} from '../../scripts/lab/committing.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import type { BudgetStatus } from '../../src/director/protocol.ts';
import { images, logs } from './lab.ts';

const image = join(images, 'net4801.img');

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(SCRATCH, { recursive: true });
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

async function board(t: ExecutionContext, card: string): Promise<CommittingBoard> {
  t.timeout(600_000);
  const board = await powerOnCommitting(card, { log: join(logs, 'culprit.log') });
  t.teardown(() => board.machine.powerOff());
  return board;
}

interface Answer {
  readonly written: number;
  readonly budget: BudgetStatus;
  readonly notes: readonly string[];
  readonly writers: readonly {
    readonly name: string;
    readonly file: string | null;
    readonly bytes: number;
  }[];
}

async function flash({ shell }: CommittingBoard): Promise<Answer> {
  return JSON.parse(await shell.must('director flash --json')) as Answer;
}

test('a program that makes the card writable and writes to it is an alarm with its name', async t => {
  const one = await board(t, newCard(image));
  const { shell, machine } = one;
  t.notRegex(await shell.must('director status'), /ALARM/);
  // The shell itself writes and stays: its name is that of the script.
  const script = [
    '#!/bin/sh',
    'blockdev --setrw /dev/sda',
    'blockdev --setrw /dev/sda4',
    'exec 3>/dev/sda4',
    'echo evil >&3',
    'sync',
    'sleep 300',
  ];
  await shell.must(
    `printf '%s\\n' ${script.map(line => `'${line}'`).join(' ')} >/tmp/evil; chmod 755 /tmp/evil`,
  );
  await shell.must('/tmp/evil >/dev/null 2>&1 &');
  await shell.must("until director flash | grep -q 'sda4.*by evil (pid'; do sleep 1; done", 60_000);
  const { notes, writers } = await flash(one);
  t.true(
    notes.some(note =>
      /sectors written to sda4, which were not announced, by evil \(pid \d+, \/dev\/sda4\)/.test(note),
    ),
  );
  t.true(writers.some(({ name, file }) => name === 'evil' && file === '/dev/sda4'));
  // Once director flash has asked the card, nobody can write to it any more.
  await shell.must('until [ "$(cat /sys/class/block/sda4/ro)" = 1 ]; do sleep 1; done', 90_000);
  t.regex(await shell.must('echo more >/dev/sda4 || true'), /not permitted/);
  t.regex(
    await shell.must('director status'),
    /ALARM: \d+ sectors written to sda4, which were not announced/,
  );
  t.regex(await shell.must('director flash'), /\n {2}ALARM {4}something wrote that must not\n/);
  t.true((await machine.sectorsWritten()) > 0);
});

test('commits are no alarm, are in the odometer, and spend the budget, also of the day before a power cut', async t => {
  const card = newCard(image);
  const one = await board(t, card);
  const { shell } = one;
  // What goes to the boot loader is announced like what goes to the store.
  const conf = (lines: string) => `{ cat /run/director/director.conf; printf '${lines}'; } >/tmp/b`;
  const first = (await flash(one)).written;
  await shell.must(conf('tuning {\\n  conn_tab_bits 12\\n}\\n'));
  t.regex(await shell.must('director commit /tmp/b'), /active after the next boot/);
  const before = (await flash(one)).written;
  t.is(before - first, 512 * (8 + 8));
  t.deepEqual((await flash(one)).notes, []);
  t.notRegex(await shell.must('director status'), /ALARM/);
  await shell.must(conf('flash_budget {\\n  per_day 40k\\n  card slc-static\\n}\\n'));
  const said = await shell.must('director commit /tmp/b');
  const [, sectors] = /(\d+) sectors written/.exec(said) ?? [];
  const after = await flash(one);
  t.is(after.written - before, 512 * Number(sectors));
  t.is(after.budget.perDay, 40 << 10);
  t.is(after.budget.spent, after.written - first);
  let refusal = '';
  for (let n = 1; n < 20 && refusal === ''; n++) {
    const next = `sed 's/hostname .*/hostname h${n}/' /tmp/b >/tmp/c; director commit /tmp/c`;
    const { status, output } = await shell.run(next);
    if (status !== 0) refusal = output;
  }
  t.regex(refusal, /the flash budget does not cover this commit: .* --over-budget writes it all the same/);
  await commitName(one, 'urgent', '--over-budget');
  t.is(await shell.must('hostname'), 'urgent\n');
  t.notRegex(await shell.must('director status'), /ALARM: \d+ sector/);
  const spent = await flash(one);
  t.true(spent.notes.some(note => note.includes('80 % of the flash budget')));
  await one.machine.powerOff();

  const again = await flash(await board(t, card));
  t.is(again.written, spent.written);
  t.is(again.budget.spent, spent.budget.spent);
});
