// File name patterns as `include` takes them: `*`, `?`, `[a-z]` and `{a,b}`, matched against the names in directories.

/** True when the text is a pattern and not the name of one file. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The files that match; those of each choice of `{a,b}` sorted. Hidden files only when the pattern names the dot. Directories that cannot be listed hold none. */
export function expandPattern(pattern: string, list: (directory: string) => string[]): string[] {
  return alternatives(pattern).flatMap(plain => [...new Set(matchPath(plain, list))].sort());
}

/** Most file names that one pattern may stand for. */
const MOST = 1000;

/** `x{a,b{c,d}}` -> `xa`, `xbc`, `xbd`, in this order. Unbalanced braces stand for themselves. */
export function alternatives(pattern: string): string[] {
  const done: string[] = [];
  const todo = [pattern];
  while (todo.length > 0 && done.length + todo.length < MOST) {
    const text = todo.shift()!;
    const choices = expandFirst(text);
    if (choices === null) done.push(text);
    else todo.unshift(...choices);
  }
  return done;
}

/** Replaces the first braces; null when there are none. */
function expandFirst(text: string): string[] | null {
  const open = text.indexOf('{');
  const cuts = [open];
  let depth = 0;
  for (let at = open; at >= 0 && at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === ',' && depth === 1) cuts.push(at);
    else if (text[at] === '}' && --depth === 0) {
      const choices = cuts.map((cut, i) => text.slice(cut + 1, cuts[i + 1] ?? at));
      return choices.map(choice => text.slice(0, open) + choice + text.slice(at + 1));
    }
  }
  return null;
}

function matchPath(pattern: string, list: (directory: string) => string[]): string[] {
  const parts = pattern.split('/');
  let paths = [''];
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1;
    const tail = isLast ? '' : '/';
    if (!isPattern(part) && !isLast) {
      paths = paths.map(path => path + part + tail);
      return;
    }
    const matches = matcher(part);
    paths = paths.flatMap(path =>
      names(path, list)
        .filter(matches)
        .map(name => path + name + tail),
    );
  });
  return paths;
}

function names(directory: string, list: (directory: string) => string[]): string[] {
  try {
    return list(directory === '' ? '.' : directory);
  } catch {
    return [];
  }
}

function matcher(pattern: string): (name: string) => boolean {
  const source = pattern.replace(
    /\[([!^]?)([^\]]+)\]|[*?]|[\\^$.|+()[\]{}]/g,
    (text, not?: string, set?: string) => {
      if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
      if (text === '*') return '[^]*';
      return text === '?' ? '[^]' : `\\${text}`;
    },
  );
  const expression = compile(`^${source}$`);
  return name =>
    (expression?.test(name) ?? name === pattern) && (pattern.startsWith('.') || !name.startsWith('.'));
}

/** Null when the pattern makes no expression, as `[z-a]`. */
function compile(source: string): RegExp | null {
  try {
    return new RegExp(source);
  } catch {
    return null;
  }
}
