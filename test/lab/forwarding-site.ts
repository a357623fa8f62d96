// A site whose services use every way to a real server: where they are, its configuration, and what ipvsadm is to show of it.
import { directors, vip, webs } from '../../scripts/lab/plan.ts';

const [web1, web2] = webs;
const [director] = directors;

export const address = {
  tunnel: '192.0.2.110',
  checked: '192.0.2.111',
  local: '192.0.2.112',
  sorry: '192.0.2.115',
  group: ['192.0.2.116', '192.0.2.117'],
  tunnel6: '2001:db8:1::110',
  checked6: '2001:db8:1::111',
  marked6: '2001:db8:1::112',
} as const;
export const four = [address.tunnel, address.checked, address.local, address.sorry, ...address.group];
export const six = [address.tunnel6, address.checked6, address.marked6];

export const GUE_PORT = 6080;
export const UDP_PORT = 5300;
export const ONE_PACKET_PORT = 5301;
export const SIP_PORT = 5060;
export const SCTP_PORT = 2905;

const outside = webs.map(web => web.outside);
const outside6 = webs.map(web => web.six.outside);

/** A service whose servers have its port. */
function service(key: string, port: number, lines: string, servers: readonly string[]): string {
  const real = servers.map(server => `  real_server ${server} ${port} {\n    weight 1\n  }\n`);
  return `\nvirtual_server ${key} {\n  lvs_sched rr\n  ${lines}\n${real.join('')}}\n`;
}

function tcp(vip: string, port: number, method: string, servers: readonly string[]): string {
  return service(`${vip} ${port}`, port, `lvs_method ${method}\n  protocol TCP`, servers);
}

function other(protocol: string, vip: string, port: number, method: string, more = ''): string {
  const servers = webs.map(web => (method === 'NAT' ? web.inside : web.outside));
  return service(`${vip} ${port}`, port, `lvs_method ${method}\n  protocol ${protocol}\n  ${more}`, servers);
}

/** A service of TCP that both real servers serve. */
export interface Way {
  readonly name: string;
  readonly vip: string;
  readonly port: number;
  readonly method: string;
  readonly servers: readonly string[];
  /** What the end of the tunnel says. */
  readonly tunnel?: string;
}

const gue = `TUN type gue port ${GUE_PORT}`;
export const ways: readonly Way[] = [
  {
    name: 'IPv4 in IPv4',
    vip: address.tunnel,
    port: 80,
    method: 'TUN',
    servers: outside,
    tunnel: 'ipip over IPv4: IPv4',
  },
  {
    name: 'IPv4 in GRE over IPv4',
    vip: address.tunnel,
    port: 8000,
    method: 'TUN type gre',
    servers: outside,
    tunnel: 'gre over IPv4: IPv4',
  },
  {
    name: 'IPv4 in GUE over IPv4',
    vip: address.tunnel,
    port: 8080,
    method: gue,
    servers: outside,
    tunnel: 'gue over IPv4: IPv4',
  },
  {
    name: 'IPv4 in GRE with checksum',
    vip: address.checked,
    port: 8000,
    method: 'TUN type gre csum',
    servers: outside,
    tunnel: 'gre over IPv4 with checksum: IPv4',
  },
  {
    name: 'IPv4 in GUE with checksum',
    vip: address.checked,
    port: 8080,
    method: `${gue} csum`,
    servers: outside,
    tunnel: 'gue over IPv4: IPv4',
  },
  {
    name: 'IPv4 in IPv6',
    vip: address.checked,
    port: 80,
    method: 'TUN',
    servers: outside6,
    tunnel: 'ipip over IPv6: IPv4',
  },
  {
    name: 'IPv6 in IPv6',
    vip: address.tunnel6,
    port: 80,
    method: 'TUN',
    servers: outside6,
    tunnel: 'ipip over IPv6: IPv6',
  },
  {
    name: 'IPv6 in GRE over IPv6',
    vip: address.tunnel6,
    port: 8000,
    method: 'TUN type gre',
    servers: outside6,
    tunnel: 'gre over IPv6: IPv6',
  },
  {
    name: 'IPv6 in GUE over IPv6',
    vip: address.tunnel6,
    port: 8080,
    method: gue,
    servers: outside6,
    tunnel: 'gue over IPv6: IPv6',
  },
  {
    name: 'IPv6 in IPv4',
    vip: address.checked6,
    port: 80,
    method: 'TUN',
    servers: outside,
    tunnel: 'ipip over IPv4: IPv6',
  },
  {
    name: 'IPv6 in GRE over IPv4 with checksum',
    vip: address.checked6,
    port: 8000,
    method: 'TUN type gre csum',
    servers: outside,
    tunnel: 'gre over IPv4 with checksum: IPv6',
  },
  { name: 'IPv6, direct', vip: vip.six.direct, port: 80, method: 'DR', servers: outside6 },
  {
    name: 'IPv6, NAT',
    vip: vip.six.nat,
    port: 80,
    method: 'NAT',
    servers: webs.map(web => web.six.inside),
  },
];

