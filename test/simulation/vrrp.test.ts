// Thousands of random worlds. One in which a rule is broken is named by its seed; `npm test -- simulation --seed SEED` plays it alone
// and prints what happened. SIMULATION_SEEDS=<n> plays that many.
import test from 'ava';
import { play } from './scenario.ts';

const DEFAULT_SEEDS = 10_000;

const only = process.env.SIMULATION_SEED;

if (only === undefined) {
  test('no seed breaks a rule', t => {
    t.timeout(600_000);
    const seeds = Number(process.env.SIMULATION_SEEDS ?? DEFAULT_SEEDS);
    const failures: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        play(seed);
      } catch (error) {
        failures.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    t.deepEqual(
      failures.slice(0, 10),
      [],
      `${failures.length} of ${seeds} seeds; replay with npm test -- simulation --seed SEED`,
    );
  });
} else {
  test(`seed ${only} breaks no rule`, t => {
    const trace: string[] = [];
    try {
      play(Number(only), trace);
      t.pass();
    } finally {
      console.error(trace.join('\n'));
    }
  });
}
