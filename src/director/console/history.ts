// director history: the commits that the card holds, and the text of one of them.
import type { StoreStatus } from '../control/card-store.ts';
import { UsageError } from './arguments.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { table } from './table.ts';

export const history: Command = {
  name: 'history',
  usage: '[NUMBER]',
  summary: 'lists the commits on the card, or prints the configuration of one',
  operands: { least: 0, most: 1 },
  async run(platform, invocation) {
    const [number] = invocation.operands;
    if (number !== undefined) {
      const text = (await ask(platform, invocation, 'text', commitNumber(number))) as string;
      const bytes = Uint8Array.from(text, character => character.charCodeAt(0));
      platform.print(new TextDecoder().decode(bytes));
      return DONE;
    }
    const status = (await ask(platform, invocation, 'history')) as StoreStatus;
    platform.print(
      invocation.json ? `${JSON.stringify({ version: 1, ...status })}\n` : describeHistory(status),
    );
    return DONE;
  },
};

/** Throws a UsageError. */
export function commitNumber(word: string): number {
  if (!/^[1-9]\d{0,9}$/.test(word))
    throw new UsageError(`"${word}" is no number of a commit: director history lists them`);
  return Number(word);
}

/** The commits, and the state of both copies. */
export function describeHistory({ device, copies, commits }: StoreStatus): string {
  const rows = commits.map(({ sequence, time, comment }) => [`${sequence}`, `${timeOf(time)} UTC`, comment]);
  const list = rows.length === 0 ? describeNone(copies) : table([['COMMIT', 'TIME', 'COMMENT'], ...rows]);
  return `${list}${copies.map((copy, index) => `copy ${index + 1} on ${device}: ${copy}\n`).join('')}`;
}

function describeNone(copies: StoreStatus['copies']): string {
  return copies.every(copy => copy.startsWith('empty'))
    ? 'nothing was ever committed\n'
    : 'no commit can be read: director commit writes what is in force\n';
}

function timeOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
