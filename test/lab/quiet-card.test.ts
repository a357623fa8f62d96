// Three minutes of unrest and not a sector written; `npm run bench -- quiet-card` is an hour of the same.
import test from 'ava';
import { services, untilServed } from '../../scripts/lab/lab.ts';
import { unrest } from '../../scripts/lab/unrest.ts';
import { first, untilMaster, useLab } from './lab.ts';

const lab = useLab(test);
const THREE_MINUTES = 180_000;

test('whatever happens to a pair of directors, neither writes to its card', async t => {
  t.timeout(20 * 60_000);
  await untilMaster(first(lab()));
  for (const url of Object.values(services)) await untilServed(lab(), url, 2, 60_000);
  const { rounds, answered, sectors } = await unrest(lab(), THREE_MINUTES, text => t.log(text));
  t.log(`${rounds} rounds, ${answered} requests answered`);
  t.deepEqual(sectors, [0, 0]);
  t.true(answered > 1000);
});
