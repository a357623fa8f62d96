// director flash: what was written to the card, and how long it lasts at that rate.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { nearest } from '../config/nearest.ts';
import { askCard, type CardFacts } from '../flash/ata.ts';
import type { CardProfile } from '../flash/card.ts';
import { CounterSyntaxError, diskOf, isMemory } from '../flash/counters.ts';
import { describeFlash, describeSinceBoot } from '../flash/describe.ts';
import { describeFacts } from '../flash/describe-card.ts';
import { readKernel } from '../flash/kernel.ts';
import { SHIPPED_CARDS, shippedCard, UNKNOWN_CARD } from '../flash/profiles.ts';
import { type Knowledge, reportTrace } from '../flash/report.ts';
import { reportSinceBoot } from '../flash/since-boot.ts';
import { parseTrace, type Trace } from '../flash/trace.ts';
import type { FlashState } from '../protocol.ts';
import { isRunning } from '../supervisor/lock.ts';
import { UsageError } from './arguments.ts';
import { ask } from './ask.ts';
import { type Command, DONE, type Invocation } from './command.ts';
import { describeRunning, reportRunning } from './flash-report.ts';

/** Milliseconds between two times that it is shown: the telemetry process looks as often. */
const INTERVAL = 5000;
/** The place where a screen begins, and all below it empty (ECMA-48, CUP and ED). */
const CLEAR = '\x1b[H\x1b[J';

export const flash: Command = {
  name: 'flash',
  usage: '[--watch] [--trace FILE] [--card NAME]',
  summary: 'shows what was written to the card (or in FILE) and how long it lasts',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    if (invocation.watch && invocation.trace !== null) {
      throw new UsageError('--watch shows what happens now, --trace what was recorded: take one of them');
    }
    const card = askOnce(platform, invocation);
    if (!invocation.watch) {
      platform.print(await show(platform, invocation, card));
      return DONE;
    }
    for (let isFirst = true; ; isFirst = false) {
      const text = await show(platform, invocation, card).catch((error: Error) => {
        if (isFirst) throw error;
        return missing(platform, invocation, error);
      });
      try {
        if (text !== null) platform.print(invocation.json ? text : `${CLEAR}${text}`);
      } catch (error) {
        // `director flash --watch | head`
        if (!isSystemError(error, 'EPIPE')) throw error;
        return DONE;
      }
      await new Promise<void>(resolve => platform.after(INTERVAL, resolve));
    }
  },
};

/** Who is watched may be started again: it is looked at again. What a program reads has no line for it. */
function missing(platform: Platform, { json }: Invocation, { message }: Error): string | null {
  if (!json) return `director: ${message}\n`;
  platform.printError(`director: ${message}\n`);
  return null;
}

/** What the card says of itself, or why it is not asked. */
interface Asked {
  readonly facts: readonly CardFacts[];
  readonly trouble: string | null;
}

/**
 * Asks the card the first time, as it says the same for hours. The running director is asked before whether it answers: a card that
 * hangs would keep this process in the kernel for minutes.
 */
function askOnce(platform: Platform, invocation: Invocation): (disks: readonly string[]) => Promise<Asked> {
  let asked: Promise<Asked> | null = null;
  const look = async (disks: readonly string[]): Promise<Asked> => {
    if (disks.length === 0) return { facts: [], trouble: null };
    const trouble = await ask(platform, invocation, 'card').then(
      () => null,
      error => (error instanceof Error ? error.message : String(error)),
    );
    return { facts: trouble === null ? askDisks(disks, disk => askCard(platform, disk)) : [], trouble };
  };
  return disks => {
    asked ??= look(disks);
    return asked;
  };
}

