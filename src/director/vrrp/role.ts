// The vrrp process: nothing but VRRP. It never forks, never blocks and waits for nobody.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform, Timer } from '../../platform/platform.ts';
import type { SupervisorLink } from '../heartbeat.ts';
import { serve } from '../ipc/server.ts';
import { createLog } from '../log.ts';
import { protect } from '../protection.ts';
import type { TrackReport, VrrpSlice } from '../protocol.ts';
import { assemble } from './assembly.ts';
import { settingsOf } from './settings.ts';
import { Testator } from './testator.ts';

/** SCHED_FIFO; the supervisor is one above. */
const PRIORITY = 50;
/** Milliseconds that the kernel gets to answer before the process ends; it acted on the requests when they were sent. */
const LAST_ANSWERS = 500;

export interface VrrpOptions {
  readonly runDirectory: string;
  /** Milliseconds in which no master is preempted: the process before this one died as master. */
  readonly holdDown: number;
  /** When the director was started, in monotonic milliseconds. */
  readonly startedAt: number;
  readonly supervisor: SupervisorLink;
}

/** Becomes the vrrp process: serves `vrrp.sock` in `runDirectory` until SIGTERM. Throws a SystemError when it cannot. */
export function runVrrp(platform: Platform, options: VrrpOptions): void {
  const log = createLog(platform, 'vrrp');
  protect(platform, log, PRIORITY);
  const testator = new Testator(platform, will => options.supervisor.send({ will }));
  const assembly = assemble(platform, log, testator, ready);
  let isReady = false;
  let isHeld = options.holdDown > 0;
  let isStarted = false;
  let given: VrrpSlice | null = null;
  let start: Timer | null = null;

  function ready(): void {
    isReady = true;
    enforce();
  }

  function configure(slice: VrrpSlice): void {
    for (const config of slice.instances) settingsOf(config, slice.yielding);
    given = slice;
    enforce();
  }

  function enforce(): void {
    if (!isReady || given === null) return;
    assembly.configure({ ...given, yielding: given.yielding || isHeld });
    if (!isStarted) startAfter(options.startedAt + given.startupDelay - platform.clock.monotonic());
    isStarted = true;
  }

  /** `vrrp_startup_delay`; none for a process that replaces an earlier one when that time is over. */
  function startAfter(delay: number): void {
    if (delay <= 0) {
      assembly.start();
      return;
    }
    log.info(`instances are started in ${Math.ceil(delay / 1000)} s`);
    start = platform.after(delay, () => assembly.start());
  }

  if (isHeld) {
    log.info(`no master is preempted for ${Math.round(options.holdDown / 1000)} s`);
    platform.after(options.holdDown, () => {
      isHeld = false;
      enforce();
    });
  }

  const server = serve(platform, `${options.runDirectory}/vrrp.sock`, (command, argument, peer) => {
    switch (command) {
      case 'configure':
        configure(argument as VrrpSlice);
        return null;
      case 'status':
        return assembly.status();
      case 'track':
        assembly.track(argument as readonly TrackReport[]);
        return null;
      case 'subscribe':
        assembly.subscribe(peer);
        return null;
      case 'release':
        assembly.stop();
        return null;
      default:
        throw new Error(`vrrp does not know the command ${command}`);
    }
  });

  platform.processes.onSignal(SIGTERM, () => {
    start?.cancel();
    assembly.stop();
    // Who has said goodbye leaves nothing to be said.
    testator.flush();
    server.close();
    platform.after(LAST_ANSWERS, () => platform.processes.exit(0));
    assembly.settled(() => platform.processes.exit(0));
  });
}
