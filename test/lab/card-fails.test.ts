// The card stops to answer while the director runs: simulated by a server of the card's bytes that is killed, since cards in true IDE
// mode cannot be pulled. The director goes on, alarms, forbids commits, and takes the card again when it is back and is the same.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  type CommittingBoard,
  commitName,
  nameIn,
  newCard,
  powerOnCommitting,
  storedOn,
} from '../../scripts/lab/committing.ts';
import { SCRATCH } from '../../scripts/lab/lab.ts';
import { addNamespace, requireInside } from '../../scripts/lab/namespace.ts';
import { serveCard } from '../../scripts/lab/nbd.ts';
import type { Running } from '../../scripts/lab/process.ts';
import type { Shell } from '../../scripts/lab/shell.ts';
import { images, logs } from './lab.ts';

/** Offset of the disk signature in the MBR. */
const SIGNATURE = 440;

interface World {
  readonly card: string;
  readonly socket: string;
  readonly board: CommittingBoard;
  server: Running;
}

let count = 0;

test.before('a place for the boards', () => {
  requireInside();
  mkdirSync(logs, { recursive: true });
  addNamespace('switch');
});

async function world(t: ExecutionContext): Promise<World> {
  t.timeout(1_200_000);
  const card = newCard(join(images, 'net4801.img'));
  const socket = join(SCRATCH, `nbd${++count}`);
  const server = await serveCard(card, socket);
  const board = await powerOnCommitting(card, { log: join(logs, 'card-fails.log'), nbd: socket });
  const world = { card, socket, board, server };
  t.teardown(async () => {
    await board.machine.powerOff();
    await world.server.kill();
  });
  return world;
}

/** Name and number of every process of the director, none of which was ever started again. */
async function processes(shell: Shell): Promise<readonly string[]> {
  const lines = (await shell.must('director status')).match(/^\w+ +\d+ .* 0 +-$/gm) ?? [];
  return lines.map(line => line.split(/ +/, 2).join(' '));
}

const until = (what: string) => `until director status | grep -q '${what}'; do sleep 2; done`;

test('a card that fails costs the running director nothing, and comes back', async t => {
  const one = await world(t);
  const { shell, machine } = one.board;
  t.regex(await shell.must('director status'), /\nno trouble\n/);
  await shell.must('director events >/tmp/events 2>&1 &');
  const before = await processes(shell);
  await one.server.kill();
  await shell.must(until('ALARM: the card has not answered'), 180_000);
  const refused = await shell.run(
    "sed 's/hostname .*/hostname lost/' /run/director/director.conf >/tmp/c && director commit /tmp/c",
  );
  t.is(refused.status, 1, refused.output);
  t.regex(refused.output, /ALARM: the card has not answered .* nothing can be committed/);
  t.is(await shell.must('hostname'), 'first\n');
  t.regex(await shell.must('director flash', 20_000), /the card was not asked .*\n.*has not answered/);
  t.is((await shell.run('director history', 20_000)).status, 1);
  t.is(before.length, 5);
  t.deepEqual(await processes(shell), before, 'no process was started again');

  one.server = await serveCard(one.card, one.socket);
  await shell.must(until('no trouble'), 300_000);
  t.regex(await shell.must('cat /tmp/events'), / sda: ALARM, does not answer: [\s\S]* sda: is back: /);
  t.is(await shell.must('grep -c ALARM /tmp/events'), '1\n');
  t.is(await machine.sectorsWritten(), 0);
  t.not((await shell.run('dd if=/dev/zero of=/dev/sda4 bs=512 count=1 conv=fsync')).status, 0);
  await commitName(one.board, 'again');
  t.is(nameIn(storedOn(one.card)), 'again');
});

