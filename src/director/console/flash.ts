// director flash: what was written to the card, and how long it lasts at that rate.
import { isSystemError } from '../../platform/platform.ts';
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
import { UsageError } from './arguments.ts';
import { type Command, DONE, type Invocation } from './command.ts';

export const flash: Command = {
  name: 'flash',
  usage: '[--trace FILE] [--card NAME]',
  summary: 'shows what was written to the card since the start (or in FILE) and how long it lasts',
  operands: { least: 0, most: 0 },
  run(platform, invocation) {
    const { files } = platform;
    platform.print(
      showFlash(
        invocation,
        path => files.readText(path),
        disk => askCard(platform, disk),
      ),
    );
    return DONE;
  },
};

/** Text for people, or one line of JSON (test/schemas/flash.json); `ask` gives what a disk says of itself. Throws a UsageError for a wrong trace or an unknown card. */
export function showFlash(
  { trace, card, json }: Pick<Invocation, 'trace' | 'card' | 'json'>,
  read: (path: string) => string,
  ask: (disk: string) => CardFacts | null,
): string {
  const known = {
    card: card === null ? UNKNOWN_CARD : cardOf(card),
    held: null,
    smart: null,
    calibration: null,
    written: null,
  };
  return trace === null ? showKernel(read, ask, known, json) : showTrace(readTrace(trace, read), known, json);
}

type Known = Omit<Knowledge, 'sizes' | 'readOnly'>;

function showKernel(
  read: (path: string) => string,
  ask: (disk: string) => CardFacts | null,
  known: Known,
  json: boolean,
): string {
  const { reading, sizes, readOnly } = readKernel(read);
  const names = reading.devices.map(({ name }) => name);
  const disks = names.filter(name => !isMemory(name) && diskOf(name, names) === null);
  const facts = disks.map(ask).filter(each => each !== null);
  const attributes = new Map(facts.map(each => [each.disk, each.attributes ?? []] as const));
  const report = reportSinceBoot(reading, { ...known, sizes, readOnly, attributes });
  if (json) return line({ source: 'boot', ...report, facts });
  return [describeSinceBoot(report), ...facts.map(describeFacts)].join('\n');
}

function showTrace(trace: Trace, known: Known, json: boolean): string {
  // A trace does not say what was read-only.
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

function cardOf(name: string): CardProfile {
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
