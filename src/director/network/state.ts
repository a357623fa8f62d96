// Interfaces, addresses and routes, as they should be or as the kernel has them: plain values that can be compared.

export interface NetworkAddress {
  /** Name of the interface. */
  readonly interface: string;
  readonly address: string;
  readonly prefix: number;
}

export interface NetworkRoute {
  /** The network, without host bits. */
  readonly destination: string;
  readonly prefix: number;
  /** Null: directly connected. */
  readonly gateway: string | null;
  readonly interface: string;
  readonly metric: number;
}

/** An IEEE 802.1Q interface. */
export interface NetworkVlan {
  readonly name: string;
  /** Name of the interface it stands on. */
  readonly base: string;
  /** 1..4094 */
  readonly id: number;
}

export interface DesiredNetwork {
  /** Names of interfaces that are to be up; the base of a VLAN before the VLAN. */
  readonly links: readonly string[];
  /** Those of `links` that are to be made. */
  readonly vlans: readonly NetworkVlan[];
  readonly addresses: readonly NetworkAddress[];
  readonly routes: readonly NetworkRoute[];
}

export interface ActualLink {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  /** Index of the interface this one stands on; 0: none. */
  readonly lower: number;
  /** IFLA_GROUP */
  readonly group: number;
  /** Id of an IEEE 802.1Q interface; null for all others. */
  readonly vlan: number | null;
}

/** An entry of the kernel with the number of who set it. */
export type Marked<T> = T & { readonly protocol: number };

export interface ActualNetwork {
  readonly links: readonly ActualLink[];
  readonly addresses: readonly Marked<NetworkAddress>[];
  /** Those of the main table. */
  readonly routes: readonly Marked<NetworkRoute>[];
}

export function sameAddress(a: NetworkAddress, b: NetworkAddress): boolean {
  return a.interface === b.interface && a.address === b.address && a.prefix === b.prefix;
}

export function sameRoute(a: NetworkRoute, b: NetworkRoute): boolean {
  return sameDestination(a, b) && a.gateway === b.gateway && a.interface === b.interface;
}

/** True when the kernel would not have both. */
export function sameDestination(a: NetworkRoute, b: NetworkRoute): boolean {
  return a.destination === b.destination && a.prefix === b.prefix && a.metric === b.metric;
}
