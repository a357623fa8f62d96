// `weight NUMBER [reverse]`: by how much something that is tracked changes the priority, as a statement and behind a name.
import type { OptionWords } from './options.ts';
import { choice, signedInteger } from './types.ts';
import type { Documentation, Keyword, ValueType } from './vocabulary.ts';

/** 0: no change of the priority, but FAULT. */
export interface Weight {
  readonly weight: number;
  readonly reverse: boolean;
}

/** From one end of the priorities to the other. */
export const WIDEST_WEIGHT = 253;

/** Files say a number that is multiplied; real servers may track them too, and their weights are larger. */
export const fileWeight = signedInteger(-2_147_483_647, 2_147_483_647, 'WEIGHT');
export const priorityWeight = signedInteger(-WIDEST_WEIGHT, WIDEST_WEIGHT, 'WEIGHT');

const direction = choice(['reverse', 'noreverse', 'no_reverse']);

export function weightKeyword(
  type: ValueType<number>,
  documentation: Documentation,
): Keyword<Weight, 'last'> {
  return {
    ...documentation,
    usage: 'WEIGHT [reverse]',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, 3);
      const weight = reading.argument(statement, 1, type);
      const isReversed = statement.words[2];
      const word = isReversed === undefined ? 'noreverse' : reading.argument(statement, 2, direction);
      return weight === undefined || word === undefined ? undefined : { weight, reverse: word === 'reverse' };
    },
  };
}

/** What a line of a track block says of a weight; null: that of the tracker. */
export interface WeightDraft {
  weight: number | null;
  reverse: boolean | null;
  /** Where the weight stands. */
  word: number;
}

export function noWeight(): WeightDraft {
  return { weight: null, reverse: null, word: 0 };
}

/** The option `weight` of a line. */
export function weightOption(type: ValueType<number>): (draft: WeightDraft, words: OptionWords) => void {
  return (draft, words) => {
    draft.weight = words.take(type) ?? null;
    draft.word = words.index;
    if (words.peek() === undefined) return;
    const word = words.take(direction);
    if (word !== undefined) draft.reverse = word === 'reverse';
  };
}
