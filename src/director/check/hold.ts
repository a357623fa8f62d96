// Who keeps a real server from getting new connections, and until when: a person, a file in the maintenance directory, or the
// server itself (pure).
import type { Order } from '../protocol.ts';
import { type CheckState, type ServerState, wishOf } from './state.ts';

/** What a person ordered of one server. */
export interface Ordered {
  readonly kind: 'drain' | 'maintain';
  /** Milliseconds since 1970, as the order says. */
  readonly at: number;
  /** The same moment in monotonic milliseconds. */
  readonly since: number;
  /** Milliseconds from then on after which a drain ends whoever is still connected; null: never. What the service says unless it is there. */
  readonly timeout?: number | null;
}

export interface Hold {
  readonly kind: 'drain' | 'maintain';
  /** In words. */
  readonly reason: string;
}

/** Those who may hold a server. */
export interface Holders {
  readonly ordered: Ordered | null;
  /** Name of its file in the maintenance directory. */
  readonly noted: string | null;
  readonly state: Pick<ServerState, 'checks'>;
}

/** The clocks at the moment of an order. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Milliseconds since 1970. */
  readonly wall: number;
}

/** What an order makes of what was ordered before. */
export function afterOrder(
  before: Ordered | null,
  { kind, at, timeout }: Pick<Order, 'kind' | 'at' | 'timeout'>,
  { now, wall }: Moment,
): Ordered | null {
  if (kind === 'forgive') return before;
  if (kind === 'undrain' || kind === 'resume') return null;
  // A clock that was set back since then must not make a drain longer than it was to be.
  const since = now - Math.max(0, wall - at);
  return { kind, at, since, ...(timeout !== undefined && { timeout }) };
}

const WISHES: Readonly<Record<NonNullable<CheckState['order']>, string>> = {
  drain: 'the server itself asked for a drain',
  maintain: 'the server itself asked for maintenance',
};

/** What is in force of all that holds a server: a person before a file before the server itself; null: nothing does. */
export function holdOf({ ordered, noted, state }: Holders): Hold | null {
  if (ordered !== null) {
    const { kind } = ordered;
    return { kind, reason: kind === 'drain' ? 'drain ordered' : 'maintenance ordered' };
  }
  if (noted !== null) return { kind: 'maintain', reason: `maintenance file ${noted}` };
  const wish = wishOf(state);
  return wish === null ? null : { kind: wish, reason: WISHES[wish] };
}
