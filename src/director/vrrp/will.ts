// The last will of the vrrp process: for each instance that is master, what the supervisor has to do in its name when it is dead.
// Plain data that crosses to the supervisor as JSON whenever it changes, which is seldom: not with every advertisement.
import { parseAddress } from '../address.ts';
import type { AuthenticationConfig } from '../config/vrrp-config.ts';
import { sealAdvertisement } from './advertisement.ts';
import { authenticationOf } from './authentication.ts';
import type { ChecksumForm } from './checksum.ts';
import type { Envelope } from './packet.ts';
import { clockSequence } from './sequence.ts';

export interface Bequest {
  /** Addresses to take off. */
  readonly held: readonly {
    /** Kernel index. */
    readonly interface: number;
    readonly address: string;
    readonly prefix: number;
  }[];
  /** What the advertisements say, apart from the priority. */
  readonly advertisement: {
    readonly version: 2 | 3;
    readonly virtualRouterId: number;
    /** Milliseconds. */
    readonly interval: number;
    readonly addresses: readonly string[];
    readonly authentication: AuthenticationConfig;
  };
  readonly checksumForm: ChecksumForm;
  /** Kernel index of the interface that they leave by. */
  readonly interface: number;
  readonly source: string;
  /** The multicast group, or every peer. */
  readonly destinations: readonly string[];
  /** TTL or hop limit. */
  readonly hops: number;
}

/** What the vrrp process tells the supervisor: this instance's part of the will from now on, null when it is master no more. */
export interface WillChange {
  /** Names the instance as long as the process lives; its name may change. */
  readonly key: number;
  readonly instance: string;
  readonly bequest: Bequest | null;
}

/** A farewell ready to be sent. */
export interface Farewell {
  readonly message: Uint8Array;
  readonly envelope: Envelope;
}

/** Addresses of one bequest; a message to the supervisor may have 32 KiB. */
const MOST_HELD = 100;

/**
 * A bequest without what the farewell can do without: keys that do not sign, and addresses beyond the first 100. Those are taken off
 * by the purge that follows every execution.
 */
export function abridge({ held, advertisement, ...rest }: Bequest): Bequest {
  const { authentication } = advertisement;
  const signs = ({ id }: { readonly id: number }) =>
    authentication.kind === 'HMAC' && id === authentication.activeKey;
  const brief =
    authentication.kind === 'HMAC'
      ? { ...authentication, keys: authentication.keys.filter(signs) }
      : authentication;
  return {
    ...rest,
    held: held.slice(0, MOST_HELD),
    advertisement: { ...advertisement, authentication: brief },
  };
}

/** The priority-0 advertisements of an instance, one for each destination. `wall`: milliseconds since 1970. */
export function farewells({ advertisement, checksumForm, ...way }: Bequest, wall: number): Farewell[] {
  const { version, virtualRouterId, interval, addresses, authentication } = advertisement;
  const settings = {
    version,
    virtualRouterId,
    advertInterval: interval,
    addresses: addresses.map(bytesOf),
    authentication: authenticationOf(authentication),
  };
  const source = bytesOf(way.source);
  // The clock is past every sequence that was sent, unless it was set back: then the peers take this for a repetition, and wait for the
  // silence. One that is guessed too high would make them deaf to the next process.
  const sequence = clockSequence(wall);
  return way.destinations.map(bytesOf).map(destination => {
    const message = sealAdvertisement({ settings, checksumForm }, 0, source, destination, sequence);
    return { message, envelope: { source, destination, hops: way.hops } };
  });
}

/** Throws a TypeError when the text is no address. */
export function bytesOf(address: string): Uint8Array {
  const bytes = parseAddress(address);
  if (bytes === null) throw new TypeError(`${address} is no address`);
  return bytes;
}
