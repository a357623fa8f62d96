// director reload: puts FILE, or the changed configuration file, in force; only what differs is touched.
import type { Command } from './command.ts';
import { propose } from './plan.ts';

export const reload: Command = {
  name: 'reload',
  usage: '[FILE] [--config-id ID]',
  summary: 'puts FILE (or the changed configuration file) in force; only what differs is touched',
  operands: { least: 0, most: 1 },
  run: (platform, invocation) => propose(platform, invocation, 'reload'),
};
