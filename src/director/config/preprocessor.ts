// Lines before they are statements: conditions (`@id`), definitions (`$NAME=text`) and their uses, loops (`~SEQ`, `~LST`).
// What is left of a line is passed on with the places where its parts were written.
import { shorten } from './characters.ts';
import { Definitions, type Predefined, SubstitutionError } from './definitions.ts';
import { ExpandedLine } from './expanded-line.ts';
import { logicalLine } from './logical-line.ts';
import { LOOP_HEAD, type Loop, LoopError, readLoop } from './loop.ts';
import { MappedText, type Use } from './mapped-text.ts';
import { nearest } from './nearest.ts';
import type { Problems } from './problem.ts';
import type { Source } from './source.ts';

/** Most lines and characters that definitions and loops may make; 200 services of 10 real servers are 28,000 and 416,000. */
const MOST_LINES = 50_000;
const MOST_CHARACTERS = 2 * 1024 * 1024;
/** Deepest nesting of definitions of several lines, and of loops. */
const DEEPEST = 32;

/** Shortest name that may be a misspelt one: nobody means `$A` by `$B`. */
const SHORTEST = 4;

const CONDITION = /^@(\^?)(\S*)[\t ]*/;
const DEFINITION = /^\$([A-Za-z_]\w*)=[\t ]*/;

export interface PreprocessorHooks {
  /** What conditions are compared with; null: nothing is equal to it. */
  configId(): string | null;
  /** Reads a line that is left. */
  line(source: Source): void;
}

export class Preprocessor {
  private readonly problems: Problems;
  private readonly hooks: PreprocessorHooks;
  private readonly definitions: Definitions;
  private lines = 0;
  private characters = 0;
  private hasGivenUp = false;
  /** Of the file that is being read. */
  private path = '';

  constructor(problems: Problems, predefined: ReadonlyMap<string, Predefined>, hooks: PreprocessorHooks) {
    this.problems = problems;
    this.hooks = hooks;
    this.definitions = new Definitions(predefined);
  }

  /** True when definitions and loops made too much: what has been read is not worth a look. */
  get isExhausted(): boolean {
    return this.hasGivenUp;
  }

  /** Reads the line at `start` and those that belong to it; returns the offset behind them. */
  read(source: Source, start: number): number {
    const { lines, end } = logicalLine(source, start, this.problems);
    const outer = this.path;
    this.path = source.path;
    this.process(lines[0]!, lines.slice(1), 0);
    this.path = outer;
    return end;
  }

  /** `more` are lines joined to this one by backslashes. */
  private process(given: MappedText, more: readonly MappedText[], depth: number): void {
    if (!this.mayGoOn(given, depth)) return;
    let text = given;
    let joined = more;
    let rest: readonly MappedText[] = [];
    for (;;) {
      text = text.slice(/^[\t ]*/.exec(text.text)![0].length);
      if (text.text.startsWith('@')) {
        const [condition, not, id] = CONDITION.exec(text.text)!;
        if ((id === this.hooks.configId()) === (not === '^')) break;
        text = text.slice(condition.length);
        continue;
      }
      const definition = DEFINITION.exec(text.text);
      if (definition !== null) {
        this.define(definition[1]!, [text.slice(definition[0].length), ...joined]);
        break;
      }
      if (joined.length > 0) {
        text = join([text, ...joined]);
        joined = [];
        continue;
      }
      if (LOOP_HEAD.test(text.text)) {
        this.loop(text, depth);
        break;
      }
      const substituted = this.substitute(text);
      if (substituted === null) {
        this.emit(text);
        break;
      }
      text = substituted.text;
      rest = [...substituted.rest, ...rest];
    }
    for (const line of rest) this.process(line, [], depth + 1);
  }

  private define(name: string, lines: readonly MappedText[]): void {
    const full = lines.filter(line => line.text !== '');
    this.definitions.define(name, full.length > 0 ? full : lines.slice(0, 1));
  }

  private substitute(text: MappedText): ReturnType<Definitions['substitute']> {
    try {
      return this.definitions.substitute(text);
    } catch (error) {
      if (!(error instanceof SubstitutionError)) throw error;
      const place = new MappedText([error.reference]);
      this.complain(place, error.message, 'take the name out of its own definition');
      return { text: text.slice(0, 0), rest: [] };
    }
  }

