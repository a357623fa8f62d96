// A director that has much to do beside VRRP: 200 checked servers, and a service whose packets it forwards.
import { directors, vip, webs } from '../../lab/plan.ts';

const [director] = directors;

export const VIRTUAL_ROUTER_ID = 77;
/** Milliseconds between advertisements. */
export const INTERVAL = 20;
export const SERVICES = 20;
/** Addresses that a web server has inside, besides its first. */
export const ADDRESSES = 5;
/** Datagrams to this port are forwarded. */
export const FORWARDED_PORT = 9;

/** The inside addresses of a web server, of which each counts as a real server. */
export function insideAddresses(web: number): string[] {
  return Array.from({ length: ADDRESSES }, (_, index) => `198.51.100.${100 + 10 * web + index}`);
}

const check = `HTTP_GET {
      url {
        path /
        status_code 200
      }
      connect_timeout 3
      retry 1
      delay_before_retry 1
    }`;

function virtualServer(port: number, protocol: 'TCP' | 'UDP', servers: readonly string[]): string {
  const real = servers.map(
    server => `
  real_server ${server} {
    weight 1
    ${protocol === 'TCP' ? check : ''}
  }`,
  );
  return `
virtual_server ${vip.nat} ${port} {
  delay_loop 6
  lb_algo rr
  lb_kind NAT
  protocol ${protocol}${real.join('')}
}
`;
}

/** The whole configuration. */
export function busyConfig(passwordHash: string): string {
  const inside = webs.flatMap((_, web) => insideAddresses(web));
  const services = Array.from({ length: SERVICES }, (_, index) =>
    virtualServer(
      8001 + index,
      'TCP',
      inside.map(address => `${address} 80`),
    ),
  );
  return `system {
  hostname ${director.name}
  password_hash "${passwordHash}"
}

interface eth0 {
  address ${director.outside}/24
}

interface eth1 {
  address ${director.inside}/24
}

vrrp_instance lab {
  interface eth0
  virtual_router_id ${VIRTUAL_ROUTER_ID}
  priority 150
  version 3
  advert_int ${INTERVAL / 1000}
  virtual_ipaddress {
    ${vip.nat}/24
    ${vip.gateway}/24 dev eth1
  }
}
${services.join('')}${virtualServer(
  FORWARDED_PORT,
  'UDP',
  webs.map(web => `${web.inside} ${FORWARDED_PORT}`),
)}`;
}
