// director confirm: what `director commit --confirmed` has put in force stays, and goes to the card.
import type { CommitAnswer } from '../control/commits.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { describeAnswer } from './commit.ts';

export const confirm: Command = {
  name: 'confirm',
  usage: '[--over-budget]',
  summary: 'keeps what director commit --confirmed has put in force',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const answer = (await ask(
      platform,
      invocation,
      'confirm',
      invocation.overBudget ? 'over budget' : null,
    )) as CommitAnswer;
    platform.print(
      invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeAnswer(answer),
    );
    return DONE;
  },
};
