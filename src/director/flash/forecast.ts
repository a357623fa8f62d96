// How long a card lasts at the rate at which it is written now: an interval, never one number, with the reasons in words.
import { cycleBytes, type Usage } from './capacity.ts';
import type { CardProfile, Range } from './card.ts';
import { SECTOR_BYTES } from './counters.ts';
import { DAY, type History, WINDOW } from './history.ts';
import { ENOUGH_PERIODS, type Rate, rateOf } from './rate.ts';
import { type SmartWear, usedBySmart } from './smart.ts';
import { inBytes, inDays, inPercent, inRange, inSpan, inThousands, plural } from './words.ts';

export interface ForecastInput {
  /** With the card's own capacity, where the kernel tells it (`withCapacity`). */
  readonly card: CardProfile;
  /** Of the whole disk. */
  readonly history: History;
  /** What was written, unannounced, to it or to partitions of it that nothing may write to. */
  readonly forbidden: readonly ForbiddenWrite[];
  readonly held: Usage['held'];
  readonly calibration: Usage['calibration'];
  readonly smart: SmartWear | null;
  /** Bytes written in the card's life, as far as the odometer goes; null without one. */
  readonly written: number | null;
}

/** Sectors written to a device that nothing may write to, such as one that is read-only. */
export interface ForbiddenWrite {
  readonly name: string;
  readonly sectors: number;
}

export interface Interval {
  readonly kind: 'interval';
  /** Days that are left. `most` is Infinity when the rate may be 0. */
  readonly life: Range;
  /** Bytes written in a day. */
  readonly daily: Range;
  readonly amplification: Range;
  /** Part of its rated life that is used up; null when neither odometer nor card tells. */
  readonly used: Range | null;
  /** Days that one block lasts which takes all these writes: what a card without levelling has. */
  readonly hotBlock: Range;
  readonly reasons: readonly string[];
}

export type Forecast =
  | Interval
  /** Something writes that must not: that has to end, and no rate of it means anything. */
  | { readonly kind: 'alarm'; readonly reasons: readonly string[] }
  /** Nothing was written. */
  | { readonly kind: 'idle'; readonly reasons: readonly string[] }
  | { readonly kind: 'unobserved'; readonly reasons: readonly string[] };

/** The forecast for one card. */
export function forecast(input: ForecastInput): Forecast {
  const { card, history, forbidden } = input;
  if (forbidden.length > 0) return { kind: 'alarm', reasons: forbidden.map(describeForbidden) };
  const rate = rateOf(history);
  if (rate === null) return { kind: 'unobserved', reasons: ['nothing was observed yet'] };
  const { total } = rate;
  if (total.sectorsWritten === 0) {
    const quiet = `nothing was written in ${inSpan(total.observed)}`;
    return { kind: 'idle', reasons: [quiet, 'what does not wear by writing still ages, and fails of heat'] };
  }
  // A counter of requests that fell behind, as over a reboot, is no reason to divide by 0.
  const writes = Math.max(1, total.writes);
  const meanWrite = (total.sectorsWritten * SECTOR_BYTES) / writes;
  const cycle = cycleBytes(card, { meanWrite, held: input.held, calibration: input.calibration });
  const used = usedPart(input, cycle.bytes);
  const left = { least: 1 - Math.min(1, used?.most ?? 0), most: 1 - Math.min(1, used?.least ?? 0) };
  const every = total.observed / writes;
  const hotBlock = { least: (card.cycles.least * every) / DAY, most: (card.cycles.most * every) / DAY };
  const { daily } = rate;
  return {
    kind: 'interval',
    life: {
      least: (cycle.bytes.least * card.cycles.least * left.least) / daily.most,
      most: (cycle.bytes.most * card.cycles.most * left.most) / daily.least,
    },
    daily,
    amplification: cycle.amplification,
    used,
    hotBlock,
    reasons: [
      ...describeRate(rate),
      ...cycle.reasons,
      `${inRange(card.cycles, inThousands)} cycles: ${card.description} (${card.source})`,
      describeHotBlock(every, hotBlock),
      ...(used === null ? [] : [describeUsed(input, used)]),
    ],
  };
}

function usedPart({ card, smart, written }: ForecastInput, cycle: Range): Range | null {
  const byCard = smart === null ? null : usedBySmart(card, smart);
  if (byCard !== null || written === null) return byCard;
  return {
    least: written / (cycle.most * card.cycles.most),
    most: written / (cycle.least * card.cycles.least),
  };
}

function describeForbidden({ name, sectors }: ForbiddenWrite): string {
  const verb = sectors === 1 ? 'was' : 'were';
  return `${plural(sectors, 'sector')} ${verb} written to ${name}, which nothing may write to: find what does that before it is worth a forecast`;
}

function describeRate(rate: Rate): string[] {
  const { daily, mean, basis, periods, days, total } = rate;
  const range = `${inRange(daily, inBytes)} written a day, ${inBytes(mean)} in the mean`;
  const windows = periods - days;
  const seen = [
    ...(days > 0 ? [plural(days, 'day')] : []),
    ...(windows > 0 || days === 0 ? [plural(windows, 'window')] : []),
  ].join(' and ');
  if (basis === 'periods') return [`${range}: nine tenths of ${seen} are within`];
  // All since the system started.
  if (total.readings === 1 && (periods === 0 || total.observed > WINDOW)) {
    const one = `one reading is one window, of ${inSpan(total.observed)}`;
    return [`${range}: ${one}, so the range is that of one burst of writes by chance`];
  }
  const none =
    total.observed < WINDOW
      ? 'not one window of 4 hours is over'
      : 'no window of 4 hours was observed by itself';
  const few = periods === 0 ? none : `only ${seen} of 4 hours`;
  return [
    `${range}: ${few}, so the range is that of ${plural(total.bursts, 'burst')} of writes in ${inSpan(total.observed)} by chance`,
    `${ENOUGH_PERIODS} windows make a day: until then this may be the quiet or the busy part of one`,
  ];
}

function describeHotBlock(every: number, life: Range): string {
  return `hot block: one that takes all these writes, one every ${inSpan(every)}, lasts ${inRange(life, inDays)} without levelling`;
}

function describeUsed({ smart, card }: ForecastInput, used: Range): string {
  const by =
    smart !== null && usedBySmart(card, smart) !== null ? 'by what the card says' : 'by the odometer';
  const over = used.most >= 1 ? ': it may be beyond what it is rated for' : '';
  return `${inRange(used, inPercent)} of its life is used ${by}${over}`;
}
