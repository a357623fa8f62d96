// What `director flash` shows of a running director: its report, the budget, who wrote, and what happened.
import { describeBudget } from '../flash/budget.ts';
import { describeFlash, sparkline } from '../flash/describe.ts';
import { type FlashReport, type Knowledge, reportFlash } from '../flash/report.ts';
import { inBytes } from '../flash/words.ts';
import type { BudgetStatus, FlashState, WriterReport } from '../protocol.ts';
import type { GaugePeriod } from '../telemetry/gauges.ts';
import { table } from './table.ts';

/** Rows of what happened. */
const NOTES = 10;

/** What a value was like in a window or on a day. */
export interface GaugeSummary {
  /** Milliseconds since the system started. */
  readonly start: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export interface RunningReport extends FlashReport {
  readonly boot: string | null;
  /** Milliseconds. */
  readonly uptime: number;
  /** The disk that the director is on. */
  readonly card: string | null;
  /** Bytes written in its life; null when its odometer is not known. */
  readonly written: number | null;
  readonly budget: BudgetStatus | null;
  readonly writers: readonly WriterReport[];
  /** `dirty`: bytes that waited to be written. */
  readonly gauges: readonly { readonly name: string; readonly windows: readonly GaugeSummary[] }[];
}

/** The report on what the telemetry process knows. The odometer is that of the director's card, so other disks are forecast without it. */
export function reportRunning(
  state: FlashState,
  known: Omit<Knowledge, 'sizes' | 'readOnly' | 'written'>,
): RunningReport {
  const histories = new Map(state.histories);
  const knowledge = {
    ...known,
    sizes: new Map(state.sizes),
    readOnly: state.readOnly && new Set(state.readOnly),
  };
  const report = reportFlash({ histories }, { ...knowledge, written: null });
  const ours = reportFlash({ histories }, { ...knowledge, written: state.written });
  const { boot, uptime, card, written, budget, writers } = state;
  return {
    boot,
    uptime,
    card,
    written,
    budget,
    devices: report.devices,
    cards: [
      ...ours.cards.filter(each => each.disk === card),
      ...report.cards.filter(each => each.disk !== card),
    ],
    writers,
    gauges: state.gauges.map(([name, { windows, open }]) => ({
      name,
      windows: [...windows, open].map(summary),
    })),
    notes: state.notes.map(({ at, text }) => `${new Date(at).toISOString()}: ${text}`),
  };
}

/** The screen. */
export function describeRunning(report: RunningReport): string {
  const { notes, budget, written, card, writers, gauges } = report;
  const facts = [
    ...(budget === null ? [] : [['budget', describeBudget(budget)]]),
    ...(written === null ? [] : [['odometer', `${inBytes(written)} in the life of ${card}`]]),
    ...gauges.map(({ name, windows }) => [
      name,
      describeGauge(windows, name === 'dirty' ? inBytes : inTenths),
    ]),
  ];
  const shown = notes.slice(0, NOTES);
  const more = notes.length > shown.length ? [`and ${notes.length - shown.length} more`] : [];
  return [
    describeFlash({ ...report, notes: [...shown, ...more] }),
    ...(facts.length === 0 ? [] : [table(facts)]),
    ...(writers.length === 0 ? [] : [`WRITERS\n${table(writers.map(describeWriter))}`]),
  ].join('\n');
}

function describeWriter({ name, pid, file, bytes, at }: WriterReport): string[] {
  return [`  ${name}`, `pid ${pid}`, inBytes(bytes), file ?? '-', new Date(at).toISOString()];
}

function describeGauge(windows: readonly GaugeSummary[], words: (value: number) => string): string {
  const { least, mean, most } = windows.at(-1)!;
  const range = `${words(least)} to ${words(most)}, ${words(mean)} in the mean`;
  return `${range}  ${sparkline(windows.map(({ most }) => most))}`;
}

function inTenths(value: number): string {
  return value.toFixed(1);
}

function summary({ start, least, most, sum, count }: GaugePeriod): GaugeSummary {
  return { start, least, most, mean: sum / count };
}
