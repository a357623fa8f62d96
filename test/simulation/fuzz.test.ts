// A million packets and events, random and mutated, to instances of every kind. SEED=<n> repeats a run.
import test from 'ava';
import { fuzz } from '../vrrp/fuzz.ts';

const ROUNDS = 1_000_000;
const seed = Number(process.env.SEED ?? 1);

test(`${ROUNDS} inputs break no rule (seed ${seed})`, t => {
  t.notThrows(() => fuzz(seed, ROUNDS));
});
