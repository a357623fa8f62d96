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

export interface DesiredNetwork {
  /** Names of interfaces that are to be up. */
  readonly links: readonly string[];
  readonly addresses: readonly NetworkAddress[];
  readonly routes: readonly NetworkRoute[];
}

export interface ActualLink {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
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
