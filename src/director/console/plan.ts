// director plan: what a configuration would change, before it changes.

import type { Platform } from '../../platform/platform.ts';
import type { Loaded } from '../config/load.ts';
import type { ApplyDemand, Kind } from '../control/partial.ts';
import type { Outcome, Plan } from '../control/plan.ts';
import type { Running } from '../control/running.ts';
import { readConfig } from '../read-config.ts';
import { ask } from './ask.ts';
import { type Command, DONE, type Invocation, WRONG_INPUT } from './command.ts';
import { kindsOf } from './kinds.ts';
import { describeProblem } from './problems.ts';

export const plan: Command = {
  name: 'plan',
  usage: '[FILE] [--only KINDS] [--config-id ID]',
  summary: 'shows what FILE (or the changed configuration file) would change, and changes nothing',
  operands: { least: 0, most: 1 },
  run: (platform, invocation) => propose(platform, invocation, 'plan'),
};

/** What `plan` and `reload` have in common: the file is read here, so that its mistakes never reach the running director. */
export async function propose(
  platform: Platform,
  invocation: Invocation,
  command: 'plan' | 'reload',
): Promise<number> {
  const [file] = invocation.operands;
  const only = kindsOf(invocation);
  const read = file === undefined ? null : readConfig(platform, file, invocation.configId);
  const outcome: Outcome =
    read !== null && read.config === null
      ? { accepted: false, problems: read.problems }
      : await request(platform, invocation, command, proposal(file, read), only);
  const problems = read === null ? outcome.problems : read.problems;
  if (invocation.json) platform.print(`${JSON.stringify({ version: 1, ...outcome, problems })}\n`);
  else platform.printError(problems.map(describeProblem).join(''));
  if (!outcome.accepted) {
    platform.printError('director: the configuration is refused, nothing was changed\n');
    return WRONG_INPUT;
  }
  if (!invocation.json) platform.print(describePlan(outcome.plan, outcome.remarks));
  return DONE;
}

/** Null: the director reads its own file. */
function proposal(file: string | undefined, read: Loaded | null): Running | null {
  return file === undefined || !read?.config ? null : { file, config: read.config };
}

async function request(
  platform: Platform,
  invocation: Invocation,
  command: string,
  given: Running | null,
  only: readonly Kind[] | null,
): Promise<Outcome> {
  if (only === null) return (await ask(platform, invocation, command, given)) as Outcome;
  const demand: ApplyDemand = { given, only, dry: command === 'plan' };
  return (await ask(platform, invocation, 'apply', demand)) as Outcome;
}

/** One block for each kind of change, and one for what did not come about. */
export function describePlan(plan: Plan, remarks: readonly string[] = []): string {
  const blocks = [
    block('IPVS table', plan.table ?? ['the checker does not answer: unknown']),
    block('VRRP', plan.vrrp),
    block('network', plan.network),
    block('filter', plan.filter),
    block('kernel settings', plan.kernel),
    block('tuning', plan.tuning),
    block('board', plan.board),
  ];
  return (blocks.join('') || 'nothing to change\n') + block('BUT', remarks);
}

function block(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map(line => `  ${line}\n`).join('')}`;
}
