// Keywords of keepalived that do nothing here, or that are refused: each is answered where it stands, none is passed over.
import type { Keyword } from './vocabulary.ts';

type Answer = Keyword<never, 'last'>;

/** A keyword that is understood and does nothing here. A warning says why; its arguments are not looked at. */
export function withoutEffect(example: string, why: string): Answer {
  return {
    help: `No effect here: ${why}.`,
    example,
    usage: '...',
    repeat: 'last',
    defaultText: null,
    fields: null,
    answer: 'without effect',
    read(statement, reading) {
      reading.warning(statement, 0, `${statement.words[0]} has no effect here`, `delete it: ${why}`);
      return undefined;
    },
  };
}

/** A keyword that is refused, as what it asks for is not done here and something would differ without; `advice` says what to do. */
export function refused(example: string, advice: string): Answer {
  return {
    help: `Not supported: ${advice}.`,
    example,
    usage: '...',
    repeat: 'last',
    defaultText: null,
    fields: null,
    answer: 'refused',
    read(statement, reading) {
      reading.error(statement, 0, `${statement.words[0]} is not supported`, advice);
      return undefined;
    },
  };
}

/** Several keywords without effect for the same reason. */
export function allWithoutEffect(why: string, examples: readonly string[]): object {
  return Object.fromEntries(examples.map(example => [example.split(' ')[0]!, withoutEffect(example, why)]));
}
