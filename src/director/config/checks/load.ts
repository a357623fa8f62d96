// `full_load NUMBER` of a check that hears the load of a server.
import { placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { type ValueType, value } from '../vocabulary.ts';

/** A weight below this has too few steps to follow a load. */
const LEAST_WEIGHT = 8;

const number: ValueType<number> = {
  name: 'NUMBER',
  description: 'a number from 0.01 to 10000',
  parse(word) {
    const load = /^\d{1,5}(?:\.\d+)?$/.test(word) ? Number(word) : 0;
    return load >= 0.01 && load <= 10_000 ? load : undefined;
  },
};

export const loadKeywords = {
  full_load: value(number, {
    help: 'The load (average of a minute) up to which the server keeps its whole weight; at twice that it has half of it. Without it the weight stays.',
    example: 'full_load 4',
  }),
};

/** Tells when the configured weight leaves the load nothing to say. */
export function adviseOnWeight(
  fullLoad: number | undefined,
  weight: number,
  statement: Statement,
  reading: Reading,
): void {
  if (fullLoad === undefined || weight === 0 || weight >= LEAST_WEIGHT) return;
  const message = `a weight of ${weight} has no room for the load`;
  const advice = `give all real servers of the service a larger weight, for example ${weight * 100}`;
  reading.warning(placeOf(statement, 'full_load'), 0, message, advice);
}
