// The telemetry process: samples, keeps and answers. Nothing else waits for it.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { WriteRequest } from '../flash/budget.ts';
import { serve } from '../ipc/server.ts';
import { Subscribers } from '../ipc/subscribers.ts';
import type { Log } from '../log.ts';
import type { Samples, TelemetrySlice } from '../protocol.ts';
import { StoreKeeper } from './keeper.ts';
import { Sampler } from './sampler.ts';

export interface TelemetryOptions {
  readonly runDirectory: string;
  readonly log: Log;
}

/** Becomes the telemetry process: serves `telemetry.sock` in `runDirectory` until SIGTERM. */
export function runTelemetry(platform: Platform, { runDirectory, log }: TelemetryOptions): void {
  const subscribers = new Subscribers();
  const sampler = new Sampler(platform, {
    runDirectory,
    log,
    keeper: new StoreKeeper(platform, `${runDirectory}/telemetry.db`, log),
    happened: event => subscribers.push({ event }),
  });
  const server = serve(platform, `${runDirectory}/telemetry.sock`, (command, argument, peer) => {
    switch (command) {
      case 'configure':
        sampler.configure(argument as TelemetrySlice);
        return null;
      case 'announce':
        sampler.announce(argument as TelemetrySlice['announced']);
        return null;
      case 'sample':
        sampler.sample(argument as Samples);
        return null;
      case 'settle':
        sampler.settle();
        return null;
      case 'judge':
        return sampler.judge(argument as WriteRequest);
      case 'status':
        return sampler.status;
      case 'flash':
        return sampler.flash;
      case 'subscribe':
        subscribers.add(peer);
        return null;
      default:
        throw new Error(`telemetry does not know the command ${command}`);
    }
  });
  platform.processes.onSignal(SIGTERM, () => {
    server.close();
    sampler.close();
    platform.processes.exit(0);
  });
}
