// 200 services with 10 servers each, of which director and keepalived read the same description.
import { vip, webs } from '../../lab/plan.ts';

export const SERVICES = 200;
/** Addresses that a web server has inside; each is a real server of every service. */
export const ADDRESSES = 5;
export const SERVERS = SERVICES * ADDRESSES * webs.length;

export const kinds = ['TCP_CHECK', 'HTTP_GET'] as const;
export type Kind = (typeof kinds)[number];

/** What is connected to. */
const ports: Readonly<Record<Kind, number>> = { TCP_CHECK: 80, HTTP_GET: 80 };

/** How the address of every real server begins. */
export const INSIDE = '198.51.100.';

/** The inside addresses of a web server. */
export function insideAddresses(web: number): string[] {
  return Array.from({ length: ADDRESSES }, (_, index) => `${INSIDE}${100 + 10 * web + index}`);
}

function check(kind: Kind): string {
  const url = `
      url {
        path /
        status_code 200
      }`;
  return `${kind} {${kind === 'TCP_CHECK' ? '' : url}
      connect_timeout 3
      retry 1
      delay_before_retry 1
    }`;
}

function virtualServer(kind: Kind, number: number, interval: number): string {
  const servers = webs
    .flatMap((_, web) => insideAddresses(web))
    .map(
      address => `
  real_server ${address} ${ports[kind]} {
    weight 1
    ${check(kind)}
  }`,
    );
  return `
virtual_server ${vip.nat} ${8001 + number} {
  delay_loop ${interval}
  lb_algo rr
  lb_kind NAT
  protocol TCP${servers.join('')}
}
`;
}

/** All of them, each server checked every `interval` seconds. */
export function checkedConfig(kind: Kind, interval: number): string {
  return Array.from({ length: SERVICES }, (_, number) => virtualServer(kind, number, interval)).join('');
}

/** Milliseconds between advertisements. */
export const INTERVAL = 20;

/** A VRRP instance that advertises as fast as any does. */
export function advertiser(): string {
  return `
vrrp_instance bench {
  interface eth0
  virtual_router_id 77
  priority 150
  version 3
  advert_int ${INTERVAL / 1000}
  virtual_ipaddress {
    ${vip.nat}/24
  }
}
`;
}
