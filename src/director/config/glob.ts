// File name patterns as `include` takes them: `*`, `?`, `[a-z]` and `{a,b}`, matched against the names in directories.

/** True when the text is a pattern and not the name of one file. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The files that match, sorted; hidden files only when the pattern names the dot. Directories that cannot be listed hold none. */
export function expandPattern(pattern: string, list: (directory: string) => string[]): string[] {
  const found = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    for (const path of matchPath(plain, list)) found.add(path);
  }
  return [...found].sort();
}

/** Most file names that one pattern may stand for. */
const MOST = 1000;

/** `x{a,b{c,d}}` -> `xa`, `xbc`, `xbd`. Unbalanced braces stand for themselves. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const todo = [pattern];
  while (todo.length > 0 && done.length < MOST && todo.length < MOST) {
    const text = todo.pop()!;
    const innermost = /\{([^{}]*)\}/.exec(text);
    if (innermost === null) {
      done.push(text);
      continue;
    }
    const before = text.slice(0, innermost.index);
    const after = text.slice(innermost.index + innermost[0].length);
    for (const choice of innermost[1]!.split(',')) todo.push(before + choice + after);
  }
  return done;
}

function matchPath(pattern: string, list: (directory: string) => string[]): string[] {
  const parts = pattern.split('/');
  let paths = [''];
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1;
    const tail = isLast ? '' : '/';
    if (!isPattern(part) && !(isLast && isPattern(pattern))) {
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
    /\[(!?)([^\]]+)\]|[*?]|[\\^$.|+()[\]{}]/g,
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
