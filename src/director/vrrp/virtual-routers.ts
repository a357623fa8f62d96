// All instances of this process: brings them in line with the configuration and hands each what concerns it.
import type { VrrpInstanceConfig } from '../config/config.ts';
import type { VrrpSlice } from '../protocol.ts';
import type { IpDatagram } from './datagram.ts';
import { isSameGroup } from './settings.ts';
import { type Surroundings, type Terms, VirtualRouter } from './virtual-router.ts';
import { virtualWayOf, type Way, wayOf } from './way.ts';

export class VirtualRouters {
  #routers: readonly VirtualRouter[] = [];

  /**
   * Leaves the groups that are gone, starts those that are new and tells the others what changed; one that did not change
   * notices nothing.
   */
  configure(surroundings: Surroundings, slice: VrrpSlice): void {
    const { instances: configs, yielding, syncGroups } = slice;
    const termsOf = ({ name }: VrrpInstanceConfig): Terms => ({
      yielding,
      synced: syncGroups.some(({ members }) => members.includes(name)),
    });
    const before = this.#routers;
    const successors = new Map<VirtualRouter, VrrpInstanceConfig>();
    for (const config of configs) {
      const router = before.find(each => isSameGroup(each.config, config));
      if (router !== undefined) successors.set(router, config);
    }
    this.#routers = [...successors.keys()];
    for (const router of before) if (!successors.has(router)) router.happen({ kind: 'stop' });
    surroundings.ports.keep(
      configs.flatMap(config => [wayOf(config), virtualWayOf(config)]).filter(way => way !== null),
    );
    surroundings.virtualLinks.keep(configs);
    for (const [router, config] of successors) router.configure(config, termsOf(config));
    this.#routers = configs.map(
      config =>
        before.find(router => router.config === config) ??
        new VirtualRouter(surroundings, config, termsOf(config)),
    );
    for (const router of this.#routers) router.refresh();
  }

  /** Starts those that have not been started. */
  start(): void {
    for (const router of this.#routers)
      if (router.state.phase === 'INITIALIZE') router.happen({ kind: 'start' });
  }

  refresh(): void {
    for (const router of this.#routers) router.refresh();
  }

  get all(): readonly VirtualRouter[] {
    return this.#routers;
  }

  stop(): void {
    for (const router of this.#routers) router.happen({ kind: 'stop' });
  }

  /**
   * A group is known by its number and the way its messages come (RFC 9568, 7.1). Those of groups that are not configured here are
   * nobody's business.
   */
  receive(way: Way, datagram: IpDatagram): void {
    for (const router of this.#routers) {
      if (!router.hears(way) || router.config.virtualRouterId !== datagram.payload[1]) continue;
      router.receive(datagram);
    }
  }
}
