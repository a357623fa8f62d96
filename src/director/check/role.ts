// The checker process: finds out which real servers work, and has the kernel balance to those.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { type Peer, serve } from '../ipc/server.ts';
import { Subscribers } from '../ipc/subscribers.ts';
import type { Log } from '../log.ts';
import type { CheckerSlice, Order, ServiceEvent } from '../protocol.ts';
import { createChecker } from './checker.ts';
import type { Addressed } from './orders.ts';

/** Bytes that wait for a peer before it is told more of how everything is, and milliseconds until the next look at that. */
const PIECE = 16 << 10;
const PAUSE = 20;

export interface CheckerOptions {
  readonly runDirectory: string;
  readonly log: Log;
}

/** Becomes the checker process: serves `checker.sock` in `runDirectory` until SIGTERM. */
export function runChecker(platform: Platform, { runDirectory, log }: CheckerOptions): void {
  const { processes } = platform;
  const subscribers = new Subscribers();
  const checker = createChecker(platform, {
    log,
    reported: report => subscribers.push({ report }),
    happened: event => subscribers.push({ event }),
  });

  /** Thousands of servers are told of in pieces, so that nobody has to keep them all in memory. */
  function tellPresent(peer: Peer, events: Iterator<ServiceEvent>): void {
    while (subscribers.has(peer)) {
      if (peer.queued > PIECE) {
        platform.after(PAUSE, () => tellPresent(peer, events));
        return;
      }
      const { value, done } = events.next();
      if (done) return;
      peer.push({ event: value });
    }
  }

  const server = serve(platform, `${runDirectory}/checker.sock`, (command, argument, peer) => {
    switch (command) {
      case 'configure':
        return checker.configure(argument as CheckerSlice);
      case 'status':
        return checker.status(argument as Addressed | null);
      case 'settled':
        return checker.isSettled;
      case 'subscribe':
        subscribers.add(peer);
        // Behind the answer.
        platform.soon(() => tellPresent(peer, checker.present()));
        return checker.reports;
      case 'order':
        return checker.order(argument as Order);
      case 'plan':
        return checker.plan(argument as CheckerSlice);
      default:
        throw new Error(`checker does not know the command ${command}`);
    }
  });

  processes.onSignal(SIGTERM, () => {
    server.close();
    checker.close().then(() => processes.exit(0));
  });
}
