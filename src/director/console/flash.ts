// director flash: what was written to the card, and how long it lasts at that rate.
import { isSystemError } from '../../platform/platform.ts';
import { nearest } from '../config/nearest.ts';
import type { CardProfile } from '../flash/card.ts';
import { CounterSyntaxError } from '../flash/counters.ts';
import { describeFlash, describeSinceBoot } from '../flash/describe.ts';
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
  run({ files, print }, invocation) {
    print(showFlash(invocation, path => files.readText(path)));
    return DONE;
  },
};

/** Text for people, or one line of JSON (test/schemas/flash.json). Throws a UsageError for a wrong trace or an unknown card. */
export function showFlash(
  { trace, card, json }: Pick<Invocation, 'trace' | 'card' | 'json'>,
  read: (path: string) => string,
): string {
  const known = {
    card: card === null ? UNKNOWN_CARD : cardOf(card),
    held: null,
    smart: null,
    calibration: null,
    written: null,
  };
  return trace === null ? showKernel(read, known, json) : showTrace(readTrace(trace, read), known, json);
}

type Known = Omit<Knowledge, 'sizes' | 'readOnly'>;

function showKernel(read: (path: string) => string, known: Known, json: boolean): string {
  const { reading, sizes, readOnly } = readKernel(read);
  const report = reportSinceBoot(reading, { ...known, sizes, readOnly });
  return json ? line({ source: 'boot', ...report }) : describeSinceBoot(report);
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
