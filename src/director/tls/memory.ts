// What is remembered of servers that speak TLS, so that the next handshake is short. Nothing of it is lost when it is forgotten.

/** Milliseconds: then the server has to show its certificate again. */
const LONGEST_RESUMPTION = 600_000;

/** Servers; each takes half a kilobyte. */
const MOST_SERVERS = 1000;

/** How the next handshake with a server begins. */
export interface Plan {
  /** Null: whatever both sides have. */
  readonly version: '1.2' | '1.3' | null;
  readonly resumption: Uint8Array | null;
}

interface Server {
  readonly plan: Plan;
  /** Monotonic milliseconds of the last whole handshake. */
  readonly since: number;
}

/**
 * TLS 1.2 is tried first: there a resumed session needs no arithmetic with large numbers, which is thirty times faster than anything that
 * TLS 1.3 has.
 */
const FIRST: Plan = { version: '1.2', resumption: null };

export class TlsMemory {
  /** The longest known first. */
  readonly #servers = new Map<string, Server>();

  planFor(server: string, now: number): Plan {
    const known = this.#servers.get(server);
    if (known === undefined) return FIRST;
    return now - known.since < LONGEST_RESUMPTION ? known.plan : { ...known.plan, resumption: null };
  }

  /** A connection that began by `plan` did what it was to do. */
  keep(server: string, plan: Plan, resumption: Uint8Array | null, now: number): void {
    const known = this.#servers.get(server);
    const since = plan.resumption !== null && known !== undefined ? known.since : now;
    this.#servers.delete(server);
    this.#servers.set(server, { plan: { version: plan.version, resumption }, since });
    if (this.#servers.size <= MOST_SERVERS) return;
    for (const longest of this.#servers.keys()) {
      this.#servers.delete(longest);
      return;
    }
  }

  /** The plan has failed. */
  forget(server: string): void {
    this.#servers.delete(server);
  }
}
