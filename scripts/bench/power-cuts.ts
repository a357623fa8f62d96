// The power is cut at random moments while configurations are committed, one after the other: what the card holds then, and whether a
// board boots from it. Then every order in which a card may have kept what was not flushed.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTITIONS } from '../../image/layout.ts';
import {
  bytesAt,
  commitForEver,
  newCard,
  numberIn,
  powerOnCommitting,
  storedIn,
  storedOn,
} from '../lab/committing.ts';
import { SCRATCH } from '../lab/lab.ts';
import { addNamespace } from '../lab/namespace.ts';
import { replayCuts } from '../lab/power-cut.ts';
import { readWriteLog } from '../lab/write-log.ts';
import { type Benchmark, type Row, row } from './result.ts';
import { icount } from './virtual-clock.ts';

const [, , , store] = PARTITIONS;
const CUTS = 1000;
/** One in so many is booted from. */
const BOOTED = 20;
/** Milliseconds of this machine's time between two cuts, at most; a commit takes about as long. */
const LONGEST_PAUSE = 400;
/** Random orders for each flush. */
const REORDERINGS = 100;

export const benchmark: Benchmark = {
  name: 'power-cuts',
  unit: 'cuts survived',
  needs: 'image',
  async run(note, { out, runs = CUTS }) {
    addNamespace('switch');
    const random = seeded(Date.now() >>> 0, note);
    const image = join(out, 'net4801.img');
    const card = newCard(image);
    const initial = bytesAt(card, 0, store.start + store.length);
    const writeLog = join(SCRATCH, 'cuts.writes');
    writeFileSync(writeLog, '');
    const board = await powerOnCommitting(card, { writeLog, extra: icount });
    const counts = { whole: 0, booted: 0, boots: 0 };
    let last = 0;
    try {
      await commitForEver(board);
      for (let cut = 1; cut <= runs; cut++) {
        await new Promise(resolve => setTimeout(resolve, random() * LONGEST_PAUSE));
        await board.machine.qmp.execute('stop');
        const number = numberIn(storedOn(card));
        if (number >= last) counts.whole++;
        else note(`cut ${cut}: n${number} after n${last}`);
        last = number;
        if (cut % BOOTED === 0) {
          counts.boots++;
          if (await boots(card, number)) counts.booted++;
          else note(`cut ${cut}: a board does not boot with n${number}`);
          note(`${cut} cuts in ${last} commits`);
        }
        await board.machine.qmp.execute('cont');
      }
    } finally {
      await board.machine.powerOff();
    }
    return [
      row('the card holds the last configuration or the one after it', [counts.whole], {
        target: runs,
        atLeast: true,
      }),
      row('of these booted: the board has that configuration', [counts.booted], {
        target: counts.boots,
        atLeast: true,
      }),
      ...replay(initial, readFileSync(writeLog), random),
      row('commits', [last], { unit: 'commits' }),
    ];
  },
};

/** Whether a board that is switched on with a copy of this card has the configuration with this number. */
async function boots(card: string, number: number): Promise<boolean> {
  const copy = join(SCRATCH, 'cuts.booted');
  execFileSync('cp', ['--sparse=always', card, copy]);
  const board = await powerOnCommitting(copy);
  try {
    const name = (await board.shell.must('hostname')).trim();
    return name === (number === 0 ? 'first' : `n${number}`);
  } finally {
    await board.machine.powerOff();
    rmSync(copy);
  }
}

function replay(initial: Uint8Array, log: Buffer, random: () => number): Row[] {
  const numberAt = (state: Uint8Array) => numberIn(storedIn(offset => state.subarray(store.start + offset)));
  let survived = 0;
  let ends: { before: Uint8Array; numbers: readonly [number, number] } | undefined;
  const states = replayCuts(
    initial,
    readWriteLog(log),
    { random, reorderings: REORDERINGS },
    (state, epoch) => {
      if (ends?.before !== epoch.before) {
        ends = { before: epoch.before, numbers: [numberAt(epoch.before), numberAt(epoch.after)] };
      }
      if (ends.numbers.includes(numberAt(state))) survived++;
    },
  );
  return [
    row('replayed: prefixes, torn writes and reorderings between flushes', [survived], {
      target: states,
      atLeast: true,
    }),
  ];
}

function seeded(seed: number, note: (text: string) => void): () => number {
  note(`seed ${seed}`);
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
