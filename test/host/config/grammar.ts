// Random lines with conditions, definitions and loops. Every statement that is left begins with a word that nobody knows, so that
// the complaints of keepalived about it tell how the lines were read.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names in braces belong to the configuration language.
import type { Random } from './random.ts';

/** Of definitions of one line. All are defined at the start: keepalived takes the braces of others for those of a block. */
const NAMES = ['A', 'B_1', 'LONG_name', 'V', 'W'];
/** Of those of several lines. */
const TALL = ['P', 'Q'];

/** What conditions are compared with. */
export const CONFIG_ID = 'main';

/** A file of such lines. */
export function generateGrammar(random: Random): string {
  const lines = ['$ONE=1', ...NAMES.map((name, i) => `$${name}=start${i}`)];
  const count = 5 + random(25);
  for (let i = 0; i < count; i++) lines.push(line(random, i));
  return `${lines.join('\n')}\n`;
}

function line(random: Random, i: number): string {
  const indent = pick(random, ['', '', '  ', '\t']);
  const condition = pick(random, ['', '', '', '', '@main ', '@other ', '@^main ', '@^other  ']);
  const comment = pick(random, ['', '', '', ' # no $A', ' ! @main "']);
  const name = pick(random, NAMES);
  switch (random(7)) {
    case 0:
      return `${indent}${condition}$${name}=${pick(random, ['', ' ', '\t'])}${value(random, name)}${comment}`;
    case 1:
      return several(random, indent, pick(random, TALL));
    case 2:
      return `${indent}${condition}${loop(random)} ${word(random, i)}${comment}`;
    case 3:
      return `${indent}${loop(random)}${pick(random, ['', ' '])}${loop(random)} ${word(random, i)}`;
    case 4:
      return `${indent}${condition}$${pick(random, [name, ...TALL])}${comment}`;
    default:
      return `${indent}${condition}${word(random, i)}${pick(random, ['', ' $A', ' more # words', ' "$A # x"'])}${comment}`;
  }
}

function several(random: Random, indent: string, name: string): string {
  const lines = Array.from({ length: 1 + random(4) }, (_, i) => indent + inner(random, i, name));
  const first = pick(random, ['', 'first', '  ']);
  const joint = pick(random, [' \\\n', '\\\n']);
  return `$${name}=${[first, ...lines].join(joint)}${pick(random, ['', '\n'])}\n${indent}$${name}`;
}

function inner(random: Random, i: number, name: string): string {
  // keepalived 2.2.7 ends at a condition before the name, and knows no loop in the first line of a definition.
  if (name !== TALL[0] && random(5) === 0) return `$${TALL[0]}`;
  const condition = pick(random, ['', '', '@main ', '@other ']);
  const chance = random(8);
  if (chance === 0) return `${condition}$A=inner${i}`;
  return condition + (chance === 1 && i > 0 ? `${loop(random)} ${word(random, i)}` : word(random, i));
}

function word(random: Random, i: number): string {
  return `w${i}${pick(random, ['', '', '.${A}', '-${LONG_name}', '${B_1}${A}', '.${V}', '_${W}', '$A', '/${B_${ONE}}'])}`;
}

function value(random: Random, name: string): string {
  // Only names behind this one: no definition may contain itself.
  const later = NAMES.slice(NAMES.indexOf(name) + 1);
  if (later.length > 0 && random(3) === 0) return `x\${${pick(random, later)}}y`;
  return pick(random, ['x', 'one', 'v1.2', 'tail', '${_INSTANCE}', 'a${_INSTANCE}b']);
}

function loop(random: Random): string {
  const number = (): number => random(4);
  switch (random(6)) {
    case 0:
      return `~SEQ(V, ${number()})`;
    case 1:
      return `~SEQ(V,${number()},${number()})`;
    case 2:
      return `~SEQ(W, ${number()}, 2, ${3 + number()})`;
    case 3:
      return `~SEQx(W,0x${8 + number()},${11 + number()})`;
    case 4:
      return `~LST(V, p, q)`;
    default:
      return `~LST({V, W}, {p,q}, {r})`;
  }
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)]!;
}
