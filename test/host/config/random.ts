// What random configurations are made of: choices, lines, blocks.

export type Random = (below: number) => number;

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)]!;
}

/** One of the usual values, rarely one of the odd ones. */
export function value(random: Random, usual: readonly string[], odd: readonly string[]): string {
  return random(70) === 0 ? pick(random, odd) : pick(random, usual);
}

/** The lines that luck wants. */
export function some(random: Random, lines: readonly string[], oneIn = 2): string[] {
  return lines.filter(() => random(oneIn) === 0);
}

export function shuffle(random: Random, lines: readonly string[]): string[] {
  return lines
    .map(line => ({ line, key: random(1 << 20) }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
}

export function block(head: string, lines: readonly string[]): string {
  return [`${head} {`, ...lines, '}'].join('\n');
}
