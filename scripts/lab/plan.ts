// The lab on paper: who is there, on which segment, under which address. Documentation prefixes (RFC 5737, RFC 3849) throughout.

/** Ethernet segments, each a bridge in the namespace `switch`; a board's eth0, eth1, eth2 are plugged into them in this order. */
export const segments = ['outside', 'inside', 'spare'] as const;
export type Segment = (typeof segments)[number];

/** A host's IPv6 addresses, both in a /64. */
export interface SixPlan {
  readonly outside: string;
  readonly inside: string;
}

export interface DirectorPlan {
  readonly name: string;
  readonly outside: string;
  readonly inside: string;
  readonly six: SixPlan;
  readonly priority: number;
}

export interface WebPlan {
  readonly name: string;
  /** Here it answers clients directly (DR). */
  readonly outside: string;
  /** Here it is reached through the director both ways (NAT). */
  readonly inside: string;
  readonly six: SixPlan;
}

function six(host: string): SixPlan {
  return { outside: `2001:db8:1::${host}`, inside: `2001:db8:2::${host}` };
}

export const directors: readonly [DirectorPlan, DirectorPlan] = [
  { name: 'director1', outside: '192.0.2.11', inside: '198.51.100.11', six: six('11'), priority: 150 },
  { name: 'director2', outside: '192.0.2.12', inside: '198.51.100.12', six: six('12'), priority: 100 },
];

export const webs: readonly [WebPlan, WebPlan] = [
  { name: 'web1', outside: '192.0.2.21', inside: '198.51.100.21', six: six('21') },
  { name: 'web2', outside: '192.0.2.22', inside: '198.51.100.22', six: six('22') },
];

export const client = { name: 'client', outside: '192.0.2.2', six: '2001:db8:1::2' } as const;

/** Virtual addresses that move with the master. */
export const vip = {
  /** Real servers hold it on lo and answer directly. */
  direct: '192.0.2.100',
  nat: '192.0.2.101',
  /** Tunnelled to the real servers (IPIP). */
  tunnel: '192.0.2.102',
  /** Takes nothing but its services (no_accept); tests use it. */
  strict: '192.0.2.103',
  /** Default gateway of the real servers on the inside. */
  gateway: '198.51.100.1',
  /** The same for IPv6, in labs whose services use it. */
  six: {
    direct: '2001:db8:1::100',
    nat: '2001:db8:1::101',
    gateway: '2001:db8:2::1',
  },
} as const;

/** Milliseconds between VRRP advertisements. */
export const advertInterval = 100;

/** Name of the tap that a board's port is plugged into; the kernel allows 15 characters. */
export function tapName(director: string, segment: Segment): string {
  return `${director.replace('director', 'd')}-${segment}`;
}

/** A locally administered MAC address, the same in every run: the board's number, then the port's. */
export function macAddress(board: number, port: number): string {
  return `02:00:5e:00:${board.toString(16).padStart(2, '0')}:${port.toString(16).padStart(2, '0')}`;
}
