// What a benchmark yields: rows of medians, beside a peer and a target where there is one.
import { cpus, release } from 'node:os';
import type { Context } from '../../image/step.ts';
import type { Interval } from './statistics.ts';

/** Medians of the time beyond what a standard grants, and the 95 % interval of their difference. */
export interface Beyond {
  readonly ours: number;
  readonly peer: number;
  readonly difference: Interval;
}

export interface Row {
  readonly case: string;
  /** Median of our runs. */
  readonly ours: number;
  /** Median of the peer's runs; null where there is no peer. */
  readonly peer: number | null;
  /** ours / peer */
  readonly ratio: number | null;
  /** 95 % interval of the ratio, where it was computed. */
  readonly interval?: Interval;
  /** `ours` must not be above it, or the ratio where `targetOf` says so; null where none is set. */
  readonly target: number | null;
  readonly targetOf?: 'ratio';
  readonly beyond?: Beyond;
  readonly holds: boolean | null;
  readonly runs: number;
  readonly minimum: number;
  readonly maximum: number;
  /** When it differs from the benchmark's. */
  readonly unit?: string;
}

export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly machine: string;
  readonly rows: readonly Row[];
}

export interface BenchmarkOptions {
  /** Folder with the images and the director; below it results go. */
  readonly out: string;
  /** How often each case is measured, where that can be chosen. */
  readonly runs?: number;
  /** Only the cases whose name contains this, where there are several. */
  readonly only?: string;
}

/** One file in scripts/bench that `npm run bench` knows by its name. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** What is built before it runs: the image of the net4801 (and the director with it), or the director's binary only. */
  readonly needs: 'image' | 'director';
  /** Builds what else it needs, where there is a network to fetch it from. */
  prepare?(context: Context): Promise<unknown>;
  /** Runs in the private namespaces of the lab; `note` tells what is being done. */
  run(note: (text: string) => void, options: BenchmarkOptions): Promise<readonly Row[]>;
}

/** The middle of the values, the mean of the two middle ones for an even count. Needs one at least. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('no measured value');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

export interface RowOptions {
  readonly peer?: readonly number[];
  readonly target?: number;
  /** The target is one of the ratio. */
  readonly targetOf?: 'ratio';
  /** The target is a floor, not a ceiling. */
  readonly atLeast?: boolean;
  readonly unit?: string;
}

/** A row from the values that our runs, and the peer's, gave. */
export function row(name: string, values: readonly number[], options: RowOptions = {}): Row {
  const ours = median(values);
  const peer = options.peer ? median(options.peer) : null;
  const target = options.target ?? null;
  const ratio = peer === null ? null : ours / peer;
  const judged = options.targetOf === 'ratio' ? (ratio ?? Number.NaN) : ours;
  const meets = (limit: number) => (options.atLeast ? judged >= limit : judged <= limit);
  return {
    case: name,
    ours,
    peer,
    ratio,
    target,
    ...(options.targetOf ? { targetOf: options.targetOf } : {}),
    holds: target === null ? null : meets(target),
    runs: values.length,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    ...(options.unit ? { unit: options.unit } : {}),
  };
}

/** This machine in a line. */
export function machine(): string {
  const all = cpus();
  return `${all.length} x ${all[0]?.model ?? 'unknown processor'}, Linux ${release()}`;
}

/** The result for people. */
export function describe({ name, unit, machine, rows }: Result): string {
  const text = (value: number | null, digits = 2) =>
    value === null ? '-' : String(Math.round(value * 10 ** digits) / 10 ** digits);
  const range = (ends: Interval | undefined, digits: number) =>
    ends ? ` (${ends.map(end => text(end, digits)).join(' to ')})` : '';
  const verdict = (holds: boolean | null) => (holds === null ? '' : holds ? 'holds' : 'MISSED');
  const table = rows.map(each => [
    each.case,
    text(each.ours),
    each.unit ?? unit,
    text(each.peer),
    text(each.ratio, 3) + range(each.interval, 3),
    each.targetOf ? `x ${text(each.target)}` : text(each.target),
    verdict(each.holds),
    each.beyond ? `${text(each.beyond.ours)}, ${text(each.beyond.peer)}` : '',
    each.beyond ? `${text(each.beyond.ours - each.beyond.peer)}${range(each.beyond.difference, 2)}` : '',
  ]);
  const beyond = rows.some(each => each.beyond) ? ['BEYOND: OURS, PEER', 'DIFFERENCE'] : [];
  const all = [['CASE', 'OURS', 'UNIT', 'PEER', 'RATIO', 'TARGET', '', ...beyond], ...table];
  const widths = all[0]?.map((_, column) => Math.max(...all.map(cells => cells[column]?.length ?? 0))) ?? [];
  const lines = all.map(cells =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${name} (${machine})\n${lines.join('\n')}\n`;
}
