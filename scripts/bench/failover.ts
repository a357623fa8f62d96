// How long an address stays unanswered when its master fails: the director's binary for the board and Debian's keepalived in turn,
// in the same namespaces and with the same timers.
import { join } from 'node:path';
import { type Fault, faults } from './failover/faults.ts';
import { GIVE_UP, type Measured, measure } from './failover/measure.ts';
import { compileProbe } from './failover/probe.ts';
import { director, keepalived, type Software } from './failover/router.ts';
import { createSegment } from './failover/segment.ts';
import { allTimers, type Timers } from './failover/timers.ts';
import { type Benchmark, median, type Row, row } from './result.ts';
import { interval } from './statistics.ts';

interface FailoverRow extends Row {
  /** Runs in which nobody answered, or the pair did not even come up: they count as the longest that was waited. */
  readonly lost: { readonly ours: number; readonly peer: number };
}

/** What the runs of a case came to; null for one that came to nothing. */
type Runs = (Measured | null)[];

const RUNS = 15;
/** Milliseconds within which the fastest timers must have the address answered again. */
const FASTEST_LIMIT = 100;
const [, , fastest] = allTimers;

const ratio = (our: number, peer: number) => our / peer;
const difference = (our: number, peer: number) => our - peer;

function caseName(timers: Timers, fault: Fault): string {
  return `${timers.name}: ${fault.name}`;
}

function compare(timers: Timers, fault: Fault, ours: Runs, peers: Runs): FailoverRow {
  const longest = { elapsed: fault.due(timers, 0) + GIVE_UP, beyond: GIVE_UP };
  const elapsed = (runs: Runs) => runs.map(each => (each ?? longest).elapsed);
  const beyond = (runs: Runs) => runs.map(each => (each ?? longest).beyond);
  const lost = (runs: Runs) => runs.filter(each => each === null).length;
  const ends = interval(elapsed(ours), elapsed(peers), ratio);
  const plain = row(caseName(timers, fault), elapsed(ours), { peer: elapsed(peers) });
  // Not slower, as far as so many runs can tell; twice as fast must be seen in the medians themselves.
  const fast = fault.target === 1 ? ends[0] <= 1 : (plain.ratio ?? Number.NaN) <= fault.target;
  return {
    ...plain,
    target: fault.target,
    targetOf: 'ratio',
    interval: ends,
    holds: fast && lost(ours) === 0,
    lost: { ours: lost(ours), peer: lost(peers) },
    beyond: {
      ours: median(beyond(ours)),
      peer: median(beyond(peers)),
      difference: interval(beyond(ours), beyond(peers), difference),
    },
  };
}

/** How the fastest timers do, whatever happens. */
function slowest(rows: readonly FailoverRow[]): Row[] {
  const fast = rows.filter(({ case: name }) => name.startsWith(`${fastest?.name}:`));
  if (fast.length === 0) return [];
  const longest = Math.max(...fast.map(({ ours }) => ours));
  return [row(`${fastest?.name}: longest of these medians`, [longest], { target: FASTEST_LIMIT })];
}

export const benchmark: Benchmark = {
  name: 'failover',
  unit: 'ms',
  needs: 'director',
  async run(note, { out, runs = RUNS, only }) {
    const probe = compileProbe();
    const ours = director(join(out, 'director'));
    const segment = createSegment();

    const once = async (software: Software, timers: Timers, fault: Fault): Promise<Measured | null> => {
      const tell = (what: string) => note(`${caseName(timers, fault)}: ${software.name} ${what}`);
      try {
        const measured = await measure(segment, software, timers, fault, probe);
        tell(`${measured.elapsed.toFixed(1)} ms, ${measured.beyond.toFixed(1)} beyond the RFC`);
        return measured;
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        return null;
      }
    };

    const rows: FailoverRow[] = [];
    for (const timers of allTimers) {
      for (const fault of faults) {
        if (only !== undefined && !caseName(timers, fault).includes(only)) continue;
        const measured = { ours: [] as Runs, peer: [] as Runs };
        for (let run = 0; run < runs; run++) {
          measured.ours.push(await once(ours, timers, fault));
          measured.peer.push(await once(keepalived, timers, fault));
        }
        rows.push(compare(timers, fault, measured.ours, measured.peer));
      }
    }
    segment.remove();
    return [...rows, ...slowest(rows)];
  },
};
