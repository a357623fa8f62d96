// `include_check` of global_defs: what all `include` lines below it make an error.
import type { Statement } from './tree.ts';
import type { Keyword } from './vocabulary.ts';

/** `readable` and `match` are in force in any case: a file that is named must be there. */
const CHECKS: readonly string[] = ['readable', 'read', 'match', 'wildcard_match', 'brace_match'];

export const includeCheck: Keyword<true, 'all'> = {
  help: 'Patterns of include lines below must match (wildcard_match), each choice in braces too (brace_match); + adds to an earlier one, - takes away; all without words.',
  example: 'include_check wildcard_match',
  usage: '[+|-]CHECK ...',
  repeat: 'all',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    statement.words.forEach((word, i) => {
      if (i === 0 || CHECKS.includes(word.replace(/^[+-]/, ''))) return;
      reading.wrongWord(statement, i, 'one of wildcard_match, brace_match, match, readable', 'spell it out');
    });
    reading.endsAfter(statement, statement.words.length);
    return true;
  },
};

/** What the statements read so far ask for. */
export function checksAbove(statements: readonly Statement[]): ReadonlySet<string> {
  let checks = new Set<string>();
  for (const { words, block } of statements) {
    if (words[0] !== 'global_defs' || block === null) continue;
    for (const statement of block) {
      const [keyword, ...changes] = statement.words;
      if (keyword !== 'include_check') continue;
      if (changes.length === 0) checks = new Set(CHECKS);
      else if (!/^[+-]/.test(changes[0]!)) checks.clear();
      for (const change of changes) {
        if (change.startsWith('-')) checks.delete(change.slice(1));
        else checks.add(change.replace(/^\+/, ''));
      }
    }
  }
  return checks;
}
