// One instance at work: feeds its state machine and carries out what it wants done.
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { VrrpInstanceStatus } from '../protocol.ts';
import { readAdvertisement } from './advertisement.ts';
import type { Announcer } from './announcer.ts';
import type { Ipv4Datagram } from './datagram.ts';
import type { Stepped } from './events.ts';
import {
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  newInstance,
  nextTimer,
  step,
} from './instance.ts';
import type { Interfaces } from './interfaces.ts';
import { compareAddresses } from './order.ts';
import type { Ports } from './ports.ts';
import { Sealer } from './sealer.ts';
import { settingsOf } from './settings.ts';
import { faultsOf } from './transition.ts';
import type { Holder, VirtualAddresses } from './virtual-addresses.ts';
import type { Bequest } from './will.ts';

/** What the instances of one process share. */
export interface Surroundings {
  readonly platform: Platform;
  readonly log: Log;
  readonly interfaces: Interfaces;
  readonly ports: Ports;
  readonly addresses: VirtualAddresses;
  readonly announcer: Announcer;
  /** After every step of an instance, when its effects have been carried out. */
  stepped(router: VirtualRouter, step: Stepped): void;
}

/** What an instance has to know that is not in its own configuration. */
export interface Terms {
  /** For now a master is left in place whatever its priority. */
  readonly yielding: boolean;
  /** A member of a sync group. */
  readonly synced: boolean;
}

export class VirtualRouter implements Holder {
  readonly #surroundings: Surroundings;
  #config: VrrpInstanceConfig;
  #state: InstanceState;
  #timer: Timer | null = null;
  #timerDue = Number.POSITIVE_INFINITY;
  /** Rounds of announcements that wait until the kernel has the addresses. */
  #unannounced = 0;
  readonly #sealer = new Sealer();

  /** Not started yet. Throws an Error for a configuration that cannot be run. */
  constructor(surroundings: Surroundings, config: VrrpInstanceConfig, terms: Terms) {
    this.#surroundings = surroundings;
    this.#config = config;
    const settings = settingsOf(config, terms.yielding, terms.synced);
    const link = surroundings.ports.linkOf(config.interface, settings.addresses);
    this.#state = newInstance(settings, link, surroundings.platform.clock.monotonic());
  }

  get config(): VrrpInstanceConfig {
    return this.#config;
  }

  /** New configuration of the same group. */
  configure(config: VrrpInstanceConfig, terms: Terms): void {
    this.#config = config;
    this.happen({ kind: 'settings', settings: settingsOf(config, terms.yielding, terms.synced) });
  }

  /** Looks at the interface again. */
  refresh(): void {
    const { link, settings } = this.#state;
    const now = this.#surroundings.ports.linkOf(this.#config.interface, settings.addresses);
    if (link.up !== now.up || !sameAddress(link.address, now.address)) {
      this.happen({ kind: 'link', link: now });
    }
    // The interface of an address (`dev`) may have come back as another.
    if (this.#state.phase === 'MASTER') this.#hold();
  }

  happen(event: InstanceEvent): void {
    const before = this.#state;
    const { state, effects } = step(before, event, this.#surroundings.platform.clock.monotonic());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#arm();
    this.#surroundings.stepped(this, { before, event, after: state, effects });
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** What is to be done in this instance's name should this process die now; null unless it is master. */
  bequest(): Bequest | null {
    const { phase, link, settings, checksumForm } = this.#state;
    const port = this.#surroundings.ports.get(this.#config.interface);
    if (phase !== 'MASTER' || link.address === null || port === null) return null;
    return {
      held: this.#surroundings.addresses.heldBy(this).map(held => ({
        interface: held.interface,
        address: formatAddress(held.address),
        prefix: held.prefix,
      })),
      advertisement: {
        version: settings.version,
        virtualRouterId: settings.virtualRouterId,
        interval: settings.advertInterval,
        addresses: settings.addresses.map(formatAddress),
        authentication: this.#config.authentication,
      },
      checksumForm,
      interface: port.index,
      source: formatAddress(link.address),
      destinations: settings.destinations.map(formatAddress),
      hops: this.#config.unicast?.ttl ?? 255,
    };
  }

