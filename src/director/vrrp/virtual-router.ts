// One instance at work: feeds its state machine and carries out what it wants done.
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { VrrpInstanceStatus } from '../protocol.ts';
import { readAdvertisement } from './advertisement.ts';
import type { IpDatagram } from './datagram.ts';
import type { Stepped } from './events.ts';
import { Holding, type Machine } from './holding.ts';
import {
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  type Link,
  newInstance,
  nextTimer,
  step,
} from './instance.ts';
import { compareAddresses } from './order.ts';
import type { Port } from './port.ts';
import { Sealer } from './sealer.ts';
import { settingsOf } from './settings.ts';
import { sourceAddress } from './source-address.ts';
import { faultsOf } from './transition.ts';
import { type Way, wayOf } from './way.ts';
import type { Bequest } from './will.ts';

/** What the instances of one process share. */
export interface Surroundings extends Machine {
  readonly platform: Platform;
  readonly log: Log;
  /** Whether it can be used, once that has lasted as long as is configured. One that does not exist is down. */
  isInterfaceUp(name: string): boolean;
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

export class VirtualRouter {
  readonly #surroundings: Surroundings;
  #config: VrrpInstanceConfig;
  #way: Way;
  #state: InstanceState;
  #timer: Timer | null = null;
  #timerDue = Number.POSITIVE_INFINITY;
  readonly #sealer = new Sealer();
  readonly #holding: Holding;

  /** Not started yet. Throws an Error for a configuration that cannot be run. */
  constructor(surroundings: Surroundings, config: VrrpInstanceConfig, terms: Terms) {
    this.#surroundings = surroundings;
    this.#config = config;
    this.#way = wayOf(config);
    this.#holding = new Holding(surroundings, config, text => this.#complain(text));
    const settings = settingsOf(config, terms.yielding, terms.synced);
    const now = surroundings.platform.clock.monotonic();
    this.#state = newInstance(settings, this.#look(settings.addresses), now);
  }

  get config(): VrrpInstanceConfig {
    return this.#config;
  }

  /** Whether messages that come this way are for this instance, if they bear its number. */
  hears(way: Way): boolean {
    return way.key === this.#hearing.key;
  }

  /** New configuration of the same group. */
  configure(config: VrrpInstanceConfig, terms: Terms): void {
    this.#config = config;
    this.#way = wayOf(config);
    this.#holding.configure(config);
    this.#surroundings.ports.open(this.#way);
    this.happen({ kind: 'settings', settings: settingsOf(config, terms.yielding, terms.synced) });
  }

  /** Looks at the interface again. */
  refresh(): void {
    const { link, settings } = this.#state;
    const now = this.#look(settings.addresses);
    if (link.up !== now.up || !sameAddress(link.address, now.address)) {
      this.happen({ kind: 'link', link: now });
    }
    // The interface of an address (`dev`) may have come back as another.
    if (this.#state.phase === 'MASTER') this.#holding.hold();
  }

  /** `now`: when it happened, in monotonic milliseconds. */
  happen(event: InstanceEvent, now = this.#surroundings.platform.clock.monotonic()): void {
    const before = this.#state;
    const { state, effects } = step(before, event, now);
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
    const port = this.#surroundings.ports.get(this.#way);
    if (phase !== 'MASTER' || link.address === null || port === null) return null;
    return {
      held: this.#holding.held.map(held => ({
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
      interface: this.#exit(port),
      source: formatAddress(link.address),
      destinations: settings.destinations.map(formatAddress),
      hops: this.#hops,
    };
  }

  /** A VRRP message with this group's id, from its interface. */
  receive(datagram: IpDatagram): void {
    const { clock } = this.#surroundings.platform;
    // Looking at it takes time, with a signature several milliseconds on a board: that is no part of the master's silence.
    const now = clock.monotonic();
    this.happen(readAdvertisement(this.#state, datagram.payload, datagram, clock.wall(), now), now);
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
        this.#holding.hold();
        break;
      case 'leave':
        this.#holding.leave();
        break;
      case 'announce':
        if (effect.elsewhere) this.#holding.announceElsewhere(effect.rounds);
        else this.#holding.announce(effect.rounds);
        break;
      case 'alarm':
        this.#report('warning', `ALARM: ${effect.text}`);
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
    const port = ports.get(this.#way);
    const source = this.#state.link.address;
    if (port === null || source === null) return;
    const { settings } = this.#state;
    const messages = this.#sealer.seal(this.#state, priority, source, platform.clock.wall());
    const { destinations } = settings;
    messages.forEach((message, position) => {
      // Each by itself: a peer that cannot be reached is nothing to the others.
      this.#attempt('advertise', () => {
        const outlet = ports.outlet(this.#exit(port), settings.family);
        outlet.send(message, { source, destination: destinations[position]!, hops: this.#hops });
      });
    });
  }

  /** Kernel index of the interface that advertisements leave by. */
  #exit({ index }: Port): number {
    const vmac = this.#holding.raise();
    return this.#config.virtualMac?.transmitFromBase === true ? index : (vmac ?? index);
  }

  get #hops(): number {
    return this.#config.unicast?.ttl ?? 255;
  }

  get #hearing(): Way {
    return this.#holding.virtualWay ?? this.#way;
  }

  /** The interface as the state machine needs to know it, with its port ready. */
  #look(virtual: readonly Uint8Array[]): Link {
    const { interfaces, ports, isInterfaceUp } = this.#surroundings;
    const config = this.#config;
    const port = ports.open(this.#way);
    if (port === null) return { up: false, address: null };
    return {
      up: !config.tracksInterface || isInterfaceUp(config.interface),
      address: sourceAddress(config, virtual, interfaces.addressesOf(port.index)),
    };
  }

  #complain(text: string): void {
    this.happen({ kind: 'trouble', text });
  }

  #attempt(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#complain(`cannot ${what}: ${error.message}`);
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
      ports.get(this.#hearing)?.drain();
      this.happen({ kind: 'timer' });
    });
  }
}

function sameAddress(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === null || other === null) return one === other;
  return compareAddresses(one, other) === 0;
}
