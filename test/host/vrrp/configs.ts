// Configurations of one group, in the language that keepalived and the director share.

export interface GroupOptions {
  readonly name?: string;
  readonly version: 2 | 3;
  /** Seconds. */
  readonly interval: number;
  readonly priority: number;
  readonly virtualRouterId?: number;
  readonly addresses?: readonly string[];
  readonly nopreempt?: boolean;
}

export const VIP = '10.9.0.100';

export function group(options: GroupOptions): string {
  const { name = 'web', virtualRouterId = 51, addresses = [VIP], nopreempt = false } = options;
  return `
vrrp_instance ${name} {
  state BACKUP
  interface va
  virtual_router_id ${virtualRouterId}
  priority ${options.priority}
  version ${options.version}
  advert_int ${options.interval}
  ${nopreempt ? 'nopreempt' : ''}
  virtual_ipaddress {
    ${addresses.join('\n    ')}
  }
}
`;
}
