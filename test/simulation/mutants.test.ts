// The rules of the simulation are worth something only when they notice a director that breaks one of VRRP's.
import test from 'ava';
import { MUTANTS } from './mutants.ts';
import { play } from './scenario.ts';

/** Worlds in which a mutant may stay unnoticed before the rules are to blame. */
const SEEDS = 2000;

for (const [name, machine] of Object.entries(MUTANTS)) {
  test(`it is noticed when ${name}`, t => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        play(seed, null, machine);
      } catch (error) {
        t.log(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
        t.pass();
        return;
      }
    }
    t.fail(`not in ${SEEDS} worlds`);
  });
}
