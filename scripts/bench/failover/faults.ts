// What happens to the master, and what the RFC then grants the backup.
import { killAll, type Router } from './router.ts';
import { master, type Segment } from './segment.ts';
import { downInterval, skewTime, type Timers } from './timers.ts';

export interface Fault {
  readonly name: string;
  strike(router: Router, segment: Segment): void;
  /** Milliseconds that the RFC lets pass from the fault, which comes `phase` ms after an advertisement. */
  due(timers: Timers, phase: number): number;
  /** Our time may be so many times keepalived's. */
  readonly target: number;
}

const silence = (timers: Timers, phase: number) => downInterval(timers) - phase;

export const faults: readonly Fault[] = [
  {
    name: 'node dies',
    strike(router, segment) {
      segment.setCable(master, false);
      killAll(router.processes());
    },
    due: silence,
    target: 1,
  },
  {
    name: 'SIGTERM',
    strike: router => void process.kill(router.process.pid, 'SIGTERM'),
    due: skewTime,
    target: 1,
  },
  {
    name: 'vrrp process dies',
    strike(router) {
      const pid = router.software.vrrpProcess(router.process.pid);
      if (pid === undefined) throw new Error(`${router.software.name} has no vrrp process`);
      process.kill(pid, 'SIGKILL');
    },
    due: silence,
    target: 0.5,
  },
  { name: 'all processes die', strike: router => killAll(router.processes()), due: silence, target: 1 },
  {
    name: 'link down',
    strike: (_, segment) => segment.setCable(master, false),
    due: silence,
    target: 1,
  },
];
