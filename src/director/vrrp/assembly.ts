// Everything that works in the vrrp process, put together: the machine's side, the instances, what goes beyond one of them, and who is told.
import type { Platform } from '../../platform/platform.ts';
import type { Peer } from '../ipc/server.ts';
import { Subscribers } from '../ipc/subscribers.ts';
import type { Log } from '../log.ts';
import type { TrackReport, VrrpEvent, VrrpSlice, VrrpStatus } from '../protocol.ts';
import { Announcer } from './announcer.ts';
import { Coordination } from './coordination.ts';
import { eventsOf, eventsOfRenaming, type Stepped } from './events.ts';
import { Interfaces } from './interfaces.ts';
import { Linkbeat } from './linkbeat.ts';
import { Ports } from './ports.ts';
import { SettledInterfaces } from './settled-interfaces.ts';
import type { Testator } from './testator.ts';
import { VirtualAddresses } from './virtual-addresses.ts';
import { VirtualLinks } from './virtual-links.ts';
import type { Surroundings, VirtualRouter } from './virtual-router.ts';
import { VirtualRouters } from './virtual-routers.ts';
import { VirtualRoutes } from './virtual-routes.ts';

export interface Assembly {
  /** Does nothing more until it is `start`ed; after that it only changes what changed. */
  configure(slice: VrrpSlice): void;
  start(): void;
  /** Leaves every group. */
  stop(): void;
  track(reports: readonly TrackReport[]): void;
  subscribe(peer: Peer): void;
  status(): VrrpStatus;
  /** Calls back when the kernel has answered everything. */
  settled(callback: () => void): void;
}

/** Opens its sockets, and calls `ready` when it knows the machine's interfaces. Throws a SystemError. */
export function assemble(platform: Platform, log: Log, testator: Testator, ready: () => void): Assembly {
  const routers = new VirtualRouters();
  const subscribers = new Subscribers();
  const settled = new SettledInterfaces(platform, refresh);
  const linkbeat = new Linkbeat(platform, log, refresh);
  const interfaces = new Interfaces(platform, {
    ready: () => addresses.purge(ready),
    changed: refresh,
    addressRemoved: address => addresses.removed(address),
  });
  const addresses = new VirtualAddresses(platform, interfaces);
  const coordination = new Coordination(isInterfaceUp, (name, state) =>
    tell({
      subject: 'GROUP',
      name,
      kind: 'state',
      state,
      priority: 0,
      reason: '',
      at: platform.clock.wall(),
    }),
  );
  const surroundings: Surroundings = {
    platform,
    log,
    interfaces,
    addresses,
    routes: new VirtualRoutes(interfaces, addresses.requests),
    virtualLinks: new VirtualLinks(platform, log, interfaces, addresses.requests),
    ports: new Ports(platform, log, interfaces, (way, datagram) => routers.receive(way, datagram)),
    announcer: new Announcer(platform),
    isInterfaceUp,
    stepped,
  };
  let isStarted = false;

  function stepped(router: VirtualRouter, step: Stepped): void {
    testator.stepped(router, step.before);
    for (const event of eventsOf(router.config.name, step, platform.clock.wall())) {
      tell(routers.all.includes(router) ? event : { ...event, kind: 'deleted' });
    }
    coordination.stepped(router, step.before);
  }

  function tellOfNames(named: readonly (readonly [router: VirtualRouter, before: string])[]): void {
    const renamed = named.map(([router, before]) => ({
      before,
      name: router.config.name,
      state: router.state,
    }));
    for (const event of eventsOfRenaming(renamed, platform.clock.wall())) tell(event);
  }

  function tell(event: VrrpEvent): void {
    subscribers.push({ event });
  }

  function refresh(): void {
    surroundings.virtualLinks.refresh();
    routers.refresh();
    for (const router of routers.all) testator.review(router);
    coordination.review();
  }

  function isInterfaceUp(name: string): boolean {
    const link = interfaces.link(name);
    // The kernel calls a driver that has yet to look for its cable running; only the carrier tells.
    const isUp = link?.up === true && (linkbeat.hasLink(name) ?? (link.running && link.carrier));
    return settled.isUp(name, isUp);
  }

  return {
    configure(slice) {
      // Instances that come and go one by one are no reason for their groups to act.
      coordination.suspend();
      settled.configure(slice.interfaceDelays);
      linkbeat.configure(linkbeatInterfaces(slice));
      const named = routers.all.map(router => [router, router.config.name] as const);
      routers.configure(surroundings, slice);
      tellOfNames(named);
      coordination.configure(routers.all, slice.syncGroups);
      if (isStarted) routers.start();
    },
    start() {
      isStarted = true;
      routers.start();
    },
    stop() {
      coordination.release();
      routers.stop();
      surroundings.virtualLinks.keep([]);
    },
    track: reports => coordination.take(reports),
    subscribe: peer => subscribers.add(peer),
    status: () => ({
      instances: routers.all.map(router => ({ ...router.status(), ...coordination.statusOf(router) })),
      syncGroups: coordination.groups(),
    }),
    settled: callback => addresses.settled(callback),
  };
}

function linkbeatInterfaces({ linkbeatInterfaces: listed, instances }: VrrpSlice): string[] {
  const own = instances.filter(({ linkbeat }) => linkbeat).map(instance => instance.interface);
  return [...new Set([...listed, ...own])];
}