export const forwardingConfig = `
vrrp_instance forwarding {
  interface eth0
  virtual_router_id 53
  priority 150
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${four.map(each => `${each}/24`).join('\n    ')}
  }
  virtual_ipaddress_excluded {
    ${[vip.six.direct, vip.six.nat, ...six].map(each => `${each}/64`).join('\n    ')}
    ${vip.six.gateway}/64 dev eth1
  }
}
${ways.map(way => tcp(way.vip, way.port, way.method, way.servers)).join('')}
${tcp(address.local, 80, 'DR', [director.outside, web1.outside])}
virtual_server ${address.local} 8000 {
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server ${director.inside} 80 {
    weight 1
  }
}
${other('UDP', vip.direct, UDP_PORT, 'DR')}${other('UDP', vip.nat, UDP_PORT, 'NAT')}
${service(`${vip.six.direct} ${UDP_PORT}`, UDP_PORT, 'lvs_method DR\n  protocol UDP', outside6)}
${service(
  `${vip.six.nat} ${UDP_PORT}`,
  UDP_PORT,
  'lvs_method NAT\n  protocol UDP',
  webs.map(web => web.six.inside),
)}
${other('UDP', vip.direct, ONE_PACKET_PORT, 'DR', 'ops')}
${other('UDP', vip.direct, SIP_PORT, 'DR', 'persistence_timeout 300\n  persistence_engine sip')}
${other('SCTP', vip.direct, SCTP_PORT, 'DR')}${other('SCTP', vip.nat, SCTP_PORT, 'NAT')}

mark 9 {
  protocol TCP
  destination ${address.marked6}
  port 80 8000
}

virtual_server fwmark 9 {
  ip_family inet6
  lvs_sched rr
  lvs_method DR
  real_server ${web1.six.outside} 0 {
    weight 1
  }
  real_server ${web2.six.outside} 0 {
    weight 1
  }
}

virtual_server ${address.tunnel} 9001 {
  lvs_sched mh
  mh-fallback
  mh-port
  lvs_method DR
  protocol TCP
  real_server ${web1.outside} 9001 {
    weight 3
    uthreshold 100
    lthreshold 50
  }
}

virtual_server ${address.tunnel6} 9001 {
  lvs_sched wlc
  lvs_method DR
  protocol TCP
  persistence_timeout 60
  persistence_granularity 64
  real_server ${web1.six.outside} 9001 {
    weight 3
  }
}

virtual_server ${address.tunnel} 9002 {
  lvs_sched sh
  sh-port
  lvs_method DR
  protocol TCP
  adopt_manual_weights
  real_server ${web1.outside} 9002 {
    weight 3
  }
  real_server ${web2.outside} 9002 {
    weight 3
  }
}

virtual_server ${address.tunnel} 9003 {
  lvs_sched wrr
  lvs_method DR
  protocol TCP
  persistence_timeout 300
  persistence_granularity 255.255.255.0
  real_server ${web1.outside} 9003 {
    weight 3
  }
  real_server ${web2.outside} 9003 {
    weight 3
  }
}

virtual_server_group several {
  ${address.group[0]}-117 80
  ${address.group[0]} 8000
}

virtual_server group several {
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server ${web1.inside} 80 {
    weight 1
  }
  real_server ${web2.inside} 80 {
    weight 1
  }
}

virtual_server ${address.sorry} 80 {
  delay_loop 0.5
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  sorry_server ${web2.inside} 80
  real_server ${web1.inside} 80 {
    weight 1
    MISC_CHECK {
      misc_path "test -e /tmp/well"
    }
  }
}
`;

