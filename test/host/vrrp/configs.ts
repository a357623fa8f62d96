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
  /** Of version 2. */
  readonly password?: string;
  readonly unicast?: { readonly source: string; readonly peer: string };
}

export const VIP = '10.9.0.100';

export function group(options: GroupOptions): string {
  const { name = 'web', virtualRouterId = 51, addresses = [VIP], nopreempt = false } = options;
  const { password, unicast } = options;
  return `
vrrp_instance ${name} {
  state BACKUP
  interface va
  virtual_router_id ${virtualRouterId}
  priority ${options.priority}
  version ${options.version}
  advert_int ${options.interval}
  ${nopreempt ? 'nopreempt' : ''}
  ${password === undefined ? '' : authentication(password)}
  ${unicast === undefined ? '' : between(unicast)}
  virtual_ipaddress {
    ${addresses.join('\n    ')}
  }
}
`;
}

function authentication(password: string): string {
  return `authentication {
    auth_type PASS
    auth_pass ${password}
  }`;
}

function between({ source, peer }: { readonly source: string; readonly peer: string }): string {
  return `unicast_src_ip ${source}
  unicast_peer {
    ${peer}
  }`;
}
