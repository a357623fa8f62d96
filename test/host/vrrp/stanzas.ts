// Configurations of one instance on `va`, with any lines of its own.

export interface Stanza {
  readonly name?: string;
  readonly priority: number;
  readonly virtualRouterId?: number;
  /** Seconds; version 3. */
  readonly interval?: number;
  readonly addresses: readonly string[];
  readonly excluded?: readonly string[];
  /** Further lines of the instance. */
  readonly lines?: readonly string[];
}

/** An instance of version 3. */
export function stanza(options: Stanza): string {
  const { name = 'web', priority, virtualRouterId = 51, interval = 0.1 } = options;
  const { addresses, excluded = [], lines = [] } = options;
  return `
vrrp_instance ${name} {
  interface va
  virtual_router_id ${virtualRouterId}
  priority ${priority}
  version 3
  advert_int ${interval}
  ${lines.join('\n  ')}
  virtual_ipaddress {
    ${addresses.join('\n    ')}
  }
  virtual_ipaddress_excluded {
    ${excluded.join('\n    ')}
  }
}
`;
}
