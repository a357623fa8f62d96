// What `director flash` shows of a running director: its report, the budget, heat, who wrote, and what happened.
import { describeBudget } from '../flash/budget.ts';
import { withCapacity } from '../flash/card.ts';
import { SECTOR_BYTES } from '../flash/counters.ts';
import { describeFlash } from '../flash/describe.ts';
import { type CardReport, type FlashReport, type Knowledge, reportFlash } from '../flash/report.ts';
import { type Calibration, calibrate, readSmart, wearOf } from '../flash/smart.ts';
import { inBytes } from '../flash/words.ts';
import type { BudgetStatus, FlashState, WriterReport } from '../protocol.ts';
import { describeGauge, type GaugeReport, heatReason, reportGauge } from './gauge-report.ts';
import { table } from './table.ts';

/** Rows of what happened. */
const NOTES = 10;

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
  readonly gauges: readonly GaugeReport[];
}

/** The report on what the telemetry process knows. The odometer is that of the director's card, so other disks are forecast without it. */
export function reportRunning(
  state: FlashState,
  known: Omit<Knowledge, 'sizes' | 'readOnly' | 'guarded' | 'written' | 'calibration'>,
): RunningReport {
  const histories = new Map(state.histories);
  const knowledge = {
    ...known,
    sizes: new Map(state.sizes),
    readOnly: state.readOnly && new Set(state.readOnly),
    guarded: new Set(state.guarded),
  };
  const report = reportFlash({ histories }, { ...knowledge, written: null, calibration: null });
  const calibration = calibrationOf(state, knowledge);
  const ours = reportFlash({ histories }, { ...knowledge, written: state.written, calibration });
  const { boot, uptime, card, written, budget, writers } = state;
  const gauges = state.gauges.map(reportGauge);
  // All cards of a board are as hot as it.
  const heat = heatReason(gauges);
  const cards = [
    ...ours.cards.filter(each => each.disk === card),
    ...report.cards.filter(each => each.disk !== card),
  ];
  return {
    boot,
    uptime,
    card,
    written,
    budget,
    devices: report.devices,
    cards: heat === null ? cards : cards.map(each => withReason(each, heat)),
    writers,
    gauges,
    notes: state.notes.map(({ at, text }) => `${new Date(at).toISOString()}: ${text}`),
  };
}

/** What the director's card has erased since it was first asked, for what was written since. */
function calibrationOf(
  { card, erased, written }: FlashState,
  { card: profile, attributes, sizes }: Pick<Knowledge, 'card' | 'attributes' | 'sizes'>,
): Calibration | null {
  if (card === null || !erased || written === null) return null;
  const earlier = wearOf(profile, erased);
  const later = readSmart(profile, attributes?.get(card) ?? []);
  if (earlier === null || later === null) return null;
  const size = sizes.get(card);
  return calibrate(
    size === undefined ? profile : withCapacity(profile, size),
    { wear: earlier, written: erased.sectors * SECTOR_BYTES },
    { wear: later, written },
  );
}

/** The screen. */
export function describeRunning(report: RunningReport): string {
  const { notes, budget, written, card, writers, gauges } = report;
  const facts = [
    ...(budget === null ? [] : [['budget', describeBudget(budget)]]),
    ...(written === null ? [] : [['odometer', `${inBytes(written)} in the life of ${card}`]]),
    ...gauges.map(gauge => [gauge.name, describeGauge(gauge)]),
  ];
  const shown = notes.slice(0, NOTES);
  const more = notes.length > shown.length ? [`and ${notes.length - shown.length} more`] : [];
  return [
    describeFlash({ ...report, notes: [...shown, ...more] }),
    ...(facts.length === 0 ? [] : [table(facts)]),
    ...(writers.length === 0 ? [] : [`${table([WRITERS, ...writers.map(describeWriter)])}`]),
  ].join('\n');
}

const WRITERS = ['WRITERS', 'PID', 'WRITTEN', 'OPEN FILE', 'LAST'];

function describeWriter({ name, pid, file, bytes, at }: WriterReport): string[] {
  return [`  ${name}`, String(pid), inBytes(bytes), file ?? '-', new Date(at).toISOString()];
}

function withReason(card: CardReport, reason: string): CardReport {
  const { forecast } = card;
  return { ...card, forecast: { ...forecast, reasons: [...forecast.reasons, reason] } };
}
