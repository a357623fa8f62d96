// What `director flash` shows of values that go up and down: pages that wait to be written, temperatures, voltages; and what heat means for
// the forecast.
import { sparkline } from '../flash/describe.ts';
import { WINDOWS_A_DAY } from '../flash/history.ts';
import { inBytes, inRange } from '../flash/words.ts';
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
  const [words, unit] = UNITS[name.split(' ')[0]!] ?? [String, ''];
  const range = `${inRange({ least, most }, words)}${unit}, ${words(mean)} in the mean`;
  // No bytes are nothing; degrees and volts are shown from a little below the least to the most.
  const from = name === 'dirty' ? 0 : least - (most - least || 1) / 8;
  const line = sparkline([...days, ...windows].map(each => each.most - from));
  return `${range}  ${line}`;
}

/** By the first word of its name: how a value is written, and what follows a range of them. */
const UNITS: Readonly<Record<string, readonly [words: (value: number) => string, unit: string]>> = {
  dirty: [inBytes, ''],
  temperature: [value => value.toFixed(1), ' C'],
  voltage: [value => value.toFixed(2), ' V'],
};

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
  const whole = (celsius: number) => String(Math.round(celsius));
  const range = `heat: ${sensor} at ${inRange({ least, most }, whole)} C, ${whole(mean)} in the mean`;
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

function summary({ start, least, most, sum, count }: GaugePeriod): GaugeSummary {
  return { start, least, most, mean: sum / count };
}
