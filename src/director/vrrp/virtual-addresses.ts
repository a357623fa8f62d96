// The virtual addresses this node holds: set with a short lifetime and renewed, so that the kernel takes them off when we are gone.
import { deleteAddress, type InterfaceAddress, newAddress } from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';
import { VIRTUAL_ADDRESS } from '../network/marks.ts';
import type { Interfaces } from './interfaces.ts';
import { compareAddresses } from './order.ts';

/** Seconds an address lasts without renewal, and milliseconds between renewals. */
const LIFETIME = 3;
const RENEWAL = 1000;

export interface VirtualAddress {
  /** Kernel index of the interface. */
  readonly interface: number;
  /** IPv4 */
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** Whoever holds addresses: an instance. */
export interface Holder {
  trouble(text: string): void;
  /** An address was there before, set by another hand: it is left as it is. */
  foreign(address: Uint8Array): void;
  /** An address was taken off by another hand and has been set again. */
  restored(): void;
}

interface Held extends VirtualAddress {
  /** False when it was there before us: then it is not ours to renew or to remove. */
  ours: boolean;
}

export class VirtualAddresses {
  readonly #interfaces: Interfaces;
  readonly #connection: NetlinkConnection;
  readonly #held = new Map<Holder, readonly Held[]>();
  #pending = 0;
  #whenSettled: (() => void) | null = null;

  /** Throws a SystemError. */
  constructor(platform: Platform, interfaces: Interfaces) {
    this.#interfaces = interfaces;
    this.#connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
    const renew = () => {
      for (const [holder, addresses] of this.#held) {
        for (const held of addresses) if (held.ours) this.#set(holder, held);
      }
      platform.after(RENEWAL, renew);
    };
    platform.after(RENEWAL, renew);
  }

  /** Makes `wanted` all that `holder` holds; what it holds already is left as it is. The kernel has them when this returns. */
  hold(holder: Holder, wanted: readonly VirtualAddress[]): void {
    const before = this.#held.get(holder) ?? [];
    const after: Held[] = [];
    const added: Held[] = [];
    for (const address of wanted) {
      const known = before.find(held => same(held, address));
      const held = known ?? { ...address, ours: !this.#isForeign(address) };
      after.push(held);
      if (known === undefined) added.push(held);
    }
    this.#held.set(holder, after);
    for (const held of added) if (held.ours) this.#set(holder, held);
    for (const held of before) if (!after.includes(held)) this.#unset(holder, held);
    for (const held of added) if (!held.ours) holder.foreign(held.address);
  }

  /** What `holder` holds and would take off when it leaves. */
  heldBy(holder: Holder): VirtualAddress[] {
    return (this.#held.get(holder) ?? []).filter(({ ours }) => ours);
  }

  leave(holder: Holder): void {
    const before = this.#held.get(holder) ?? [];
    this.#held.delete(holder);
    for (const held of before) this.#unset(holder, held);
  }

  /** To be told of every address that is gone: what is held is set again at once. */
  removed(gone: InterfaceAddress): void {
    for (const [holder, addresses] of this.#held) {
      const lost = addresses.find(held => same(held, gone));
      if (lost === undefined) continue;
      lost.ours = true;
      this.#set(holder, lost);
      holder.trouble(`${formatAddress(gone.address)} had been taken off by someone else: set again`);
      holder.restored();
    }
  }

  /** Takes off what an earlier process left behind. */
  purge(): void {
    for (const address of this.#interfaces.addresses) {
      if (address.protocol !== VIRTUAL_ADDRESS || this.#isHeld(address)) continue;
      this.#post(deleteAddress(address), () => {});
    }
  }

  /** Calls back when the kernel has answered everything. */
  settled(callback: () => void): void {
    if (this.#pending === 0) callback();
    else this.#whenSettled = callback;
  }

  #isForeign(wanted: VirtualAddress): boolean {
    return this.#interfaces
      .addressesOf(wanted.interface)
      .some(
        address =>
          address.protocol !== VIRTUAL_ADDRESS && compareAddresses(address.address, wanted.address) === 0,
      );
  }

  #isHeld(address: VirtualAddress): boolean {
    return [...this.#held.values()].some(addresses => addresses.some(held => same(held, address)));
  }

  #set(holder: Holder, held: Held): void {
    const { interface: index, address, prefix } = held;
    const request = newAddress(
      { interface: index, address, prefix, protocol: VIRTUAL_ADDRESS, validLifetime: LIFETIME },
      true,
    );
    this.#post(request, reason => holder.trouble(`cannot set ${formatAddress(address)}: ${reason}`));
  }

  #unset(holder: Holder, held: Held): void {
    if (!held.ours || this.#isHeld(held)) return;
    const { interface: index, address, prefix } = held;
    this.#post(deleteAddress({ interface: index, address, prefix }), reason =>
      holder.trouble(`cannot take off ${formatAddress(address)}: ${reason}`),
    );
  }

  #post(request: Uint8Array, failed: (reason: string) => void): void {
    this.#pending += 1;
    this.#connection.post(request, error => {
      this.#pending -= 1;
      // Gone already, or with its interface.
      if (error !== null && error.code !== 'EADDRNOTAVAIL' && error.code !== 'ENODEV') failed(error.message);
      if (this.#pending === 0) this.#whenSettled?.();
    });
  }
}

function same(one: VirtualAddress, other: VirtualAddress): boolean {
  return (
    one.interface === other.interface &&
    one.prefix === other.prefix &&
    compareAddresses(one.address, other.address) === 0
  );
}
