// director version: which director this is.
import { VERSION } from '../version.ts';
import { type Command, DONE } from './command.ts';

export const version: Command = {
  name: 'version',
  usage: '',
  summary: 'shows the version',
  operands: { least: 0, most: 0 },
  run(platform, { json }) {
    platform.print(json ? `${JSON.stringify({ version: 1, release: VERSION })}\n` : `director ${VERSION}\n`);
    return DONE;
  },
};
