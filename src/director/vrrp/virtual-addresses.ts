// The virtual addresses this node holds: set with a short lifetime and renewed, so that the kernel takes them off when we are gone.
import {
  type AddressKey,
  deleteAddress,
  IFA_F_NODAD,
  type InterfaceAddress,
  newAddress,
} from '../../netlink/address.ts';
import type { NetlinkError } from '../../netlink/errors.ts';
import type { Platform, Timer } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';
import { VIRTUAL_ADDRESS } from '../network/marks.ts';
import { purgeVirtual } from '../network/purge.ts';
import type { Interfaces } from './interfaces.ts';
import { addressKey, compareAddresses } from './order.ts';
import { nextDue, type Renewable, schedule, takeDue } from './renewal.ts';
import { Requests } from './requests.ts';

/** Seconds an address lasts without renewal, and milliseconds between renewals. */
const LIFETIME = 3;
const RENEWAL = 1000;

export interface VirtualAddress extends AddressKey {
  /** IPv4 only. */
  readonly label?: string;
  readonly broadcast?: Uint8Array;
  /** rtm_scope; universe unless told. */
  readonly scope?: number;
}

/** Whoever holds addresses: an instance. */
export interface Holder {
  trouble(text: string): void;
  /** An address was there before, set by another hand: it is left as it is. */
  foreign(address: Uint8Array): void;
  /** The kernel has every address that was asked for, or has told why not. */
  settled(): void;
  /** Addresses were taken off by another hand and have been set again. */
  restored(): void;
}

interface Held extends VirtualAddress, Renewable {
  readonly holder: Holder;
  /** Sets and renews it. */
  readonly request: Uint8Array;
  /** False when it was there before us: then it is not ours to renew or to remove. */
  ours: boolean;
}

export class VirtualAddresses {
  readonly requests: Requests;
  readonly #platform: Platform;
  readonly #interfaces: Interfaces;
  readonly #held = new Map<Holder, Map<string, Held>>();
  /** Of all holders, those that are ours. */
  readonly #renewed = new Set<Held>();
  /** Taken off by another hand, to be set again at the end of this turn. */
  readonly #lost = new Set<Held>();
  /** Requests under way. */
  readonly #unsettled = new Map<Holder, number>();
  #timer: Timer | null = null;
  #timerDue = Number.POSITIVE_INFINITY;

  /** Throws a SystemError. */
  constructor(platform: Platform, interfaces: Interfaces) {
    this.#platform = platform;
    this.#interfaces = interfaces;
    this.requests = new Requests(platform);
  }

  /** Makes `wanted` all that `holder` holds; what it holds already is left as it is. */
  hold(holder: Holder, wanted: readonly VirtualAddress[]): void {
    const before = this.#held.get(holder) ?? new Map<string, Held>();
    const after = new Map<string, Held>();
    const added: Held[] = [];
    for (const address of wanted) {
      const key = keyOf(address);
      const known = before.get(key);
      const held = known !== undefined && looksLike(known, address) ? known : this.#take(holder, address);
      after.set(key, held);
      if (held !== known) added.push(held);
    }
    this.#held.set(holder, after);
    const gone = [...before].filter(([key, held]) => after.get(key) !== held).map(([, held]) => held);
    // What only looks otherwise now must go first; all else goes when the new ones are there.
    this.#unset(gone.filter(held => after.has(keyOf(held))));
    this.#add(holder, added);
    this.#unset(gone.filter(held => !after.has(keyOf(held))));
    for (const held of added) if (!held.ours) holder.foreign(held.address);
  }

  /** True when the kernel has answered all that was asked for. */
  isSettled(holder: Holder): boolean {
    return !this.#unsettled.has(holder);
  }

