// director apply: puts FILE in force, or only some kinds of what differs.
import { KINDS } from '../control/partial.ts';
import type { Command } from './command.ts';
import { propose } from './plan.ts';

export const apply: Command = {
  name: 'apply',
  usage: `[FILE] [--only ${KINDS.join(',')}] [--config-id ID]`,
  summary:
    'puts FILE (or the changed configuration file) in force; --only: no more than these kinds of changes',
  operands: { least: 0, most: 1 },
  run: (platform, invocation) => propose(platform, invocation, 'reload'),
};
