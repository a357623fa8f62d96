// `~SEQ(...)` and `~LST(...)`: what stands behind them on the line is read once for each value.

export interface Loop {
  readonly names: readonly string[];
  /** Number of turns. */
  readonly count: number;
  /** The values of a turn from 0, one for each name. */
  values(turn: number): readonly string[];
}

/** What is wrong, in words. */
export class LoopError extends Error {}

export const LOOP_HEAD = /^~(SEQx?|LST)[\t ]*\(/;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NUMBER = /^[+-]?(?:0[xX][0-9a-fA-F]+|[0-9]+)$/;

/** Of the words between the parentheses, in which definitions have been replaced. Throws a LoopError. */
export function readLoop(kind: string, words: string): Loop {
  return kind === 'LST' ? readList(words) : readSequence(words, kind === 'SEQx');
}

/** `name, last`, `name, first, last` or `name, first, step, last`. */
function readSequence(words: string, isHexadecimal: boolean): Loop {
  const [name, ...numbers] = words.split(',').map(word => word.trim());
  checkName(name!);
  if (numbers.length < 1 || numbers.length > 3) throw new LoopError('~SEQ takes a name and 1 to 3 numbers');
  const values = numbers.map(readNumber);
  const last = values.at(-1)!;
  const first = values.length > 1 ? values[0]! : last < 0 ? -1 : 1;
  const step = values.length > 2 ? values[1]! : first <= last ? 1 : -1;
  if (step === 0 || (last - first) * step < 0) {
    throw new LoopError(`steps of ${step} do not lead from ${first} to ${last}`);
  }
  if (isHexadecimal && (first < 0 || last < 0)) throw new LoopError('~SEQx takes no negative numbers');
  const base = isHexadecimal ? 16 : 10;
  return {
    names: [name!],
    count: Math.floor((last - first) / step) + 1,
    values: turn => [(first + turn * step).toString(base)],
  };
}

/** As strtol(3) reads it: `0x` is hexadecimal, a leading 0 octal. */
function readNumber(word: string): number {
  if (!NUMBER.test(word)) throw new LoopError(`"${word}" is no number`);
  const digits = word.replace(/^[+-]/, '');
  const isOctal = /^0[0-7]+$/.test(digits);
  const size = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  if (size > 0x7fffffff) throw new LoopError(`${word} is too large`);
  return word.startsWith('-') ? -size : size;
}

/** `name, value, ...` or `{name, name}, {value, value}, ...`. */
function readList(words: string): Loop {
  const [head, ...rows] = splitGroups(words);
  if (head === undefined || rows.length === 0) throw new LoopError('~LST takes a name and values');
  for (const name of head) checkName(name);
  const long = rows.find(row => row.length > head.length);
  if (long !== undefined) throw new LoopError(`{${long}} are more values than names`);
  return { names: head, count: rows.length, values: turn => head.map((_, i) => rows[turn]![i] ?? '') };
}

/** `a, {b, c}` -> [[a], [b, c]]. */
function splitGroups(words: string): string[][] {
  const groups: string[][] = [];
  const group = /[\t ]*(?:\{([^{}]*)\}|([^{},]*))[\t ]*(,|$)/y;
  for (;;) {
    const match = group.exec(words);
    if (match === null) throw new LoopError('the braces do not match');
    const [, several, one, behind] = match;
    groups.push(several === undefined ? [one!.trim()] : several.split(',').map(word => word.trim()));
    if (behind === '') return groups;
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new LoopError(`"${name}" is no name of a variable`);
}
