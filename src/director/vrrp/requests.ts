// What VRRP asks of the kernel's tables: many requests in one message, answered as one, and knowing when all is answered.
import { NetlinkConnection } from '../../netlink/connection.ts';
import type { NetlinkError } from '../../netlink/errors.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';

/** Requests in one message, so that their refusals fit into the receive buffer. */
const SERIES = 64;

export class Requests {
  readonly #connection: NetlinkConnection;
  #pending = 0;
  #whenSettled: (() => void) | null = null;

  /** Throws a SystemError. */
  constructor(platform: Platform) {
    this.#connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  }

  /**
   * Sends requests that do not depend on each other's success. The kernel works them off in order; `answered` gets what became of each,
   * null being success, usually before this returns: whoever becomes master tells its neighbours before anything else.
   */
  send(
    requests: readonly Uint8Array[],
    answered: (results: readonly (NetlinkError | null)[]) => void = () => {},
  ): void {
    if (requests.length === 0) {
      answered([]);
      return;
    }
    const all: (NetlinkError | null)[] = [];
    this.#pending += 1;
    for (let at = 0; at < requests.length; at += SERIES) {
      this.#connection.postSeries(requests.slice(at, at + SERIES), results => {
        all.push(...results);
        if (all.length < requests.length) return;
        answered(all);
        this.#pending -= 1;
        if (this.#pending === 0) this.#whenSettled?.();
      });
    }
    this.#connection.drain();
  }

  /** Calls back when the kernel has answered everything. */
  settled(callback: () => void): void {
    if (this.#pending === 0) callback();
    else this.#whenSettled = callback;
  }
}
