// The words behind the first of a line, as `dev eth1 no_track`: options, some with an argument.
import { shorten } from './characters.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import type { ValueType } from './vocabulary.ts';

/** Where options stand. */
export interface OptionsPlace {
  /** What takes them, fitting behind "nothing that": `an address takes`. */
  readonly owner: string;
  /** What a right line looks like. */
  readonly usage: string;
}

/** The option being read, and what follows it. */
export class OptionWords {
  readonly statement: Statement;
  readonly reading: Reading;
  readonly place: OptionsPlace;
  /** Index of the word last taken. */
  index: number;

  constructor(statement: Statement, index: number, reading: Reading, place: OptionsPlace) {
    this.statement = statement;
    this.index = index;
    this.reading = reading;
    this.place = place;
  }

  /** The word behind the one last taken; undefined at the end. */
  peek(): string | undefined {
    return this.statement.words[this.index + 1];
  }

  /** Takes the next word; undefined, with an error, when it is missing or wrong. */
  take<T>(type: ValueType<T>): T | undefined {
    const before = this.statement.words[this.index]!;
    this.index++;
    const word = this.statement.words[this.index];
    const result = word === undefined ? undefined : type.parse(word);
    if (result !== undefined) return result;
    if (word === undefined)
      this.error(`${shorten(before)} needs ${type.name}`, `a line is: ${this.place.usage}`);
    else {
      const advice = type.advise?.(word) ?? `a line is: ${this.place.usage}`;
      this.reading.wrongWord(this.statement, this.index, type.description, advice);
    }
    return undefined;
  }

  /** At the word last taken. */
  error(message: string, advice: string): void {
    this.reading.error(this.statement, this.index, message, advice);
  }

  warning(message: string, advice: string): void {
    this.reading.warning(this.statement, this.index, message, advice);
  }
}

/** What each option does to the thing that is being read. */
export type Options<D> = Readonly<Record<string, (draft: D, words: OptionWords) => void>>;

/**
 * Reads the words from `from` on. False when one of them is no option, nor what `otherwise` takes, which then returns true: what
 * follows is not read.
 */
export function readOptions<D>(
  statement: Statement,
  from: number,
  options: Options<D>,
  draft: D,
  reading: Reading,
  place: OptionsPlace,
  otherwise: (draft: D, word: string) => boolean = () => false,
): boolean {
  const words = new OptionWords(statement, from - 1, reading, place);
  while (words.peek() !== undefined) {
    words.index++;
    const name = statement.words[words.index]!;
    if (!Object.hasOwn(options, name)) {
      if (otherwise(draft, name)) continue;
      words.error(`"${shorten(name)}" is nothing that ${place.owner}`, `a line is: ${place.usage}`);
      return false;
    }
    options[name]!(draft, words);
  }
  return true;
}

/** An option that is understood and does nothing here; with `type` it has an argument. */
export function optionWithoutEffect<D>(why: string, type?: ValueType<unknown>): Options<D>[string] {
  return (_, words) => {
    words.warning(`${words.statement.words[words.index]} has no effect here`, why);
    if (type !== undefined) words.take(type);
  };
}

/** An option that is refused, with the way to do without; with `type` it has an argument. */
export function refusedOption<D>(advice: string, type?: ValueType<unknown>): Options<D>[string] {
  return (_, words) => {
    words.error(`${words.statement.words[words.index]} is not supported`, advice);
    if (type !== undefined) words.take(type);
  };
}
