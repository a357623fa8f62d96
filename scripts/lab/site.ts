// The configuration of a director in the lab, as text, and the card it goes to.
import { execFileSync } from 'node:child_process';
import { advertInterval, type DirectorPlan, vip, webs } from './plan.ts';

/** A crypt(5) hash, SHA-512 with a random salt. */
export function hashPassword(password: string): string {
  return execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim();
}

function virtualServer(address: string, kind: 'DR' | 'NAT', realServers: readonly string[]): string {
  const servers = realServers.map(
    server => `
  real_server ${server} 80 {
    weight 1
    HTTP_GET {
      url {
        path /
        status_code 200
      }
      connect_timeout 3
      retry 1
      delay_before_retry 1
    }
  }`,
  );
  return `
virtual_server ${address} 80 {
  delay_loop 2
  lb_algo rr
  lb_kind ${kind}
  protocol TCP${servers.join('')}
}
`;
}

export interface SiteOptions {
  /** Appended as it stands. */
  readonly more?: string | undefined;
  /** A line for the VRRP instance. */
  readonly election?: string;
  /** False: no connections are copied to the other director. */
  readonly syncs?: boolean;
}

/** The whole configuration of one director. */
export function siteConfig(
  director: DirectorPlan,
  passwordHash: string,
  { more = '', election = '', syncs = true }: SiteOptions = {},
): string {
  const direct = webs.map(web => web.outside);
  const inside = webs.map(web => web.inside);
  return `# ${director.name} of the lab
global_defs {
  router_id ${director.name}${syncs ? '\n  lvs_sync_daemon eth1 lab id 51' : ''}
}

system {
  hostname ${director.name}
  password_hash "${passwordHash}"
}

interface eth0 {
  address ${director.outside}/24
  address ${director.six.outside}/64
}

interface eth1 {
  address ${director.inside}/24
  address ${director.six.inside}/64
}

vrrp_instance lab {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${director.priority}
  version 3
  advert_int ${advertInterval / 1000}${election && `\n  ${election}`}
  virtual_ipaddress {
    ${vip.direct}/24
    ${vip.nat}/24
    ${vip.tunnel}/24
    ${vip.gateway}/24 dev eth1
  }
}
${virtualServer(vip.direct, 'DR', direct)}${virtualServer(vip.nat, 'NAT', inside)}${more}`;
}