  /** A VRRP message with this group's id, from its interface. */
  receive(datagram: Ipv4Datagram): void {
    const wall = this.#surroundings.platform.clock.wall();
    this.happen(readAdvertisement(this.#state, datagram.payload, datagram, wall));
  }

  trouble(text: string): void {
    this.happen({ kind: 'trouble', text });
  }

  foreign(address: Uint8Array): void {
    // The owner of the addresses is who has them on its interface anyway.
    if (this.#state.settings.priority === 255) return;
    this.trouble(`${formatAddress(address)} was set by someone else: left as it is`);
  }

  settled(): void {
    const rounds = this.#unannounced;
    this.#unannounced = 0;
    if (rounds > 0) this.#announce(rounds);
  }

  restored(): void {
    this.#announce(this.#config.announcements.repeat);
  }

  status(): VrrpInstanceStatus {
    const { phase, since, settings, priority, counters, trouble, master, duplicate } = this.#state;
    return {
      name: this.#config.name,
      interface: this.#config.interface,
      virtualRouterId: settings.virtualRouterId,
      version: settings.version,
      family: this.#config.family,
      syncGroup: null,
      state: phase,
      since: this.#surroundings.platform.clock.monotonic() - since,
      priority,
      configuredPriority: settings.priority,
      adjustments: [],
      faults: faultsOf(this.#state),
      advertInterval: settings.advertInterval,
      virtualAddresses: this.#config.virtualAddresses.map(({ address }) => address),
      master: master && { address: formatAddress(master.address), priority: master.priority },
      duplicate,
      counters,
      trouble,
    };
  }

  #perform(effect: InstanceEffect): void {
    switch (effect.kind) {
      case 'advertise':
        this.#advertise(effect.priority);
        break;
      case 'hold':
        this.#hold();
        break;
      case 'leave':
        this.#unannounced = 0;
        this.#surroundings.announcer.cancel(this);
        this.#surroundings.addresses.leave(this);
        break;
      case 'announce':
        this.#announce(effect.rounds);
        break;
      case 'report':
        this.#report(effect.severity, effect.text);
        break;
    }
  }

  #report(severity: 'info' | 'warning', text: string): void {
    const { log } = this.#surroundings;
    const line = `${this.#config.name}: ${text}`;
    if (severity === 'info') log.info(line);
    else log.warn(line);
  }

  #advertise(priority: number): void {
    const { platform, ports } = this.#surroundings;
    const port = ports.get(this.#config.interface);
    const source = this.#state.link.address;
    if (port === null || source === null) return;
    const messages = this.#sealer.seal(this.#state, priority, source, platform.clock.wall());
    this.#attempt('advertise', () => {
      for (const message of messages) port.send(message);
    });
  }

  #hold(): void {
    const { interfaces, addresses } = this.#surroundings;
    const wanted = this.#config.virtualAddresses.flatMap((virtual, position) => {
      const link = interfaces.link(virtual.interface);
      if (link !== null) {
        return [
          {
            interface: link.index,
            address: this.#state.settings.addresses[position]!,
            prefix: virtual.prefix,
          },
        ];
      }
      this.trouble(`cannot set ${virtual.address}: there is no interface ${virtual.interface}`);
      return [];
    });
    addresses.hold(this, wanted);
  }

  /** Nobody is sent to an address before the kernel answers for it. */
  #announce(rounds: number): void {
    const { interfaces, announcer, addresses } = this.#surroundings;
    if (!addresses.isSettled(this)) {
      this.#unannounced = Math.max(this.#unannounced, rounds);
      return;
    }
    const announcements = this.#config.virtualAddresses.flatMap((virtual, position) => {
      const link = interfaces.link(virtual.interface);
      const address = this.#state.settings.addresses[position]!;
      return link === null ? [] : [{ interface: link.index, hardware: link.hardware, address }];
    });
    announcer.announce(this, announcements, rounds, this.#config.announcements);
  }

  #attempt(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.trouble(`cannot ${what}: ${error.message}`);
    }
  }

  /** Keeps a timer that is early rather than setting it anew with every advertisement: a backup hears many. */
  #arm(): void {
    const due = nextTimer(this.#state);
    if (due === null || due >= this.#timerDue) return;
    this.#timer?.cancel();
    this.#timerDue = due;
    const { platform, ports } = this.#surroundings;
    this.#timer = platform.after(due - platform.clock.monotonic(), () => {
      this.#timer = null;
      this.#timerDue = Number.POSITIVE_INFINITY;
      ports.get(this.#config.interface)?.drain();
      this.happen({ kind: 'timer' });
    });
  }
}

function sameAddress(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === null || other === null) return one === other;
  return compareAddresses(one, other) === 0;
}
