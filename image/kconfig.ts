// Fragments of Kconfig configuration: laid over a base, and checked against what came out.

/** The option a line of a .config sets or unsets, or null for a comment or a blank line. */
function optionOf(line: string): string | null {
  return /^(?:# )?(CONFIG_\w+)(?:=| is not set$)/.exec(line)?.[1] ?? null;
}

/** Every option a fragment or .config states: its value as written there, or `n` for one that is not set. */
export function parseConfig(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const option = optionOf(line);
    if (option) options.set(option, line.startsWith('#') ? 'n' : line.slice(option.length + 1));
  }
  return options;
}

/** The base with the fragment's options in place of its own. */
export function mergeConfig(base: string, fragment: string): string {
  const replaced = parseConfig(fragment);
  const kept = base.split('\n').filter(line => !replaced.has(optionOf(line) ?? ''));
  return `${kept.join('\n').trimEnd()}\n${fragment}`;
}

/** What a fragment demands and the final .config does not hold, one line for each. */
export function lostOptions(demanded: string, final: string): string[] {
  const actual = parseConfig(final);
  return [...parseConfig(demanded)].flatMap(([option, value]) => {
    const got = actual.get(option) ?? 'n';
    return got === value ? [] : `${option}: ${value} demanded, ${got} in the final configuration`;
  });
}

/** Throws an error that names every demanded option that was lost. */
export function checkConfig(what: string, demanded: string, final: string): void {
  const lost = lostOptions(demanded, final);
  if (lost.length > 0) throw new Error(`${what} lost ${lost.length} of its options:\n  ${lost.join('\n  ')}`);
}
