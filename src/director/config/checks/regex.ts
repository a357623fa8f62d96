// Regular expressions as keepalived takes them (PCRE2, pcre2pattern(3)) in the words of a JavaScript RegExp that finds the same. What
// has no counterpart is refused where it stands.
import { once } from '../vocabulary.ts';

export interface RegexOptions {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotall: boolean;
  readonly extended: boolean;
  readonly dollarEndOnly: boolean;
  readonly altCircumflex: boolean;
  readonly allowEmptyClass: boolean;
  readonly noAutoCapture: boolean;
  readonly ungreedy: boolean;
  readonly utf: boolean;
}

export interface Translated {
  readonly source: string;
  readonly flags: string;
  /** Whether a match depends on what follows it. */
  readonly seesEnd: boolean;
  /** Repetitions within repetitions: some texts take for ever. */
  readonly isSlow: boolean;
}

/** Thrown for what cannot be translated. */
export class RegexProblem extends Error {}

const WHITE = ' \\t-\\r';
const VERTICAL = '\\n\\v\\f\\r\\x85';
const HORIZONTAL = ' \\t\\xa0';

/** Escapes that mean something else, or nothing, in JavaScript. */
const ESCAPES: () => ReadonlyMap<string, string> = once(
  () =>
    new Map([
      ['a', '\\x07'],
      ['e', '\\x1b'],
      ['s', `[${WHITE}]`],
      ['S', `[^${WHITE}]`],
      ['h', `[${HORIZONTAL}]`],
      ['H', `[^${HORIZONTAL}]`],
      ['v', `[${VERTICAL}]`],
      ['V', `[^${VERTICAL}]`],
      ['N', '[^\\n]'],
      ['R', `(?:\\r\\n|(?!\\r\\n)[${VERTICAL}])`],
      ['A', '(?<![\\s\\S])'],
      ['Z', '(?=\\n?(?![\\s\\S]))'],
      ['z', '(?![\\s\\S])'],
    ]),
);

const CLASS_ESCAPES: () => ReadonlyMap<string, string> = once(
  () =>
    new Map([
      ['a', '\\x07'],
      ['e', '\\x1b'],
      ['s', WHITE],
      ['h', HORIZONTAL],
      ['v', VERTICAL],
    ]),
);

const POSIX: () => ReadonlyMap<string, string> = once(
  () =>
    new Map([
      ['alpha', 'a-zA-Z'],
      ['digit', '0-9'],
      ['alnum', 'a-zA-Z0-9'],
      ['upper', 'A-Z'],
      ['lower', 'a-z'],
      ['space', WHITE],
      ['blank', ' \\t'],
      ['punct', '!-\\/:-@\\[-`{-~'],
      ['xdigit', '0-9a-fA-F'],
      ['word', '\\w'],
      ['cntrl', '\\x00-\\x1f\\x7f'],
      ['print', ' -~'],
      ['graph', '!-~'],
    ]),
);

/** Options by the letters that a pattern may begin with: `(?i)`. */
const LETTERS: Readonly<Record<string, keyof RegexOptions>> = {
  i: 'caseless',
  m: 'multiline',
  s: 'dotall',
  x: 'extended',
  U: 'ungreedy',
};

/** Throws a RegexProblem. */
export function translateRegex(whole: string, given: RegexOptions): Translated {
  const [start, letters = ''] = /^\(\?([imsxU]+)\)/.exec(whole) ?? [''];
  const options = { ...given, ...Object.fromEntries([...letters].map(letter => [LETTERS[letter], true])) };
  const pattern = whole.slice(start.length);
  const text = options.utf ? pattern : bytesOf(pattern);
  const { source, seesEnd, isSlow } = new Translator(text, options).translate();
  const flags = `${options.caseless ? 'i' : ''}${options.utf ? 'u' : ''}`;
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new RegexProblem(error instanceof Error ? error.message : String(error));
  }
  return { source, flags, seesEnd, isSlow };
}

