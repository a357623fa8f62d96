// How each keyword of keepalived is answered here: by working, by a warning that it does nothing, or by a refusal with advice.
import { keepalivedKeywords } from '../../src/director/config/keepalived-keywords.ts';
import { vocabulary } from '../../src/director/config/root.ts';
import type { Field, Fields } from '../../src/director/config/vocabulary.ts';

export interface Answer {
  readonly kind: 'works' | 'without effect' | 'refused';
  /** The blocks it stands in. */
  readonly within: readonly string[];
  /** What is written today, why it does nothing, or what to do instead. */
  readonly note: string;
}

export interface AnsweredKeyword {
  readonly word: string;
  /** Empty: nobody would say anything sensible of it. */
  readonly answers: readonly Answer[];
}

/** Of every keyword of keepalived, in alphabetical order. */
export function answeredKeywords(): AnsweredKeyword[] {
  const places = placesOf(vocabulary);
  const refusal = answerOf(vocabulary.get('bfd_instance')!, 'bfd_instance', ['bfd_instance']);
  return [...keepalivedKeywords()].sort().map(word => {
    const answers = merge(places.get(word) ?? []);
    return { word, answers: answers.length === 0 && OF_BFD.has(word) ? [refusal] : answers };
  });
}

/** What stands in a bfd_instance, which is refused as a whole. */
const OF_BFD: ReadonlySet<string> = new Set([
  ...['checker', 'hoplimit', 'idle_tx', 'max_hops', 'min_rx', 'min_tx', 'multihop', 'multiplier'],
  ...['neighbor_ip', 'neighbour_ip', 'passive', 'source_ip', 'ttl', 'vrrp'],
]);

function placesOf(
  fields: Fields,
  block = 'the top level',
  found = new Map<string, Answer[]>(),
): Map<string, Answer[]> {
  for (const [word, field] of fields) {
    found.set(word, [...(found.get(word) ?? []), answerOf(field, word, [block])]);
    if (field.name === word && field.keyword.fields !== null) placesOf(field.keyword.fields, word, found);
  }
  return found;
}

function answerOf({ name, keyword, isDeprecated }: Field, word: string, within: string[]): Answer {
  if (keyword.answer !== undefined) {
    return {
      kind: keyword.answer,
      within,
      note: keyword.help.replace(/^(?:No effect here|Not supported): /, ''),
    };
  }
  const note = name === word ? '' : `${isDeprecated ? 'an old word for' : 'the same as'} ${name}`;
  return { kind: 'works', within, note };
}

/** The same answer in several blocks is one. */
function merge(answers: readonly Answer[]): Answer[] {
  const merged = new Map<string, Answer>();
  for (const answer of answers) {
    const key = `${answer.kind} ${answer.note}`;
    const within = new Set([...(merged.get(key)?.within ?? []), ...answer.within]);
    merged.set(key, { ...answer, within: [...within] });
  }
  return [...merged.values()];
}

/** A Markdown table, and what it comes to. */
export function keywordTable(): string {
  const keywords = answeredKeywords();
  const rows = keywords.flatMap(({ word, answers }) =>
    answers.map(
      ({ kind, within, note }) => `| \`${word}\` | ${shorten(within)} | ${WORDS[kind]} | ${note} |`,
    ),
  );
  const count = (kind: Answer['kind']) =>
    keywords.filter(({ answers }) => answers.some(each => each.kind === kind)).length;
  const unanswered = keywords.filter(({ answers }) => answers.length === 0).map(({ word }) => word);
  return [
    '| keyword of keepalived 2.4.3 | stands in | answer | |',
    '|---|---|---|---|',
    ...rows,
    '',
    `${keywords.length} keywords: ${count('works')} implemented, ${count('without effect')} answered by a warning, ` +
      `${count('refused')} refused with advice (some are one thing here and another there), ` +
      `${unanswered.length} passed over${unanswered.length > 0 ? `: ${unanswered.join(', ')}` : ''}.`,
    '',
  ].join('\n');
}

const WORDS: Readonly<Record<Answer['kind'], string>> = {
  works: 'implemented',
  'without effect': 'warning',
  refused: 'refused',
};

const MOST_PLACES = 4;

function shorten(places: readonly string[]): string {
  if (places.length <= MOST_PLACES) return places.join(', ');
  return `${places.slice(0, MOST_PLACES).join(', ')} and ${places.length - MOST_PLACES} more`;
}
