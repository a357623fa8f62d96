// All instances of this process: brings them in line with the configuration and hands each what concerns it.
import type { VrrpInstanceConfig } from '../config/config.ts';
import type { VrrpInstanceStatus, VrrpSlice } from '../protocol.ts';
import type { Ipv4Datagram } from './datagram.ts';
import { Group, type Surroundings } from './group.ts';
import { decode } from './packet.ts';
import { isSameGroup } from './settings.ts';

export class Groups {
  #groups: readonly Group[] = [];

  /**
   * Leaves the groups that are gone, starts those that are new and tells the others what changed; one that did not change
   * notices nothing.
   */
  configure(surroundings: Surroundings, { instances: configs, yielding }: VrrpSlice): void {
    const before = this.#groups;
    const successors = new Map<Group, VrrpInstanceConfig>();
    for (const config of configs) {
      const group = before.find(each => isSameGroup(each.config, config));
      if (group !== undefined) successors.set(group, config);
    }
    for (const group of before) if (!successors.has(group)) group.happen({ kind: 'stop' });
    surroundings.ports.keep(configs.map(config => config.interface));
    for (const [group, config] of successors) group.configure(config, yielding);
    this.#groups = configs.map(
      config => before.find(group => group.config === config) ?? new Group(surroundings, config, yielding),
    );
    for (const group of this.#groups) {
      group.refresh();
      group.happen({ kind: 'start' });
    }
  }

  refresh(): void {
    for (const group of this.#groups) group.refresh();
  }

  stop(): void {
    for (const group of this.#groups) group.happen({ kind: 'stop' });
  }

  status(): VrrpInstanceStatus[] {
    return this.#groups.map(group => group.status());
  }

  /** Messages of groups that are not configured here are nobody's business. */
  receive(interfaceName: string, datagram: Ipv4Datagram): void {
    const virtualRouterId = datagram.payload[1];
    for (const group of this.#groups) {
      const { config } = group;
      if (config.virtualRouterId !== virtualRouterId || config.interface !== interfaceName) continue;
      const sender = datagram.source;
      const result = decode(datagram.payload, datagram);
      if (typeof result === 'string') group.happen({ kind: 'malformed', malformation: result, sender });
      else group.happen({ kind: 'advertisement', advertisement: result, sender });
    }
  }
}
