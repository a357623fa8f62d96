// `--only add,weight`: the kinds of changes that a configuration may make.
import { KINDS, type Kind } from '../control/partial.ts';
import { UsageError } from './arguments.ts';
import type { Invocation } from './command.ts';

/** The kinds that `--only` names, or null without it. Throws a UsageError. */
export function kindsOf({ only }: Invocation): readonly Kind[] | null {
  if (only === null) return null;
  return only.split(',').map(word => {
    const kind = KINDS.find(each => each === word);
    if (kind === undefined) throw new UsageError(`--only takes ${KINDS.join(', ')}, not "${word}"`);
    return kind;
  });
}
