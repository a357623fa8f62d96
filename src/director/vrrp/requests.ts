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
   * Sends requests that do not depend on each other's success. The kernel works them off in order, usually before this returns;
   * `answered` gets what became of each, null being success.
   */
  send(
    requests: readonly Uint8Array[],
    answered: (results: readonly (NetlinkError | null)[]) => void = () => {},
  ): void {
    this.#pending += 1;
    const parts: Promise<(NetlinkError | null)[]>[] = [];
    for (let at = 0; at < requests.length; at += SERIES) {
      parts.push(this.#connection.series(requests.slice(at, at + SERIES)));
    }
    Promise.all(parts).then(results => {
      answered(results.flat());
      this.#pending -= 1;
      if (this.#pending === 0) this.#whenSettled?.();
    });
  }

  /** Calls back when the kernel has answered everything. */
  settled(callback: () => void): void {
    if (this.#pending === 0) callback();
    else this.#whenSettled = callback;
  }
}
