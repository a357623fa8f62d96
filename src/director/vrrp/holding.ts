// What an instance has on this machine while it is master: its addresses, routes and rules, the interface of its virtual MAC, and the
// neighbours' ear.
import { formatAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/config.ts';
import type { Announcer } from './announcer.ts';
import type { Interfaces } from './interfaces.ts';
import type { Ports } from './ports.ts';
import { OWNER } from './priority.ts';
import type { Holder, VirtualAddress, VirtualAddresses } from './virtual-addresses.ts';
import type { VirtualLinks } from './virtual-links.ts';
import { virtualMacName } from './virtual-mac.ts';
import { type VirtualPlace, virtualAddressOf, virtualPlaces } from './virtual-place.ts';
import type { VirtualRoutes } from './virtual-routes.ts';
import { virtualWayOf, type Way } from './way.ts';

/** What the instances of one process share of the machine. */
export interface Machine {
  readonly interfaces: Interfaces;
  readonly ports: Ports;
  readonly addresses: VirtualAddresses;
  readonly routes: VirtualRoutes;
  readonly virtualLinks: VirtualLinks;
  readonly announcer: Announcer;
}

export class Holding implements Holder {
  readonly #machine: Machine;
  readonly #complain: (text: string) => void;
  #config: VrrpInstanceConfig;
  #places: readonly VirtualPlace[] = [];
  #virtualWay: Way | null = null;
  /** Kernel index of the interface of the virtual MAC while it is up. */
  #virtualLink: number | null = null;
  /** Rounds of announcements that wait until the kernel has the addresses. */
  #unannounced = 0;
  /** An interface that addresses belong on is not there. */
  #lacksInterface = false;

  /** `complain`: something cannot be had, in words. */
  constructor(machine: Machine, config: VrrpInstanceConfig, complain: (text: string) => void) {
    this.#machine = machine;
    this.#complain = complain;
    this.#config = config;
    this.configure(config);
  }

  /** Takes effect with the next `hold`. */
  configure(config: VrrpInstanceConfig): void {
    this.#config = config;
    this.#places = virtualPlaces(config);
    this.#virtualWay = virtualWayOf(config);
  }

  /** Has what the configuration says, and nothing else. To be called again when interfaces have changed. */
  hold(): void {
    const { interfaces, addresses, routes } = this.#machine;
    const vmac = virtualMacName(this.#config);
    const wasLacking = this.#lacksInterface;
    this.raise();
    this.#lacksInterface = false;
    const wanted = this.#places.flatMap(place => {
      const link = interfaces.link(place.interface);
      if (link !== null) return [virtualAddressOf(place, link.index)];
      this.#lacksInterface = true;
      // That of the virtual MAC is being made.
      if (place.interface !== vmac) {
        this.#complain(`cannot set ${place.config.address}: there is no interface ${place.interface}`);
      }
      return [];
    });
    addresses.hold(this, wanted);
    routes.hold(this, this.#config.virtualRoutes, this.#config.virtualRules);
    if (wasLacking && !this.#lacksInterface) this.restored();
  }

  leave(): void {
    const { announcer, routes, addresses, virtualLinks } = this.#machine;
    this.#unannounced = 0;
    this.#lacksInterface = false;
    announcer.cancel(this);
    routes.leave(this);
    addresses.leave(this);
    const vmac = virtualMacName(this.#config);
    if (vmac !== null) virtualLinks.lower(vmac);
    this.#virtualLink = null;
  }

  /** The addresses that `leave` would take off. */
  get held(): VirtualAddress[] {
    return this.#machine.addresses.heldBy(this);
  }

  /**
   * Sets the interface of the virtual MAC up, unless it is up: from now on it is what the instance hears and speaks through. Its
   * kernel index; null without one, or as long as it is not there.
   */
  raise(): number | null {
    const { virtualLinks, ports } = this.#machine;
    const name = virtualMacName(this.#config);
    const index = name === null ? null : virtualLinks.raise(name);
    if (index !== this.#virtualLink && this.#virtualWay !== null) ports.open(this.#virtualWay);
    this.#virtualLink = index;
    return index;
  }

  /** How advertisements come instead of the instance's own way; null: by that. */
  get virtualWay(): Way | null {
    return this.#virtualLink === null ? null : this.#virtualWay;
  }

  /** Nobody is sent to an address before the kernel answers for it. */
  announce(rounds: number): void {
    if (this.#machine.addresses.isSettled(this)) this.#say(this.#places, rounds);
    else this.#unannounced = Math.max(this.#unannounced, rounds);
  }

  /** `garp_extra_if`: for the switches on other networks than that of the advertisements. */
  announceElsewhere(rounds: number): void {
    const places = this.#places.filter(place => place.config.interface !== this.#config.interface);
    if (this.#machine.addresses.isSettled(this)) this.#say(places, rounds);
  }

  // As holder of addresses and owner of routes -------------------------------------------------------------

  trouble(text: string): void {
    this.#complain(text);
  }

  foreign(address: Uint8Array): void {
    // The owner of the addresses is who has them on its interface anyway.
    if (this.#config.priority === OWNER) return;
    this.#complain(`${formatAddress(address)} was set by someone else: left as it is`);
  }

  settled(): void {
    const rounds = this.#unannounced;
    this.#unannounced = 0;
    if (rounds > 0) this.announce(rounds);
  }

  restored(): void {
    this.announce(this.#config.announcements.repeat);
  }

  #say(places: readonly VirtualPlace[], rounds: number): void {
    const { interfaces, announcer } = this.#machine;
    const announcements = places.flatMap(({ interface: name, address }) => {
      const link = interfaces.link(name);
      return link === null ? [] : [{ interface: link.index, hardware: link.hardware, address }];
    });
    announcer.announce(this, announcements, rounds, this.#config.announcements);
  }
}
