// `flash_budget { }`: how much may be written to the card in a day, and what card it is. Ours, not keepalived's.
import type { CardProfile } from '../flash/card.ts';
import { SHIPPED_CARDS, shippedCard, UNKNOWN_CARD } from '../flash/profiles.ts';
import type { FlashConfig } from './config.ts';
import { nearest } from './nearest.ts';
import { placeOf, type Reading } from './reading.ts';
import { size } from './sizes.ts';
import type { Statement } from './tree.ts';
import { label } from './types.ts';
import { block, type Located, noArguments, value } from './vocabulary.ts';

const keywords = {
  per_day: value(size, {
    help: 'What may be written to the card on one day (UTC): at 50, 80 and 100 % it is told, and what does not fit is refused.',
    example: 'per_day 64k',
  }),
  card: value(label, {
    help: 'The card, for the forecast: a profile that is shipped, or one of flash_card.',
    example: 'card slc-unlevelled',
  }),
};

export interface FlashDraft {
  readonly perDay: number | null;
  readonly card: string | null;
  readonly statement: Statement;
}

export const flashBudget = block({
  usage: '{ ... }',
  help: 'The card that the director is on, and what may be written to it.',
  example: 'flash_budget { per_day 64k }',
  repeat: 'last',
  keywords: () => keywords,
  header: noArguments,
  finish: (_, values, statement): FlashDraft => ({
    perDay: values.per_day ?? null,
    card: values.card ?? null,
    statement,
  }),
});

/** Undefined when nothing is said of the card. */
export function finishFlash(
  draft: FlashDraft | undefined,
  own: readonly Located<CardProfile>[],
  reading: Reading,
): FlashConfig | undefined {
  if (draft === undefined) return undefined;
  const { perDay, card: name, statement } = draft;
  if (name === null) return { perDay, card: UNKNOWN_CARD };
  const card = own.findLast(each => each.value.name === name)?.value ?? shippedCard(name);
  if (card !== null) return { perDay, card };
  const names = [...own.map(each => each.value.name), ...SHIPPED_CARDS.map(each => each.name)];
  const likely = nearest(name, names);
  reading.error(
    placeOf(statement, 'card'),
    1,
    `there is no card ${name}`,
    likely === null ? `there are ${names.join(', ')}` : `did you mean ${likely}?`,
  );
  return undefined;
}
