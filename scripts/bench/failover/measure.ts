// One failover: two routers of a kind come up, the master is struck, and the client waits for an answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { wallClock } from './clock.ts';
import { instances } from './config.ts';
import type { Fault } from './faults.ts';
import { type Probe, startProbe } from './probe.ts';
import { recovery } from './recovery.ts';
import { type Router, type Software, startRouter } from './router.ts';
import { backup, master, type Segment, VIP } from './segment.ts';
import { BACKUP_PRIORITY, MASTER_PRIORITY, type Timers } from './timers.ts';

/** Milliseconds. */
export interface Measured {
  /** From the fault to the first answer. */
  readonly elapsed: number;
  /** The part of it that the RFC does not ask for; negative when somebody helped. */
  readonly beyond: number;
}

/** The fault comes this part of an interval after an advertisement. */
const PHASE = 0.3;
/** A fault that would be later by more milliseconds waits for the next advertisement. */
const LATE = 0.5;
/** Timers of Node are late by up to so many milliseconds; that much before the moment the waiting becomes a busy one. */
const EARLY = 3;
/** How long a pair gets to agree, and how long nobody may change anything before the fault. */
const START_LIMIT = 15_000;
const CALM = 1000;
/** Nobody answers that long after the RFC's time: nobody will. */
export const GIVE_UP = 5000;

/** Runs one failover; throws when the pair does not come up, or when the address stays unanswered. */
export async function measure(
  segment: Segment,
  software: Software,
  timers: Timers,
  fault: Fault,
  probePath: string,
): Promise<Measured> {
  segment.setCable(master, true);
  segment.clean();
  const first = startRouter(software, master, instances(timers, MASTER_PRIORITY, [VIP]));
  const second = startRouter(software, backup, instances(timers, BACKUP_PRIORITY, [VIP]));
  const probe = startProbe(probePath);
  try {
    await agreement(probe, timers, second);
    const { struck, phase } = await strike(probe, timers, () => fault.strike(first, segment));
    const due = fault.due(timers, phase);
    const limit = struck + due + GIVE_UP;
    for (;;) {
      const reply = recovery(probe.replies, {
        fault: struck,
        interval: timers.interval,
        backup: backup.mac,
      });
      if (reply) return { elapsed: reply.time - struck, beyond: reply.time - struck - due };
      if (Date.now() > limit) throw new Error(`no answer ${Math.round(due + GIVE_UP)} ms after the fault`);
      await probe.news(100);
    }
  } catch (error) {
    const logs = [first, second].map(({ process }) => process.tail()).join('\n---\n');
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`);
  } finally {
    probe.stop();
    await Promise.all([first.kill(), second.kill()]);
  }
}

/** Waits until the master alone has advertised for a while, the backup knows its place, and the client is answered by the master. */
async function agreement(probe: Probe, timers: Timers, second: Router): Promise<void> {
  const limit = Date.now() + START_LIMIT;
  const calm = Math.max(CALM, 1.2 * timers.interval);
  while (!second.software.isBackup.test(second.process.tail())) {
    if (Date.now() > limit) throw new Error('the backup does not start');
    await sleep(50);
  }
  let since = Date.now();
  for (let seen = 0; ; ) {
    const fresh = probe.advertisements.slice(seen);
    seen = probe.advertisements.length;
    if (fresh.some(({ mac }) => mac !== master.mac)) since = Date.now();
    const advertised = probe.advertisements.some(({ time, mac }) => mac === master.mac && time > since);
    if (advertised && Date.now() > since + calm && probe.replies.at(-1)?.mac === master.mac) return;
    if (Date.now() > limit) throw new Error('master and backup do not agree');
    await probe.news(50);
  }
}

/** Strikes at the fixed moment after an advertisement of the master; returns when that was. */
async function strike(
  probe: Probe,
  timers: Timers,
  blow: () => void,
): Promise<{ struck: number; phase: number }> {
  const now = wallClock();
  for (;;) {
    const seen = probe.advertisements.length;
    while (probe.advertisements.length === seen) await probe.news(100);
    const advertised = probe.advertisements.at(-1)!.time;
    const moment = advertised + PHASE * timers.interval;
    await sleep(Math.max(0, moment - now() - EARLY));
    while (now() < moment);
    const struck = now();
    if (struck > moment + LATE) continue;
    blow();
    return { struck, phase: struck - advertised };
  }
}