  private loop(text: MappedText, depth: number): void {
    const [head, kind] = LOOP_HEAD.exec(text.text)!;
    const close = text.text.indexOf(')');
    const words = text.slice(head.length, close < 0 ? text.text.length : close);
    let loop: Loop;
    try {
      if (close < 0) throw new LoopError(`~${kind} has no closing parenthesis`);
      loop = readLoop(kind!, (this.substitute(words)?.text ?? words).text);
    } catch (error) {
      if (!(error instanceof LoopError)) throw error;
      const example = kind === 'LST' ? '~LST(NAME, web1, web2) ...' : '~SEQ(NAME, 1, 10) ...';
      this.complain(text, error.message, `for example: ${example}`);
      return;
    }
    const body = text.slice(close + 1);
    for (let turn = 0; turn < loop.count && !this.isExhausted; turn++) {
      const values = loop.values(turn);
      for (const [i, name] of loop.names.entries()) this.definitions.setVariable(name, values[i]!);
      const turned = body.within(({ source, offset, use: outer }) =>
        loop.names.reduceRight<Use | null>(
          (inner, name, i) => ({ name, value: values[i]!, source, offset, outer: inner }),
          outer,
        ),
      );
      this.process(turned, [], depth + 1);
    }
  }

  private emit(text: MappedText): void {
    if (text.text === '') return;
    this.characters += text.text.length;
    this.hooks.line(new ExpandedLine(this.path, this.withoutOpenReference(text)));
  }

  /** Complains of the first name that is not defined; its braces would be taken for those of a block. */
  private withoutOpenReference(text: MappedText): MappedText {
    const found = this.definitions.openReference(text.text);
    if (found === null) return text;
    const { at, name, inBraces } = found;
    const isQuoted = (text.text.slice(0, at).split('"').length - 1) % 2 === 1;
    const names = this.definitions.names;
    const likely = nearest(
      name,
      names.filter(each => each !== name),
    );
    const advice = likely === null ? `write $${name}=... above` : `did you mean "${likely}"?`;
    const line = new ExpandedLine(this.path, text);
    if (names.includes(name)) {
      const message = `$${name} has several lines, or takes no numbers`;
      this.problems.error(line, at, message, 'let it be the last word of the line');
    } else if (inBraces && !isQuoted) {
      this.problems.error(line, at, `nothing is defined as ${shorten(name)}`, advice);
    } else if (likely !== null && name.length >= SHORTEST) {
      this.problems.warning(line, at, `nothing is defined as ${shorten(name)}`, advice);
    }
    if (!inBraces || isQuoted) return text;
    const end = text.text.indexOf('}', at) + 1;
    return text.replace(at, end, [{ ...text.pieceAt(at), text: name, isVerbatim: false }]);
  }

  private mayGoOn(text: MappedText, depth: number): boolean {
    if (this.hasGivenUp) return false;
    this.lines++;
    this.characters += text.text.length;
    const message = tooMuch(this.lines, this.characters, depth);
    if (message === null) return true;
    this.hasGivenUp = true;
    this.complain(text, message, 'take this line out, or write what it is to make into files of its own');
    return false;
  }

  private complain(text: MappedText, message: string, advice: string): void {
    this.problems.error(new ExpandedLine(this.path, text), 0, message, advice);
  }
}

function tooMuch(lines: number, characters: number, depth: number): string | null {
  if (depth > DEEPEST) return 'definitions stand for each other too deep, or in circles';
  if (lines > MOST_LINES) return `definitions and loops make more than ${MOST_LINES} lines`;
  if (characters > MOST_CHARACTERS)
    return `definitions and loops make more than ${MOST_CHARACTERS} characters`;
  return null;
}

function join(lines: readonly MappedText[]): MappedText {
  const pieces = lines.flatMap(line => [
    ...line.pieces,
    { ...line.pieceAt(line.text.length), text: ' ', isVerbatim: false },
  ]);
  return new MappedText(pieces.slice(0, -1));
}