/** What the running director knows; without one, what the kernel has counted since it started. */
async function show(
  platform: Platform,
  invocation: Invocation,
  card: ReturnType<typeof askOnce>,
): Promise<string> {
  const { trace, json, runDirectory } = invocation;
  if (trace !== null || !isRunning(platform, runDirectory)) {
    return showFlash(
      invocation,
      path => platform.files.readText(path),
      disk => askCard(platform, disk),
    );
  }
  const state = (await ask(platform, invocation, 'flash')) as FlashState;
  // The configuration's own card is known by its name too.
  const given = invocation.card === state.profile?.name ? null : givenCard(invocation);
  const { facts, trouble } = await card(state.histories.map(([name]) => name));
  const known = { ...knownOf(given ?? state.profile), attributes: attributesOf(facts) };
  const report = reportRunning(state, known);
  if (json) return line({ source: 'director', ...report, facts });
  const silent = trouble === null ? [] : [`the card was not asked what it says of itself\n  ${trouble}\n`];
  return [describeRunning(report), ...facts.map(describeFacts), ...silent].join('\n');
}

/**
 * Text for people, or one line of JSON (test/schemas/flash.json); `ask` gives what a disk says of itself. Throws a UsageError for a wrong
 * trace or an unknown card.
 */
export function showFlash(
  invocation: Pick<Invocation, 'trace' | 'card' | 'json'>,
  read: (path: string) => string,
  ask: (disk: string) => CardFacts | null,
): string {
  const { trace, json } = invocation;
  const known = knownOf(givenCard(invocation));
  return trace === null ? showKernel(read, ask, known, json) : showTrace(readTrace(trace, read), known, json);
}

type Known = Omit<Knowledge, 'sizes' | 'readOnly'>;

function knownOf(card: CardProfile | null): Known {
  return { card: card ?? UNKNOWN_CARD, held: null, smart: null, calibration: null, written: null };
}

function askDisks(names: readonly string[], ask: (disk: string) => CardFacts | null): CardFacts[] {
  const disks = names.filter(name => !isMemory(name) && diskOf(name, names) === null);
  return disks.map(ask).filter(each => each !== null);
}

function attributesOf(facts: readonly CardFacts[]): NonNullable<Knowledge['attributes']> {
  return new Map(facts.map(({ disk, attributes }) => [disk, attributes ?? []]));
}

function showKernel(
  read: (path: string) => string,
  ask: (disk: string) => CardFacts | null,
  known: Known,
  json: boolean,
): string {
  const { reading, sizes, readOnly } = readKernel(read);
  const facts = askDisks(
    reading.devices.map(({ name }) => name),
    ask,
  );
  const report = reportSinceBoot(reading, { ...known, sizes, readOnly, attributes: attributesOf(facts) });
  if (json) return line({ source: 'boot', ...report, facts });
  return [describeSinceBoot(report), ...facts.map(describeFacts)].join('\n');
}

function showTrace(trace: Trace, known: Known, json: boolean): string {
  const report = reportTrace(trace, { ...known, readOnly: null });
  return json ? line({ source: 'trace', readings: trace.readings.length, ...report }) : describeFlash(report);
}

function readTrace(path: string, read: (path: string) => string): Trace {
  try {
    return parseTrace(read(path));
  } catch (error) {
    if (error instanceof CounterSyntaxError) throw new UsageError(`${path}: ${error.message}`);
    if (isSystemError(error)) throw new UsageError(`cannot read ${path}: ${error.message}`);
    throw error;
  }
}

/** Null without `--card`. */
function givenCard({ card: name }: Pick<Invocation, 'card'>): CardProfile | null {
  if (name === null) return null;
  const card = shippedCard(name);
  if (card !== null) return card;
  const names = SHIPPED_CARDS.map(each => each.name);
  const likely = nearest(name, names);
  const hint = likely === null ? '' : `did you mean ${likely}? `;
  throw new UsageError(`unknown card "${name}": ${hint}There are ${names.join(', ')}`);
}

function line(answer: object): string {
  return `${JSON.stringify({ version: 1, ...answer })}\n`;
}
