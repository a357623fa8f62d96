// The card stops to answer while the director runs: simulated by a server of the card's bytes that is killed, since cards in true IDE
// mode cannot be pulled. The director goes on, alarms, forbids commits, and takes the card again when it is back and is the same.
import { mkdirSync } from 'node:fs';
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
import { images, logs } from './lab.ts';

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

const until = (what: string) => `until director status | grep -q '${what}'; do sleep 2; done`;

test('a card that fails costs the running director nothing, and comes back', async t => {
  const one = await world(t);
  const { shell, machine } = one.board;
  t.regex(await shell.must('director status'), /\nno trouble\n/);
  await shell.must('director events >/tmp/events 2>&1 &');
  const roles = async () =>
    (await shell.must('director status'))
      .match(/^\w+ +\d+ .* \d+ +-$/gm)
      ?.map(line => line.split(/ +/, 2).join(' '));
  const before = await roles();
  await one.server.kill();
  await shell.must(until('ALARM: the card has not answered'), 180_000);
  const refused = await shell.run(
    "sed 's/hostname .*/hostname lost/' /run/director/director.conf >/tmp/c && director commit /tmp/c",
  );
  t.is(refused.status, 1, refused.output);
  t.regex(refused.output, /ALARM: the card has not answered .* nothing can be committed/);
  t.is(await shell.must('hostname'), 'first\n');
  t.is(before?.length, 5);
  t.deepEqual(await roles(), before, 'no process was started again');

  one.server = await serveCard(one.card, one.socket);
  await shell.must(until('no trouble'), 300_000);
  t.regex(
    await shell.must('cat /tmp/events'),
    /card sda: ALARM, does not answer: [\s\S]*card sda: is back: /,
  );
  t.is(await shell.must('grep -c ALARM /tmp/events'), '1\n');
  t.is(await machine.sectorsWritten(), 0);
  t.not((await shell.run('dd if=/dev/zero of=/dev/sda4 bs=512 count=1 conv=fsync')).status, 0);
  await commitName(one.board, 'again');
  t.is(nameIn(storedOn(one.card)), 'again');
});

test('a card that holds something else when it is back is told, and not written to', async t => {
  const one = await world(t);
  const { shell, machine } = one.board;
  await commitName(one.board, 'second');
  const written = await machine.sectorsWritten();
  await one.server.kill();
  await shell.must(until('ALARM: the card has not answered'), 180_000);
  const other = newCard(join(images, 'alix.img'));
  one.server = await serveCard(other, one.socket);
  await shell.must(until('another card'), 900_000);
  t.is((await shell.run('director commit')).status, 1);
  t.is(await machine.sectorsWritten(), written);
});