test('a card that hangs in the middle of a commit, and dies of it, keeps nobody, and holds what it held', async t => {
  const one = await world(t);
  const { shell, machine } = one.board;
  const slow = (rate: number) =>
    machine.qmp.execute('block_set_io_throttle', {
      ...{ device: 'card', bps: 0, bps_rd: 0, bps_wr: rate, iops: 0, iops_rd: 0, iops_wr: 0 },
    });
  // QEMU cannot reset a disk while it holds a write back.
  await shell.must('echo 600 >/sys/block/sda/device/timeout');
  await commitName(one.board, 'second');
  await shell.must('director events >/tmp/events 2>&1 &');
  // The next write is let through and fills the measure; the one after it waits for 40 s.
  await slow(100);
  await commitName(one.board, 'third');
  const before = await processes(shell);
  const refused = await shell.run(
    "sed 's/hostname .*/hostname lost/' /run/director/director.conf >/tmp/c && director commit /tmp/c",
  );
  t.is(refused.status, 1, refused.output);
  t.regex(refused.output, /writing to \/dev\/sda4: no answer within 15 s/);
  t.is(await shell.must('hostname'), 'third\n');
  await one.server.kill();
  t.regex(await shell.must('director status', 20_000), /ALARM: the card has not answered/);
  t.is((await shell.run('director commit /tmp/c', 20_000)).status, 1);
  await shell.must('director flash', 20_000);
  // The write comes to its end, with an error, and closes the card.
  await slow(100_000_000);
  await shell.must('until [ $(blockdev --getro /dev/sda) = 1 ]; do sleep 1; done', 120_000);
  t.is(await shell.must('blockdev --getro /dev/sda4'), '1\n');
  t.deepEqual(await processes(shell), before, 'no process was started again');

  one.server = await serveCard(one.card, one.socket);
  await shell.must(until('no trouble'), 300_000);
  t.is(nameIn(storedOn(one.card)), 'third');
  t.is(await shell.must('grep -c announced /tmp/events; true'), '0\n');
  await commitName(one.board, 'fourth');
  t.is(nameIn(storedOn(one.card)), 'fourth');
});

test('another card is told, and not written to', async t => {
  const one = await world(t);
  const { shell, machine } = one.board;
  await one.server.kill();
  t.is((await shell.run('director history')).status, 1);
  const other = newCard(join(images, 'net4801.img'));
  const file = openSync(other, 'r+');
  writeSync(file, Uint8Array.of(1, 2, 3, 4), 0, 4, SIGNATURE);
  closeSync(file);
  one.server = await serveCard(other, one.socket);
  await shell.must(until('ALARM: this is another card, .* its signature is 04030201'), 120_000);
  const refused = await shell.run(
    "sed 's/hostname .*/hostname lost/' /run/director/director.conf >/tmp/c && director commit /tmp/c",
  );
  t.is(refused.status, 1, refused.output);
  t.regex(refused.output, /another card, which is not written to/);
  t.is(await machine.sectorsWritten(), 0);
});

test('who writes to the card is refused, and named once', async t => {
  const { shell, machine } = (await world(t)).board;
  await shell.must('director events >/tmp/events 2>&1 &');
  // Each that knocks is another program, so that each is told, until the console follows.
  await shell.must(
    `n=0; until grep -q knock /tmp/events; do n=$((n + 1)); printf '#!/bin/sh\\necho x >/dev/sda3\\n' >/tmp/knock$n
     chmod 755 /tmp/knock$n; /tmp/knock$n 2>/dev/null; sleep 1; done`,
    60_000,
  );
  await shell.must(
    "printf '#!/bin/sh\\nwhile :; do echo x >/dev/sda4; sleep 0.2; done 2>/dev/null\\n' >/tmp/evil; chmod 755 /tmp/evil; (/tmp/evil &)",
  );
  await shell.must(until('ALARM: evil, process .* has tried to write to sda4, .* times'), 60_000);
  t.regex(await shell.must('cat /tmp/events'), /sda4: .*evil, process \d+, has tried to write to sda4/);
  t.is(await shell.must('grep -c evil /tmp/events'), '1\n');
  t.is(await machine.sectorsWritten(), 0);
});
