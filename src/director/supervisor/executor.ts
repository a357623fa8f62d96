// Executes the last will of a vrrp process: its addresses off and its farewells out, in that order, before anything else is done.
// Everything it needs is open beforehand, and nothing waits for an answer: the peer takes over a skew time after the farewell.
import { deleteAddress } from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { Outlet } from '../vrrp/outlet.ts';
import { type Bequest, bytesOf, type Farewell, farewells, type WillChange } from '../vrrp/will.ts';

/** Removals in one message to the kernel. */
const SERIES = 256;

interface Part {
  readonly instance: string;
  readonly bequest: Bequest;
  /** Netlink messages. */
  readonly removals: readonly Uint8Array[];
  readonly outlet: Outlet;
}

export class Executor {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #will = new Map<number, Part>();
  #outlets: Outlet[] = [];
  #kernel: NetlinkConnection | null = null;

  constructor(platform: Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
  }

  /** Remembers a change of the will and opens what its execution needs. No will, however wrong, throws. */
  amend({ key, instance, bequest }: WillChange): void {
    this.#will.delete(key);
    try {
      if (bequest !== null) this.#will.set(key, this.#part(instance, bequest));
    } catch (error) {
      this.#log.warn(`no last will for ${instance}: ${error instanceof Error ? error.message : error}`);
    }
    this.#closeUnused();
  }

  /** True when somebody was master: the will has been executed and is empty now. */
  execute(): boolean {
    const parts = [...this.#will.values()];
    this.#will.clear();
    // The kernel acts while it takes a message. What it refuses is left to the purge that follows.
    const removals = parts.flatMap(part => part.removals);
    for (let at = 0; at < removals.length; at += SERIES) {
      this.#kernel?.series(removals.slice(at, at + SERIES));
    }
    for (const { instance, bequest, outlet } of parts) {
      const failures = farewells(bequest, this.#platform.clock.wall()).flatMap(
        each => say(outlet, each) ?? [],
      );
      if (failures.length === 0) this.#log.info(`said goodbye for ${instance}`);
      else this.#log.warn(`cannot say goodbye for ${instance}: ${failures.join(', ')}`);
    }
    return parts.length > 0;
  }

  #part(instance: string, bequest: Bequest): Part {
    // Made once in vain: what fails shall fail now.
    farewells(bequest, 0);
    this.#kernel ??= NetlinkConnection.open(this.#platform, NETLINK_ROUTE);
    const { interface: index, source, held } = bequest;
    const outlet = this.#outlet(index, source.includes(':') ? 6 : 4);
    return { instance, bequest, removals: held.map(removalOf), outlet };
  }

  #outlet(index: number, family: 4 | 6): Outlet {
    const known = this.#outlets.find(outlet => outlet.index === index && outlet.family === family);
    if (known !== undefined) return known;
    const outlet = new Outlet(this.#platform, index, family);
    this.#outlets.push(outlet);
    return outlet;
  }

  #closeUnused(): void {
    const used = new Set([...this.#will.values()].map(({ outlet }) => outlet));
    for (const outlet of this.#outlets) if (!used.has(outlet)) outlet.close();
    this.#outlets = [...used];
  }
}

/** Null, or why it could not be sent: a peer that cannot be reached is nothing to the others. */
function say(outlet: Outlet, { message, envelope }: Farewell): string | null {
  try {
    outlet.send(message, envelope);
    return null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.message;
  }
}

function removalOf({ interface: index, address, prefix }: Bequest['held'][number]): Uint8Array {
  return deleteAddress({ interface: index, address: bytesOf(address), prefix });
}