  /** What `holder` holds and would take off when it leaves. */
  heldBy(holder: Holder): VirtualAddress[] {
    return [...(this.#held.get(holder)?.values() ?? [])].filter(({ ours }) => ours);
  }

  leave(holder: Holder): void {
    const before = [...(this.#held.get(holder)?.values() ?? [])];
    this.#held.delete(holder);
    this.#unset(before);
  }

  /** To be told of every address that is gone: what is held is set again. */
  removed(gone: InterfaceAddress): void {
    // An interface that goes down loses its IPv6 addresses; when it comes back they are renewed.
    if (this.#interfaces.linkByIndex(gone.interface)?.up === false) return;
    const key = keyOf(gone);
    for (const held of this.#held.values()) {
      const lost = held.get(key);
      if (lost === undefined) continue;
      if (this.#lost.size === 0) this.#platform.soon(() => this.#restore());
      this.#lost.add(lost);
    }
  }

  /** Takes off what an earlier process left behind, `then` calls back: before that nothing may be held. */
  purge(then: () => void): void {
    purgeVirtual(this.#platform)
      .catch((error: unknown) =>
        this.#platform.printError(`vrrp: something virtual may be left behind: ${String(error)}\n`),
      )
      .then(then);
  }

  /** Calls back when the kernel has answered everything. */
  settled(callback: () => void): void {
    this.requests.settled(callback);
  }

  #take(holder: Holder, wanted: VirtualAddress): Held {
    const { interface: index, address, prefix } = wanted;
    const isForeign = this.#interfaces
      .addressesOf(index)
      .some(known => compareAddresses(known.address, address) === 0);
    const isHost6 = address.length === 16 && prefix === 128;
    const request = newAddress(
      {
        ...wanted,
        protocol: VIRTUAL_ADDRESS,
        validLifetime: LIFETIME,
        // A single IPv6 address is not chosen as source of this machine's own connections, as one of IPv4 is not either.
        ...(isHost6 && { preferredLifetime: 0 }),
        ...(address.length === 16 && { flags: IFA_F_NODAD }),
      },
      true,
    );
    // The writer's memory is larger than most messages.
    return { ...wanted, holder, request: request.slice(), ours: !isForeign, due: 0 };
  }

  #add(holder: Holder, added: readonly Held[]): void {
    const ours = added.filter(held => held.ours);
    if (ours.length === 0) return;
    schedule(ours, RENEWAL, this.#platform.clock.monotonic());
    for (const held of ours) this.#renewed.add(held);
    this.#arm();
    this.#set(holder, ours, () => holder.settled());
  }

  /** Sets again what others have taken off. */
  #restore(): void {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const [holder, held] of this.#held) {
      const ours = lost.filter(each => held.get(keyOf(each)) === each);
      const [first] = ours;
      if (first === undefined) continue;
      for (const each of ours) each.ours = true;
      schedule(ours, RENEWAL, this.#platform.clock.monotonic());
      for (const each of ours) this.#renewed.add(each);
      const others = ours.length > 1 ? ` and ${ours.length - 1} more` : '';
      holder.trouble(
        `${formatAddress(first.address)}${others} had been taken off by someone else: set again`,
      );
      this.#set(holder, ours, () => holder.restored());
    }
    this.#arm();
  }

  /** Sends the requests of addresses of one holder; `then` once it has nothing else under way. */
  #set(holder: Holder, addresses: readonly Held[], then: () => void): void {
    this.#unsettled.set(holder, (this.#unsettled.get(holder) ?? 0) + 1);
    this.requests.send(
      addresses.map(({ request }) => request),
      results => {
        reportRefusals(addresses, results);
        const left = this.#unsettled.get(holder)! - 1;
        if (left > 0) {
          this.#unsettled.set(holder, left);
          return;
        }
        this.#unsettled.delete(holder);
        if (this.#held.has(holder)) then();
      },
    );
  }

  #unset(addresses: readonly Held[]): void {
    const ours = addresses.filter(held => {
      this.#renewed.delete(held);
      this.#lost.delete(held);
      return held.ours && !this.#isHeld(keyOf(held));
    });
    if (ours.length === 0) return;
    this.requests.send(ours.map(deleteAddress), results => {
      ours.forEach(({ holder, address }, position) => {
        const error = results[position];
        // Gone already, or with its interface.
        if (!error || error.code === 'EADDRNOTAVAIL' || error.code === 'ENODEV') return;
        holder.trouble(`cannot take off ${formatAddress(address)}: ${error.message}`);
      });
    });
  }

  /** By whomever, unchanged. */
  #isHeld(key: string): boolean {
    for (const held of this.#held.values()) {
      const found = held.get(key);
      if (found !== undefined && this.#renewed.has(found)) return true;
    }
    return false;
  }

  #renew(): void {
    const due = takeDue(this.#renewed, RENEWAL, this.#platform.clock.monotonic());
    this.requests.send(
      due.map(({ request }) => request),
      results => reportRefusals(due, results),
    );
    this.#arm();
  }

  #arm(): void {
    const due = nextDue(this.#renewed);
    if (due === null || due >= this.#timerDue) return;
    this.#timer?.cancel();
    this.#timerDue = due;
    this.#timer = this.#platform.after(due - this.#platform.clock.monotonic(), () => {
      this.#timer = null;
      this.#timerDue = Number.POSITIVE_INFINITY;
      this.#renew();
    });
  }
}

/** An address of an interface that is gone meanwhile is no trouble: the interface is. */
function reportRefusals(addresses: readonly Held[], results: readonly (NetlinkError | null)[]): void {
  addresses.forEach(({ holder, address }, position) => {
    const error = results[position];
    if (!error || error.code === 'ENODEV') return;
    holder.trouble(`cannot set ${formatAddress(address)}: ${error.message}`);
  });
}

function keyOf({ interface: index, address, prefix }: AddressKey): string {
  return `${index} ${prefix} ${addressKey(address)}`;
}

function looksLike(held: Held, wanted: VirtualAddress): boolean {
  const { broadcast } = wanted;
  return (
    held.label === wanted.label &&
    held.scope === wanted.scope &&
    (held.broadcast === broadcast ||
      (held.broadcast !== undefined &&
        broadcast !== undefined &&
        compareAddresses(held.broadcast, broadcast) === 0))
  );
}
