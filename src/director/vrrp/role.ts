// The vrrp process: nothing but VRRP. It never forks, never blocks and waits for nobody.
import { SIGTERM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { serve } from '../ipc/server.ts';
import { createLog, type Log } from '../log.ts';
import { protect } from '../protection.ts';
import type { VrrpSlice, VrrpStatus } from '../protocol.ts';
import { Announcer } from './announcer.ts';
import { Interfaces } from './interfaces.ts';
import { Ports } from './ports.ts';
import { settingsOf } from './settings.ts';
import { VirtualAddresses } from './virtual-addresses.ts';
import type { Surroundings } from './virtual-router.ts';
import { VirtualRouters } from './virtual-routers.ts';

/** SCHED_FIFO; the supervisor is one above. */
const PRIORITY = 50;
/** Milliseconds that the kernel gets to answer before the process ends; it acted on the requests when they were sent. */
const LAST_ANSWERS = 500;

/** Becomes the vrrp process: serves `vrrp.sock` in `runDirectory` until SIGTERM. Throws a SystemError when it cannot. */
export function runVrrp(platform: Platform, options: { readonly runDirectory: string }): void {
  const log = createLog(platform, 'vrrp');
  protect(platform, log, PRIORITY);
  const routers = new VirtualRouters();
  const surroundings = surround(platform, log, routers, ready);
  let isReady = false;
  let waiting: VrrpSlice | null = null;

  function ready(): void {
    isReady = true;
    surroundings.addresses.purge();
    if (waiting !== null) routers.configure(surroundings, waiting);
    waiting = null;
  }

  function configure(slice: VrrpSlice): void {
    for (const config of slice.instances) settingsOf(config, slice.yielding);
    if (isReady) routers.configure(surroundings, slice);
    else waiting = slice;
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

function surround(platform: Platform, log: Log, routers: VirtualRouters, ready: () => void): Surroundings {
  const interfaces = new Interfaces(platform, {
    ready,
    changed: () => routers.refresh(),
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
  };
}