/** Each byte of the UTF-8 as one character. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

class Translator {
  readonly #text: string;
  readonly #options: RegexOptions;
  /** Of each open group: whether it can end in a repetition without end. */
  readonly #groups: boolean[] = [];
  #at = 0;
  #source = '';
  #seesEnd = false;
  #isSlow = false;
  /** Whether the last item is, or can end in, a repetition without end. */
  #isEndless = false;

  constructor(text: string, options: RegexOptions) {
    this.#text = text;
    this.#options = options;
  }

  translate(): { source: string; seesEnd: boolean; isSlow: boolean } {
    while (this.#at < this.#text.length) this.#item();
    return { source: this.#source, seesEnd: this.#seesEnd, isSlow: this.#isSlow };
  }

  #item(): void {
    if (this.#repetition()) return;
    const character = this.#text[this.#at++]!;
    if (character === ')') this.#close();
    else if (character === '|') this.#alternative();
    else {
      this.#isEndless = false;
      if (character === '\\') this.#escape();
      else if (character === '[') this.#class();
      else if (character === '(') this.#open();
      else this.#plain(character);
    }
  }

  #plain(character: string): void {
    const { multiline, dotall, extended, dollarEndOnly } = this.#options;
    if (character === '.') this.#source += dotall ? '[\\s\\S]' : '[^\\n]';
    else if (character === '^') this.#source += this.#lineStart();
    else if (character === '$') {
      this.#seesEnd = true;
      if (multiline) this.#source += '(?![^\\n])';
      else this.#source += dollarEndOnly ? '(?![\\s\\S])' : '(?=\\n?(?![\\s\\S]))';
    } else if (extended && /[\s#]/.test(character)) this.#skipComment(character);
    else this.#source += /[{}\]/]/.test(character) ? `\\${character}` : character;
  }

  /** A line begins behind a line feed, but for one that ends the text. */
  #lineStart(): string {
    const { multiline, altCircumflex } = this.#options;
    if (!multiline) return '(?<![\\s\\S])';
    return altCircumflex ? '(?<![^\\n])' : '(?<![^\\n])(?:(?=[\\s\\S])|(?<![\\s\\S]))';
  }

  #alternative(): void {
    this.#source += '|';
    if (this.#isEndless && this.#groups.length > 0) this.#groups[this.#groups.length - 1] = true;
    this.#isEndless = false;
  }

  #close(): void {
    this.#source += ')';
    this.#isEndless = this.#groups.pop() === true || this.#isEndless;
  }

  #skipComment(character: string): void {
    if (character !== '#') return;
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }

  /** `*`, `+`, `?`, `{2,3}` and what follows them; false when none stands here. */
  #repetition(): boolean {
    const match = /^(?:[*+?]|\{(\d+)(,\d*)?\})([?+]?)/.exec(this.#text.slice(this.#at, this.#at + 20));
    if (match === null) return false;
    const [whole, , rest, suffix = ''] = match;
    if (suffix === '+') throw new RegexProblem('possessive quantifiers are not supported: leave out the +');
    this.#at += whole.length;
    const quantifier = whole.slice(0, whole.length - suffix.length);
    const isLazy = (suffix === '?') !== this.#options.ungreedy;
    this.#source += quantifier + (isLazy ? '?' : '');
    const isEndless = quantifier === '*' || quantifier === '+' || rest === ',';
    if (isEndless && this.#isEndless) this.#isSlow = true;
    this.#isEndless = isEndless;
    return true;
  }

  #escape(): void {
    const next = this.#take('a backslash');
    const known = ESCAPES().get(next);
    if (next === 'Z' || next === 'z' || next === 'b' || next === 'B') this.#seesEnd = true;
    if (known !== undefined) this.#source += known;
    else if (next === 'Q') this.#literal();
    else if ('GKCXE'.includes(next)) this.#refuse(`\\${next}`);
    else if (next === 'g' || next === 'k') this.#backReference(next);
    else if (next === 'x' || next === '0' || next === 'o') this.#source += this.#number(next);
    else if (/[1-9bBdDwWfnrtpPcu]/.test(next)) this.#source += `\\${next}`;
    else if (/[A-Za-z]/.test(next)) this.#refuse(`\\${next}`);
    else this.#source += /[\^$\\.*+?()[\]{}|/]/.test(next) ? `\\${next}` : escaped(next);
  }

  #literal(): void {
    const end = this.#text.indexOf('\\E', this.#at);
    const stop = end < 0 ? this.#text.length : end;
    for (; this.#at < stop; this.#at++) this.#source += escaped(this.#text[this.#at]!);
    if (end >= 0) this.#at += 2;
  }

  #backReference(letter: string): void {
    const match = /^(?:\{(\w+)\}|<(\w+)>|'(\w+)'|(\d+))/.exec(this.#text.slice(this.#at));
    if (match === null) this.#refuse(`\\${letter}`);
    else {
      this.#at += match[0].length;
      const name = match[1] ?? match[2] ?? match[3] ?? match[4]!;
      this.#source += /^\d+$/.test(name) ? `(?:\\${name})` : `\\k<${name}>`;
    }
  }

  /** `\x41`, `\x{41}`, `\041`, `\o{101}`. */
  #number(letter: string): string {
    const rest = this.#text.slice(this.#at);
    const [form, base] = letter === 'x' ? [/^(?:\{([0-9a-f]{1,6})\}|([0-9a-f]{0,2}))/i, 16] : OCTAL[letter]!;
    const match = form.exec(rest);
    if (match === null) return this.#refuse(`\\${letter}`);
    this.#at += match[0].length;
    const code = Number.parseInt(match[1] ?? match[2] ?? '', base) || 0;
    if (code > 0xff && !this.#options.utf) return this.#refuse(`\\${letter}{...} beyond a byte without utf`);
    return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0')}`;
  }

  #open(): void {
    const rest = this.#text.slice(this.#at);
    const [start = ''] = /^(?:\?(?:[:=!]|<[=!]|P?<\w+>|'\w+'|P=\w+\)|#[^)]*\)))?/.exec(rest)!;
    if (start === '' && /^[?*]/.test(rest)) this.#refuse(`(${rest.slice(0, 3)}`);
    this.#at += start.length;
    if (start.startsWith('?#')) return;
    if (start.startsWith('?P=')) {
      this.#source += `\\k<${start.slice(3, -1)}>`;
      return;
    }
    if (start === '?=' || start === '?!') this.#seesEnd = true;
    this.#groups.push(false);
    const name = /^\?(?:P?<|')(\w+)[>']$/.exec(start)?.[1];
    if (name !== undefined) this.#source += `(?<${name}>`;
    else this.#source += start === '' && this.#options.noAutoCapture ? '(?:' : `(${start}`;
  }

  #class(): void {
    let inside = '';
    if (this.#text[this.#at] === '^') {
      inside = '^';
      this.#at++;
    }
    // A bracket that comes first is an ordinary character.
    if (this.#text[this.#at] === ']' && !this.#options.allowEmptyClass) {
      inside += '\\]';
      this.#at++;
    }
    for (;;) {
      const character = this.#take('[');
      if (character === ']') break;
      const posix = character === '[' ? /^:(\w+):\]/.exec(this.#text.slice(this.#at)) : null;
      if (posix !== null) {
        inside += POSIX().get(posix[1]!) ?? this.#refuse(`[:${posix[1]}:]`);
        this.#at += posix[0].length;
      } else if (character === '[') {
        if (/^:\^/.test(this.#text.slice(this.#at))) this.#refuse('[:^');
        inside += '\\[';
      } else inside += character === '\\' ? this.#classEscape() : character;
    }
    this.#source += `[${inside}]`;
  }

  #classEscape(): string {
    const next = this.#take('a backslash');
    const known = CLASS_ESCAPES().get(next);
    if (known !== undefined) return known;
    if (next === 'x' || next === '0' || next === 'o') return this.#number(next);
    if (/[bdDwWSfnrtpPcu]/.test(next)) return `\\${next}`;
    if (/[A-Za-z1-9]/.test(next)) return this.#refuse(`\\${next} in brackets`);
    return escaped(next);
  }

  #take(after: string): string {
    const character = this.#text[this.#at++];
    if (character === undefined) throw new RegexProblem(`nothing follows ${after}`);
    return character;
  }

  #refuse(what: string): never {
    throw new RegexProblem(`${what} is not supported`);
  }
}

const OCTAL: Readonly<Record<string, readonly [RegExp, number]>> = {
  '0': [/^()?([0-7]{0,2})/, 8],
  o: [/^\{([0-7]+)\}/, 8],
};

/** A character that stands for itself. */
function escaped(character: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(character)
    ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
    : character;
}
