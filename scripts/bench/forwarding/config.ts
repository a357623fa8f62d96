// The director that is measured: three services with one real server each, by the three ways to reach it, as a configuration and as a table.
import { client, directors, vip } from '../../lab/plan.ts';

const [director] = directors;
export const PORT = 9;

export const methods = ['DR', 'NAT', 'TUN'] as const;
export type Method = (typeof methods)[number];

const virtual: Readonly<Record<Method, string>> = { DR: vip.direct, NAT: vip.nat, TUN: vip.tunnel };
/** Letters of ipvsadm(8). */
const letters: Readonly<Record<Method, string>> = { DR: 'g', NAT: 'm', TUN: 'i' };

/** Everybody but the board: clients outside, servers inside. */
export const LAB_MAC = '02:00:5e:00:99:01';
export const BOARD_MACS = ['02:00:5e:00:01:00', '02:00:5e:00:01:01'] as const;

export const server = '198.51.100.21';

/** From whom to whom datagrams go that a method forwards, and the other way. */
export function parties(method: Method): { client: string; service: string; server: string } {
  return { client: client.outside, service: virtual[method], server };
}

/** For the product. */
export function configuration(passwordHash: string): string {
  const services = methods.map(
    method => `
virtual_server ${virtual[method]} ${PORT} {
  delay_loop 6
  lb_algo rr
  lb_kind ${method}
  protocol UDP
  real_server ${server} ${PORT} {
    weight 1
  }
}
`,
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

vrrp_instance bench {
  interface eth0
  virtual_router_id 77
  priority 150
  version 3
  advert_int 1
  virtual_ipaddress {
    ${Object.values(virtual).join('/24\n    ')}/24
    ${vip.gateway}/24 dev eth1
  }
}
${services.join('')}`;
}

/** Has the product track what it balances: its servers reach out behind its address. */
export const tracking = `
masquerade 198.51.100.0/24 {
  interface eth0
}
tuning {
  conntrack 1
}
`;

/** Shell commands that set up the same by hand, with the sysctls that the product sets. */
export const setUp = `
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
sysctl -q -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
ip link set lo up
ip address add ${director.outside}/24 dev eth0
ip address add ${director.inside}/24 dev eth1
${Object.values(virtual)
  .map(address => `ip address add ${address}/24 dev eth0`)
  .join('\n')}
ip link set eth0 up
ip link set eth1 up
printf '${methods
  .map(
    method =>
      `-A -u ${virtual[method]}:${PORT} -s rr\\n-a -u ${virtual[method]}:${PORT} -r ${server}:${PORT} -${letters[method]} -w 1\\n`,
  )
  .join('')}' | ipvsadm -R`;
