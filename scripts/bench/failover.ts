// How long an address stays unanswered when its master fails: the director's binary for the board and Debian's keepalived in turn,
// in the same namespaces and with the same timers.
import { join } from 'node:path';
import { type Fault, faults } from './failover/faults.ts';
import { type Measured, measure } from './failover/measure.ts';
import { compileProbe } from './failover/probe.ts';
import { director, keepalived, type Software } from './failover/router.ts';
import { createSegment } from './failover/segment.ts';
import { allTimers, type Timers } from './failover/timers.ts';
import { type Benchmark, median, type Row, row } from './result.ts';
import { interval } from './statistics.ts';

interface FailoverRow extends Row {
  /** Runs that came to nothing; they make the row fail and are not among `runs`. */
  readonly lost?: { readonly ours: number; readonly peer: number };
}

const RUNS = 15;
/** Milliseconds within which the fastest timers must have the address answered again. */
const FASTEST_LIMIT = 100;
const [, , fastest] = allTimers;

const ratio = (our: number, peer: number) => our / peer;
const difference = (our: number, peer: number) => our - peer;

function compare(
  name: string,
  ours: readonly Measured[],
  peers: readonly Measured[],
  fault: Fault,
): FailoverRow {
  const elapsed = (measured: readonly Measured[]) => measured.map(each => each.elapsed);
  const beyond = (measured: readonly Measured[]) => measured.map(each => each.beyond);
  const ends = interval(elapsed(ours), elapsed(peers), ratio);
  const plain = row(name, elapsed(ours), { peer: elapsed(peers) });
  return {
    ...plain,
    target: fault.target,
    targetOf: 'ratio',
    interval: ends,
    // Not slower, as far as so many runs can tell; twice as fast must be seen in the medians themselves.
    holds: fault.target === 1 ? ends[0] <= 1 : (plain.ratio ?? Number.NaN) <= fault.target,
    beyond: {
      ours: median(beyond(ours)),
      peer: median(beyond(peers)),
      difference: interval(beyond(ours), beyond(peers), difference),
    },
  };
}

export const benchmark: Benchmark = {
  name: 'failover',
  unit: 'ms',
  needs: 'director',
  async run(note, { out, runs = RUNS, only }) {
    const probe = compileProbe();
    const ours = director(join(out, 'director'));
    const segment = createSegment();

    const once = async (software: Software, timers: Timers, fault: Fault, into: Measured[]) => {
      try {
        const measured = await measure(segment, software, timers, fault, probe);
        into.push(measured);
        note(`${timers.name}, ${fault.name}: ${software.name} ${text(measured)}`);
      } catch (error) {
        note(`${timers.name}, ${fault.name}: ${error instanceof Error ? error.message : error}`);
      }
    };

    const rows: FailoverRow[] = [];
    for (const timers of allTimers) {
      for (const fault of faults) {
        const name = `${timers.name}: ${fault.name}`;
        if (only !== undefined && !name.includes(only)) continue;
        const measured = { ours: [] as Measured[], peer: [] as Measured[] };
        for (let run = 0; run < runs; run++) {
          await once(ours, timers, fault, measured.ours);
          await once(keepalived, timers, fault, measured.peer);
        }
        const lost = { ours: runs - measured.ours.length, peer: runs - measured.peer.length };
        if (lost.ours === runs || lost.peer === runs) throw new Error(`${name}: every run came to nothing`);
        const compared = compare(name, measured.ours, measured.peer, fault);
        rows.push(lost.ours > 0 ? { ...compared, lost, holds: false } : { ...compared, lost });
      }
    }
    segment.remove();
    return [...rows, ...slowest(rows)];
  },
};

function text({ elapsed, beyond }: Measured): string {
  return `${elapsed.toFixed(1)} ms, ${beyond.toFixed(1)} beyond the RFC`;
}

/** How the fastest timers do, whatever happens. */
function slowest(rows: readonly FailoverRow[]): Row[] {
  const fast = rows.filter(({ case: name }) => name.startsWith(`${fastest?.name}:`));
  if (fast.length === 0) return [];
  const longest = Math.max(...fast.map(({ ours }) => ours));
  return [row(`${fastest?.name}: longest of these medians`, [longest], { target: FASTEST_LIMIT })];
}
