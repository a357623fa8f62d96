// The last will of the vrrp process: for each instance that is master, what the supervisor has to do in its name when it is dead.
// Plain data that crosses to the supervisor as JSON whenever it changes, which is seldom: not with every advertisement.
import { parseAddress } from '../address.ts';
import type { ChecksumForm } from './checksum.ts';
import { datagramOf } from './ip-header.ts';
import { encode } from './packet.ts';

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

/** A farewell ready to be sent: a whole IP datagram. */
export interface Farewell {
  readonly interface: number;
  readonly destination: Uint8Array;
  readonly datagram: Uint8Array;
}

/** The priority-0 advertisements of an instance, one for each destination. */
export function farewells(bequest: Bequest): Farewell[] {
  const { checksumForm, hops } = bequest;
  const { version, virtualRouterId, interval, addresses } = bequest.advertisement;
  const source = bytesOf(bequest.source);
  const advertisement = {
    version,
    virtualRouterId,
    interval,
    priority: 0,
    addresses: addresses.map(bytesOf),
  };
  return bequest.destinations.map(bytesOf).map(destination => ({
    interface: bequest.interface,
    destination,
    datagram: datagramOf(encode(advertisement, source, destination, checksumForm), {
      source,
      destination,
      hops,
    }),
  }));
}

function bytesOf(address: string): Uint8Array {
  const bytes = parseAddress(address);
  if (bytes === null) throw new TypeError(`${address} is no address`);
  return bytes;
}
