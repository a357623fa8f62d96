// What a benchmark yields: rows of medians, beside a peer and a target where there is one.
import { cpus, release } from 'node:os';

export interface Row {
  readonly case: string;
  /** Median of our runs. */
  readonly ours: number;
  /** Median of the peer's runs; null where there is no peer. */
  readonly peer: number | null;
  /** ours / peer */
  readonly ratio: number | null;
  /** `ours` must not be above it; null where none is set. */
  readonly target: number | null;
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

/** One file in scripts/bench that `npm run bench` knows by its name. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** Runs in the private namespaces of the lab; `note` tells what is being done. */
  run(note: (text: string) => void): Promise<readonly Row[]>;
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
  /** The target is a floor, not a ceiling. */
  readonly atLeast?: boolean;
  readonly unit?: string;
}

/** A row from the values that our runs, and the peer's, gave. */
export function row(name: string, values: readonly number[], options: RowOptions = {}): Row {
  const ours = median(values);
  const peer = options.peer ? median(options.peer) : null;
  const target = options.target ?? null;
  const meets = (limit: number) => (options.atLeast ? ours >= limit : ours <= limit);
  return {
    case: name,
    ours,
    peer,
    ratio: peer === null ? null : ours / peer,
    target,
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
  const text = (value: number | null) => (value === null ? '-' : String(Math.round(value * 100) / 100));
  const verdict = (holds: boolean | null) => (holds === null ? '' : holds ? 'holds' : 'MISSED');
  const table = rows.map(each => [
    each.case,
    text(each.ours),
    each.unit ?? unit,
    text(each.peer),
    text(each.ratio),
    text(each.target),
    verdict(each.holds),
  ]);
  const all = [['CASE', 'OURS', 'UNIT', 'PEER', 'RATIO', 'TARGET', ''], ...table];
  const widths = all[0]?.map((_, column) => Math.max(...all.map(cells => cells[column]?.length ?? 0))) ?? [];
  const lines = all.map(cells =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${name} (${machine})\n${lines.join('\n')}\n`;
}
