// director rollback: an earlier configuration comes back: the one before a trial, the one before the last commit, or any that the card has.

import type { StoreStatus } from '../control/card-store.ts';
import type { CommitAnswer } from '../control/commits.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { describeAnswer, proposeCommit } from './commit.ts';
import { commitNumber } from './history.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: '[NUMBER] [--comment TEXT] [--confirmed MINUTES] [--over-budget]',
  summary: 'ends a trial, or commits an earlier configuration again: the one before, or commit NUMBER',
  operands: { least: 0, most: 1 },
  async run(platform, invocation) {
    const [word] = invocation.operands;
    const given = word === undefined ? null : commitNumber(word);
    const reverted =
      given === null ? ((await ask(platform, invocation, 'revert')) as CommitAnswer | null) : null;
    if (reverted !== null) {
      platform.print(
        invocation.json ? `${JSON.stringify({ version: 1, ...reverted })}\n` : describeAnswer(reverted),
      );
      return DONE;
    }
    const number = given ?? before((await ask(platform, invocation, 'history')) as StoreStatus);
    const text = (await ask(platform, invocation, 'text', number)) as string;
    return proposeCommit(platform, invocation, {
      file: `commit ${number}`,
      content: Uint8Array.from(text, character => character.charCodeAt(0)),
      comment: invocation.comment ?? `rollback to ${number}`,
    });
  },
};

function before({ commits }: StoreStatus): number {
  const [, previous] = commits;
  if (previous === undefined) throw new Error('the card holds no commit before the last one');
  return previous.sequence;
}
