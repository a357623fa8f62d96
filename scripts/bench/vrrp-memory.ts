// Memory of the process that speaks VRRP, with one instance and with many: the director's and keepalived's.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { instances } from './failover/config.ts';
import { director, keepalived, type Router, type Software, startRouter } from './failover/router.ts';
import { createSegment, master } from './failover/segment.ts';
import { MASTER_PRIORITY, type Timers } from './failover/timers.ts';
import { type Benchmark, median, type Row, row } from './result.ts';

const RUNS = 3;
const MANY = 64;
/** Milliseconds from the last address that was set: both announce their addresses a second time after 5 s. */
const SETTLE = 8000;
const START_LIMIT = 30_000;
const timers: Timers = { name: 'v3 1 s', version: 3, interval: 1000 };

/** KiB. */
interface Memory {
  readonly vrrp: number;
  readonly all: number;
}

/** The proportional share of a process, in KiB: what it maps alone, and its part of what it shares. */
function share(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss: +(\d+) kB$/m.exec(text)?.[1]);
}

/** How many addresses of the block of virtual addresses the node holds. */
function held(block: string): number {
  const shown = execFileSync('ip', ['-n', master.name, '-o', 'address', 'show', 'dev', 'port', 'to', block]);
  return shown.toString().trim().split('\n').filter(Boolean).length;
}

async function measure(software: Software, count: number): Promise<Memory> {
  const addresses = Array.from({ length: count }, (_, index) => `198.51.100.${index + 1}`);
  const router = startRouter(software, master, instances(timers, MASTER_PRIORITY, addresses));
  try {
    await untilMaster(router, count);
    await sleep(SETTLE);
    const vrrp = software.vrrpProcess(router.process.pid);
    if (vrrp === undefined) throw new Error(`${software.name} has no vrrp process`);
    return {
      vrrp: share(vrrp),
      all: router.processes().reduce((sum, pid) => sum + share(pid), 0),
    };
  } finally {
    await router.kill();
    execFileSync('ip', ['-n', master.name, 'address', 'flush', 'dev', 'port', 'to', '198.51.100.0/24']);
  }
}

async function untilMaster(router: Router, count: number): Promise<void> {
  const limit = Date.now() + START_LIMIT;
  while (held('198.51.100.0/24') < count) {
    if (Date.now() > limit) throw new Error(`${router.software.name}: no master\n${router.process.tail()}`);
    await sleep(200);
  }
}

export const benchmark: Benchmark = {
  name: 'vrrp-memory',
  unit: 'KiB',
  needs: 'director',
  async run(note, { out, runs = RUNS }) {
    const segment = createSegment();
    const ours = director(join(out, 'director'));
    const rows: Row[] = [];
    const each = { ours: [] as number[], peer: [] as number[] };
    for (const count of [1, MANY]) {
      const measured = { ours: [] as Memory[], peer: [] as Memory[] };
      for (let run = 0; run < runs; run++) {
        measured.ours.push(await measure(ours, count));
        measured.peer.push(await measure(keepalived, count));
        note(
          `${count} instances: ${measured.ours.at(-1)?.vrrp}, keepalived ${measured.peer.at(-1)?.vrrp} KiB`,
        );
      }
      const name = count === 1 ? 'one instance' : `${count} instances`;
      for (const [what, key] of [
        ['the vrrp process', 'vrrp'],
        ['all processes', 'all'],
      ] as const) {
        const of = (list: readonly Memory[]) => list.map(memory => memory[key]);
        rows.push(row(`${name}: PSS, ${what}`, of(measured.ours), { peer: of(measured.peer) }));
      }
      each.ours.push(median(measured.ours.map(({ vrrp }) => vrrp)));
      each.peer.push(median(measured.peer.map(({ vrrp }) => vrrp)));
    }
    const further = ([one = 0, many = 0]: readonly number[]) => [(many - one) / (MANY - 1)];
    rows.push(row('each further instance', further(each.ours), { peer: further(each.peer) }));
    segment.remove();
    return rows;
  },
};
