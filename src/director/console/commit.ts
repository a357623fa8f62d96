// director commit: puts a configuration in force and writes it to the card; or in force only, until it is confirmed.
import type { Platform } from '../../platform/platform.ts';
import { type Loaded, loadConfig } from '../config/load.ts';
import type { CommitAnswer, CommitDemand } from '../control/commits.ts';
import type { DirectorStatus } from '../control/status.ts';
import { MAXIMUM_TEXT } from '../flash/store.ts';
import { configReader } from '../read-config.ts';
import { UsageError } from './arguments.ts';
import { ask } from './ask.ts';
import { type Command, DONE, type Invocation, WRONG_INPUT } from './command.ts';
import { readErasures } from './erasures.ts';
import { describePlan } from './plan.ts';
import { describeProblem } from './problems.ts';
import { duration } from './table.ts';

const MINUTE = 60_000;
/** Minutes: the longest that a trial may last. */
const LONGEST_TRIAL = 24 * 60;

export const commit: Command = {
  name: 'commit',
  usage: '[FILE] [--comment TEXT] [--confirmed MINUTES] [--over-budget]',
  summary: 'puts FILE in force and keeps it on the card; --confirmed: only if director confirm follows',
  operands: { least: 0, most: 1 },
  async run(platform, invocation) {
    const file = invocation.operands[0] ?? (await ownFile(platform, invocation));
    const content = platform.files.read(file);
    return proposeCommit(platform, invocation, { file, content, comment: invocation.comment ?? '' });
  },
};

export interface Proposal {
  /** What it is called where it is wrong. */
  readonly file: string;
  readonly content: Uint8Array;
  readonly comment: string;
}

/** Reads a configuration, has the director put it in force and keep it, and tells what came of it. Returns the exit status. */
export async function proposeCommit(
  platform: Platform,
  invocation: Invocation,
  { file, content, comment }: Proposal,
): Promise<number> {
  const confirmWithin = trialOf(invocation);
  const { config, problems, included } = readWhole(platform, file, content);
  if (!invocation.json) platform.printError(problems.map(describeProblem).join(''));
  if (config === null) {
    if (invocation.json) platform.print(`${JSON.stringify({ version: 1, accepted: false, problems })}\n`);
    platform.printError('director: the configuration is refused, nothing was changed\n');
    return WRONG_INPUT;
  }
  if (included !== null) {
    throw new UsageError(
      `${file} includes ${included}, which a commit does not take along: write it into ${file}`,
    );
  }
  if (content.length > MAXIMUM_TEXT) throw new UsageError(`${file} has more than ${MAXIMUM_TEXT} bytes`);
  const text = charactersOf(content);
  const { overBudget } = invocation;
  const erased = await readErasures(platform, invocation, config);
  const demand: CommitDemand = {
    running: { file, config },
    text,
    comment,
    confirmWithin,
    overBudget,
    erased,
  };
  const answer = (await ask(platform, invocation, 'commit', demand)) as CommitAnswer;
  if (invocation.json)
    platform.print(`${JSON.stringify({ version: 1, accepted: true, problems, ...answer })}\n`);
  else platform.print(describeAnswer(answer));
  return DONE;
}

/** What was changed, and what became of the card. */
export function describeAnswer({ outcome, committed, confirmWithin, boot }: CommitAnswer): string {
  const plan = outcome?.accepted ? describePlan(outcome.plan, outcome.remarks) : '';
  if (confirmWithin !== null) {
    const time = duration(confirmWithin);
    return `${plan}in force for ${time}: director confirm keeps it, else what was before comes back\n`;
  }
  if (committed === null) return plan;
  const { sequence, device, copy, sectors } = committed;
  const card =
    sectors === 0
      ? `${plan}the card holds it already as commit ${sequence}: nothing was written\n`
      : `${plan}commit ${sequence} is on the card: copy ${copy} on ${device}, ${sectors} sectors written\n`;
  return boot === undefined ? card : `${card}${boot}\n`;
}

/** Milliseconds; null without `--confirmed`. */
function trialOf({ confirmed }: Invocation): number | null {
  if (confirmed === null) return null;
  const minutes = Number(confirmed);
  if (minutes > 0 && minutes <= LONGEST_TRIAL) return minutes * MINUTE;
  throw new UsageError(`--confirmed takes minutes, up to ${LONGEST_TRIAL}`);
}

async function ownFile(platform: Platform, invocation: Invocation): Promise<string> {
  return ((await ask(platform, invocation, 'status')) as DirectorStatus).configFile;
}

/** `included`: the first file that it includes, or null. */
function readWhole(
  platform: Platform,
  file: string,
  content: Uint8Array,
): Loaded & { readonly included: string | null } {
  const reader = configReader(platform, null);
  let included: string | null = null;
  const read = (path: string) => {
    if (path === file) return new TextDecoder().decode(content);
    included ??= path;
    return reader.read(path);
  };
  return { ...loadConfig(file, { ...reader, read }), included };
}

/** Bytes as characters of the same number. */
function charactersOf(content: Uint8Array): string {
  let text = '';
  for (const byte of content) text += String.fromCharCode(byte);
  return text;
}
