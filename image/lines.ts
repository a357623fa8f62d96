// Where each line of the bundle comes from, as the small table that src/host/lines.c reads for stack traces; made from esbuild's
// source map (ECMA-426).

/** What is used of a source map. */
export interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** A stretch of bundle lines whose source lines follow each other too. Lines count from 1. */
interface Run {
  readonly line: number;
  count: number;
  readonly source: number;
  readonly sourceLine: number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of one segment: base64 digits of five bits each, lowest first, the sign in the lowest bit of all. */
function decodeSegment(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = BASE64.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

/** One run list for the map; of each bundle line the first place that has a source counts. */
function findRuns(map: SourceMap): Run[] {
  const runs: Run[] = [];
  let source = 0;
  let sourceLine = 1;
  for (const [index, text] of map.mappings.split(';').entries()) {
    let found = false;
    for (const segment of text.split(',')) {
      const [, sourceStep, lineStep] = decodeSegment(segment);
      if (sourceStep === undefined || lineStep === undefined) continue;
      source += sourceStep;
      sourceLine += lineStep;
      if (found) continue;
      found = true;
      const last = runs.at(-1);
      const follows =
        last &&
        last.source === source &&
        last.line + last.count === index + 1 &&
        last.sourceLine + last.count === sourceLine;
      if (follows) last.count++;
      else runs.push({ line: index + 1, count: 1, source, sourceLine });
    }
  }
  return runs;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}

/** The table; its format stands in src/host/lines.c. */
export function lineTable(map: SourceMap): Uint8Array {
  const names = map.sources.map(name => `${name}\0`).join('');
  const bytes = [...new TextEncoder().encode(`${names}\0`)];
  let next = 1;
  for (const run of findRuns(map)) {
    pushVarint(bytes, run.line - next);
    pushVarint(bytes, run.count);
    pushVarint(bytes, run.source);
    pushVarint(bytes, run.sourceLine);
    next = run.line + run.count;
  }
  return Uint8Array.from(bytes);
}
