// director help: what commands there are.
import { type Command, DONE } from './command.ts';
import { commands } from './commands.ts';
import { table } from './table.ts';

const OPTIONS = [
  ['--json', 'one JSON object instead of text'],
  ['--run-dir DIR', 'where the running director has its sockets (/run/director)'],
];

export const help: Command = {
  name: 'help',
  usage: '',
  summary: 'lists the commands',
  operands: { least: 0, most: 1 },
  run(platform, { json }) {
    const all = commands();
    if (json) {
      const list = all.map(({ name, usage, summary }) => ({ name, usage, summary }));
      platform.print(`${JSON.stringify({ version: 1, commands: list })}\n`);
      return DONE;
    }
    const rows = all.map(({ name, usage, summary }) => [`  director ${name} ${usage}`.trimEnd(), summary]);
    const options = OPTIONS.map(([name, summary]) => [`  ${name}`, summary!]);
    platform.print(`${table(rows)}\nOptions of every command:\n${table(options)}`);
    platform.print('\nExit status: 0 done, 1 failed, 2 the input is wrong.\n');
    return DONE;
  },
};
