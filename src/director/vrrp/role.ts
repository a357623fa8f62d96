// The vrrp process: nothing but VRRP. It never forks, never blocks and waits for nobody.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { SupervisorLink } from '../heartbeat.ts';
import { serve } from '../ipc/server.ts';
import { createLog, type Log } from '../log.ts';
import { protect } from '../protection.ts';
import type { VrrpSlice, VrrpStatus } from '../protocol.ts';
import { Announcer } from './announcer.ts';
import { Interfaces } from './interfaces.ts';
import { Ports } from './ports.ts';
import { settingsOf } from './settings.ts';
import { Testator } from './testator.ts';
import { VirtualAddresses } from './virtual-addresses.ts';
import type { Surroundings } from './virtual-router.ts';
import { VirtualRouters } from './virtual-routers.ts';

/** SCHED_FIFO; the supervisor is one above. */
const PRIORITY = 50;
/** Milliseconds that the kernel gets to answer before the process ends; it acted on the requests when they were sent. */
const LAST_ANSWERS = 500;

export interface VrrpOptions {
  readonly runDirectory: string;
  /** Milliseconds in which no master is preempted: the process before this one died as master. */
  readonly holdDown: number;
  readonly supervisor: SupervisorLink;
}

/** Becomes the vrrp process: serves `vrrp.sock` in `runDirectory` until SIGTERM. Throws a SystemError when it cannot. */
export function runVrrp(platform: Platform, options: VrrpOptions): void {
  const log = createLog(platform, 'vrrp');
  protect(platform, log, PRIORITY);
  const routers = new VirtualRouters();
  const testator = new Testator(platform, will => options.supervisor.send({ will }));
  const surroundings = surround(platform, log, routers, testator, ready);
  let isReady = false;
  let isHeld = options.holdDown > 0;
  let given: VrrpSlice | null = null;

  function ready(): void {
    isReady = true;
    surroundings.addresses.purge();
    enforce();
  }

  function configure(slice: VrrpSlice): void {
    for (const config of slice.instances) settingsOf(config, slice.yielding);
    given = slice;
    enforce();
  }

  function enforce(): void {
    if (!isReady || given === null) return;
    routers.configure(surroundings, { ...given, yielding: given.yielding || isHeld });
  }

  if (isHeld) {
    log.info(`no master is preempted for ${Math.round(options.holdDown / 1000)} s`);
    platform.after(options.holdDown, () => {
      isHeld = false;
      enforce();
    });
  }

  const server = serve(platform, `${options.runDirectory}/vrrp.sock`, (command, argument) => {
    switch (command) {
      case 'configure':
        configure(argument as VrrpSlice);
        return null;
      case 'status':
        return { instances: routers.status(), syncGroups: [] } satisfies VrrpStatus;
      case 'release':
        routers.stop();
        return null;
      default:
        throw new Error(`vrrp does not know the command ${command}`);
    }
  });

  platform.processes.onSignal(SIGTERM, () => {
    routers.stop();
    server.close();
    platform.after(LAST_ANSWERS, () => platform.processes.exit(0));
    surroundings.addresses.settled(() => platform.processes.exit(0));
  });
}

function surround(
  platform: Platform,
  log: Log,
  routers: VirtualRouters,
  testator: Testator,
  ready: () => void,
): Surroundings {
  const interfaces = new Interfaces(platform, {
    ready,
    changed() {
      routers.refresh();
      for (const router of routers.all) testator.review(router);
    },
    addressRemoved: address => addresses.removed(address),
  });
  const addresses = new VirtualAddresses(platform, interfaces);
  return {
    platform,
    log,
    interfaces,
    addresses,
    ports: new Ports(platform, log, interfaces, (name, datagram) => routers.receive(name, datagram)),
    announcer: new Announcer(platform),
    stepped: (router, before) => testator.stepped(router, before),
  };
}
