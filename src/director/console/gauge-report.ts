// What `director flash` shows of values that go up and down: pages that wait to be written, temperatures, voltages; and what heat means for
// the forecast.
import { sparkline } from '../flash/describe.ts';
import { WINDOWS_A_DAY } from '../flash/history.ts';
import { inBytes } from '../flash/words.ts';
import type { GaugeHistory, GaugePeriod } from '../telemetry/gauges.ts';

/** What a value was like in a window or on a day. */
export interface GaugeSummary {
  /** Milliseconds since the system started. */
  readonly start: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export interface GaugeReport {
  /** `dirty` in bytes, `temperature lm86 temp2` in degrees Celsius, `voltage pc87366 in7` in volts. */
  readonly name: string;
  /** Of four hours, the oldest first; the last goes on. */
  readonly windows: readonly GaugeSummary[];
  /** Those before. */
  readonly days: readonly GaugeSummary[];
}

export function reportGauge([name, { windows, open, days }]: readonly [string, GaugeHistory]): GaugeReport {
  return { name, windows: [...windows, open].map(summary), days: days.map(summary) };
}

/** What it is and was since it is followed, with a mark for each day and each window. */
export function describeGauge({ name, windows, days }: GaugeReport): string {
  const { least, mean, most } = rangeOf({ windows, days });
  const range =
    name === 'dirty'
      ? `${inBytes(least)} to ${inBytes(most)}, ${inBytes(mean)} in the mean`
      : inUnit({ least, mean, most }, name.startsWith(TEMPERATURE) ? 'C' : 'V');
  // No bytes are nothing; degrees and volts are shown from a little below the least to the most.
  const from = name === 'dirty' ? 0 : least - (most - least || 1) / 8;
  const line = sparkline([...days, ...windows].map(each => each.most - from));
  return `${range}  ${line}`;
}

const TEMPERATURE = 'temperature ';
/** Degrees Celsius around them that commercial CompactFlash is made for (data sheets). */
const MADE_FOR = 70;

/** What the hottest sensor says to the forecast of a card; null: no temperature is known. */
export function heatReason(gauges: readonly GaugeReport[]): string | null {
  const [hottest] = gauges
    .filter(({ name }) => name.startsWith(TEMPERATURE))
    .map(({ name, windows, days }) => ({
      sensor: name.slice(TEMPERATURE.length),
      ...rangeOf({ windows, days }),
    }))
    .sort((a, b) => b.most - a.most);
  if (hottest === undefined) return null;
  const { sensor, least, mean, most } = hottest;
  const degrees = [least, most, mean].map(each => Math.round(each));
  const range = `heat: ${sensor} at ${degrees[0]} to ${degrees[1]} C, ${degrees[2]} in the mean`;
  return most > MADE_FOR
    ? `${range}: above the ${MADE_FOR} C that commercial cards are made for, so it may fail before it is worn`
    : `${range}; commercial cards are made for up to ${MADE_FOR} C around them`;
}

type Values = Omit<GaugeSummary, 'start'>;

function rangeOf({ windows, days }: Omit<GaugeReport, 'name'>): Values {
  const periods = [...days, ...windows];
  const sum = (summaries: readonly GaugeSummary[]) => summaries.reduce((total, { mean }) => total + mean, 0);
  return {
    least: Math.min(...periods.map(each => each.least)),
    mean: (WINDOWS_A_DAY * sum(days) + sum(windows)) / (WINDOWS_A_DAY * days.length + windows.length),
    most: Math.max(...periods.map(each => each.most)),
  };
}

function inUnit({ least, mean, most }: Values, unit: 'C' | 'V'): string {
  const [from, middle, to] = [least, mean, most].map(each => each.toFixed(unit === 'C' ? 1 : 2));
  return `${from} to ${to} ${unit}, ${middle} in the mean`;
}

function summary({ start, least, most, sum, count }: GaugePeriod): GaugeSummary {
  return { start, least, most, mean: sum / count };
}
