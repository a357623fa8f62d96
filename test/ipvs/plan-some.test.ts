import test from 'ava';
import { plan } from '../../src/director/ipvs/plan.ts';
import { generator } from '../netlink/random.ts';
import { randomTable } from './tables.ts';

test('where it is known what may differ, the plan of that is the whole plan', t => {
  const seed = Number(process.env.SEED ?? 20261121);
  const random = generator(seed);
  for (let round = 0; round < 500; round++) {
    const actual = randomTable(random);
    const desired = new Map(actual);
    const ids = new Set<string>();
    for (const [id, entry] of randomTable(random)) {
      if (random(2) > 0) continue;
      ids.add(id);
      if (random(4) > 0) desired.set(id, entry);
      else desired.delete(id);
    }
    const byWords = (a: string, b: string) => (a < b ? -1 : 1);
    const words = (only?: Iterable<string>) =>
      plan(desired, actual, only)
        .map(change => JSON.stringify(change))
        .sort(byWords);
    t.deepEqual(words(ids), words(), `seed ${seed}`);
  }
});