const forwardings: Readonly<Record<string, string>> = {
  DR: '-g',
  NAT: '-m',
  TUN: '-i --tun-type ipip',
  'TUN type gre': '-i --tun-type gre --tun-nocsum',
  'TUN type gre csum': '-i --tun-type gre --tun-csum',
  [gue]: `-i --tun-type gue --tun-port ${GUE_PORT} --tun-nocsum`,
  [`${gue} csum`]: `-i --tun-type gue --tun-port ${GUE_PORT} --tun-csum`,
};

/** A service and its servers as `ipvsadm -Sn` saves them. */
function saved(
  service: string,
  settings: string,
  servers: readonly string[],
  method: string,
  weight = 1,
): string[] {
  const [flag, ...tunnel] = forwardings[method]!.split(' ');
  const end = ['', ...tunnel].join(' ');
  return [
    `-A ${service} -s ${settings}`,
    ...servers.map(server => `-a ${service} -r ${server} ${flag} -w ${weight}${end}`),
  ];
}

const at = (host: string, port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
const both = (port: number) => outside.map(host => at(host, port));
const bothInside = (port: number) => webs.map(web => at(web.inside, port));
const own = address.tunnel;

/** What `ipvsadm -Sn` is to save of the services that are not those of every lab, while the sorry server is in use. */
export const savedTable: readonly string[] = [
  ...ways.flatMap(({ vip, port, servers, method }) =>
    saved(
      `-t ${at(vip, port)}`,
      'rr',
      servers.map(host => at(host, port)),
      method,
    ),
  ),
  ...saved(`-t ${at(address.local, 80)}`, 'rr', [at(director.outside, 80), at(web1.outside, 80)], 'DR'),
  ...saved(`-t ${at(address.local, 8000)}`, 'rr', [at(director.inside, 80)], 'NAT'),
  ...saved(`-t ${at(address.sorry, 80)}`, 'rr', [at(web2.inside, 80)], 'NAT'),
  ...saved(`-u ${at(vip.direct, UDP_PORT)}`, 'rr', both(UDP_PORT), 'DR'),
  ...saved(`-u ${at(vip.nat, UDP_PORT)}`, 'rr', bothInside(UDP_PORT), 'NAT'),
  ...saved(
    `-u ${at(vip.six.direct, UDP_PORT)}`,
    'rr',
    outside6.map(host => at(host, UDP_PORT)),
    'DR',
  ),
  ...saved(
    `-u ${at(vip.six.nat, UDP_PORT)}`,
    'rr',
    webs.map(web => at(web.six.inside, UDP_PORT)),
    'NAT',
  ),
  ...saved(`-u ${at(vip.direct, ONE_PACKET_PORT)}`, 'rr -o', both(ONE_PACKET_PORT), 'DR'),
  ...saved(`-u ${at(vip.direct, SIP_PORT)}`, 'rr -p 300 --pe sip', both(SIP_PORT), 'DR'),
  ...saved(`--sctp-service ${at(vip.direct, SCTP_PORT)}`, 'rr', both(SCTP_PORT), 'DR'),
  ...saved(`--sctp-service ${at(vip.nat, SCTP_PORT)}`, 'rr', bothInside(SCTP_PORT), 'NAT'),
  ...saved(
    '-f 9 -6',
    'rr',
    outside6.map(host => at(host, 0)),
    'DR',
  ),
  ...[at(address.group[0], 80), at(address.group[1], 80), at(address.group[0], 8000)].flatMap(key =>
    saved(`-t ${key}`, 'rr', bothInside(80), 'NAT'),
  ),
  ...saved(`-t ${own}:9001`, 'mh -b mh-fallback,mh-port', [at(web1.outside, 9001)], 'DR', 3),
  ...saved(`-t ${at(address.tunnel6, 9001)}`, 'wlc -p 60 -M 64', [at(web1.six.outside, 9001)], 'DR', 3),
  ...saved(`-t ${own}:9002`, 'sh -b sh-port', both(9002), 'DR', 3),
  ...saved(`-t ${own}:9003`, 'wrr -p 300 -M 255.255.255.0', both(9003), 'DR', 3),
];
