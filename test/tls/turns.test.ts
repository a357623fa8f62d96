import test from 'ava';
import { type Turn, Turns } from '../../src/director/tls/turns.ts';

function make(count: number) {
  const turns = new Turns();
  const begun: number[] = [];
  const taken: Turn[] = [];
  for (let index = 0; index < count; index++) taken.push(turns.take(() => begun.push(index)));
  return { turns, begun, taken };
}

test('four handshakes are worked on at a time, the next one begins when one is over, in the order they came', t => {
  const { begun, taken } = make(7);
  t.deepEqual(begun, [0, 1, 2, 3]);
  taken[2]!.rest();
  t.deepEqual(begun, [0, 1, 2, 3, 4]);
  taken[2]!.leave();
  t.deepEqual(begun, [0, 1, 2, 3, 4]);
  taken[0]!.leave();
  t.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
});

test('sessions that rest have a bound of their own', t => {
  const { begun, taken } = make(30);
  for (let index = 0; index < 12; index++) taken[index]!.rest();
  t.is(begun.length, 12);
  taken[7]!.leave();
  t.is(begun.length, 13);
});

test('who leaves before his turn never begins, and who leaves twice leaves once', t => {
  const { begun, taken } = make(6);
  taken[4]!.leave();
  taken[4]!.rest();
  taken[0]!.leave();
  taken[0]!.leave();
  taken[0]!.rest();
  t.deepEqual(begun, [0, 1, 2, 3, 5]);
  taken[1]!.leave();
  t.deepEqual(begun, [0, 1, 2, 3, 5]);
});

test('whatever the order of rests and leaves, nobody is forgotten and no bound is crossed', t => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  t.log(`seed ${seed}`);
  let state = seed || 1;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
  const turns = new Turns();
  const working = new Set<Turn>();
  const resting = new Set<Turn>();
  let begun = 0;
  let asked = 0;
  for (let round = 0; round < 5000; round++) {
    if (random(3) === 0) {
      asked++;
      const entry: { turn?: Turn; early?: true } = {};
      const turn = turns.take(() => {
        begun++;
        if (entry.turn === undefined) entry.early = true;
        else working.add(entry.turn);
      });
      entry.turn = turn;
      if (entry.early) working.add(turn);
    } else {
      const [from, to] = random(2) === 0 ? [working, resting] : [resting, null];
      const all = [...from];
      const turn = all[random(all.length || 1)];
      if (turn === undefined) continue;
      from.delete(turn);
      to?.add(turn);
      if (to === null) turn.leave();
      else turn.rest();
    }
    t.true(working.size <= 4 && working.size + resting.size <= 12);
  }
  for (let turn = [...working, ...resting][0]; turn; turn = [...working, ...resting][0]) {
    working.delete(turn);
    resting.delete(turn);
    turn.leave();
  }
  t.is(begun, asked);
});
