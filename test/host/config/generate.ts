// Random configurations within the vocabulary, in the many ways that people write them. Most are right; some hold a value at or
// beyond a limit.

import {
  globalServiceLines,
  realServerLines,
  serverGroup,
  serviceLines,
  tunnelMethod,
} from './generate-service.ts';
import { block, pick, type Random, shuffle, some, value } from './random.ts';

/** Interfaces that exist where keepalived is asked. */
export interface Interfaces {
  readonly first: string;
  readonly second: string;
}

export function generate(random: Random, interfaces: Interfaces): string {
  const blocks: string[] = [];
  blocks.push(globals(random));
  const instances = random(3);
  for (let i = 0; i < instances; i++) blocks.push(instance(random, interfaces, i));
  const services = random(3) + (instances === 0 ? 1 : 0);
  for (let i = 0; i < services; i++) blocks.push(service(random, i));
  return dress(random, blocks.join('\n'));
}

function globals(random: Random): string {
  const names = ['director1', '"two words"', 'a b', "it's", 'LVS_DEVEL', 'a"b c"d', 'back\\slash'];
  return block('global_defs', [
    'enable_script_security',
    'script_user root',
    ...some(random, globalServiceLines(random), 8),
    `router_id ${pick(random, names)}`,
    ...some(random, [`vrrp_version ${value(random, ['2', '3'], ['4', '1'])}`]),
  ]);
}

function instance(random: Random, { first, second }: Interfaces, i: number): string {
  const addresses = Array.from({ length: 1 + random(3) }, (_, at) => {
    const address = `10.9.${i}.${random(20) === 0 ? 1 : at + 1}`;
    const prefix = value(random, ['', '/24', '/32', '/16'], ['/33', '/0', '/x', '/255.255.255.0']);
    return address + prefix + pick(random, ['', '', ` dev ${second}`, value(random, [''], [' dev', ' foo'])]);
  });
  const version = pick(random, ['', 'version 2', 'version 3']);
  const intervals =
    version === 'version 3' ? ['0.01', '0.1', '1', '2.5', '40.95'] : ['1', '2', '1.0', '255', '3.'];
  const lines = [
    `interface ${first}`,
    `virtual_router_id ${value(random, [String(i + 1), String(i + 101)], ['0', '256', '1'])}`,
    block('virtual_ipaddress', addresses),
    ...some(random, [
      `state ${value(random, ['MASTER', 'BACKUP'], ['master', 'FAULT'])}`,
      `priority ${value(random, ['1', '100', '254', '+7', '010'], ['0', '255', '300', '0x10'])}`,
      `advert_int ${value(random, intervals, ['0', '0.015', '0.005', '41', '256', '-1', 'x'])}`,
    ]),
    ...some(random, ['nopreempt', 'preempt', 'accept', 'no_accept', 'preempt yes', 'priority 9'], 6),
    ...some(random, finePoints(random, { first, second }, i), 8),
    ...(version === '' ? [] : [version]),
  ];
  return block(`vrrp_instance VI_${value(random, [String(i)], ['0', '0 0'])}`, shuffle(random, lines));
}

/** What few instances have. */
function finePoints(random: Random, { first, second }: Interfaces, i: number): string[] {
  const yesNo = value(random, ['', ' true', ' off'], [' 1', ' maybe']);
  const gateway = value(random, ['10.9.0.254', '10.9.1.254'], ['10.9.0.300', '2001:db8::1']);
  const network = value(random, ['10.10.0.0/16', '10.11.12.0/24', '10.11.12.13'], ['10.10.0.0/33', 'x']);
  return [
    `preempt_delay ${value(random, ['0', '30', '0.5', '1000'], ['-1', '1001', 'x'])}`,
    `garp_master_delay ${value(random, ['0', '5', '10'], ['-1', 'x'])}`,
    `garp_master_repeat ${value(random, ['1', '5', '100'], ['-1', 'x'])}`,
    `garp_master_refresh ${value(random, ['0', '60'], ['-1', 'x'])}`,
    `garp_master_refresh_repeat ${value(random, ['1', '2'], ['-1', 'x'])}`,
    `garp_lower_prio_delay ${value(random, ['0', '5'], ['-1', 'x'])}`,
    `garp_lower_prio_repeat ${value(random, ['0', '5'], ['-1', 'x'])}`,
    `down_timer_adverts ${value(random, ['1', '3', '100'], ['0', '101', 'x'])}`,
    `lower_prio_no_advert${yesNo}`,
    `higher_prio_send_advert${yesNo}`,
    `notify_priority_changes${yesNo}`,
    'dont_track_primary',
    'promote_secondaries',
    'skip_check_adv_addr',
    `debug ${random(4)}`,
    `mcast_src_ip ${value(random, [`10.9.${i}.11`, '192.0.2.1'], ['10.9.0.300', 'host'])}`,
    block('authentication', [
      `auth_type ${value(random, ['PASS', 'PASS'], ['NONE', 'pass'])}`,
      `auth_pass ${pick(random, ['1111', '12345678', '"a b"', "'x'"])}`,
    ]),
    block('unicast_peer', [
      `10.9.${i}.12`,
      `10.9.${i}.13${value(random, ['', ' min_ttl 254', ' min_ttl 1 max_ttl 255'], [' min_ttl 256', ' x'])}`,
    ]),
    block('track_interface', [
      `${second}${value(random, ['', ' weight 10', ' weight -253', ' weight 5 reverse'], [' weight 254', ' weight x', ' foo'])}`,
    ]),
    block('virtual_ipaddress_excluded', [
      `10.12.${i}.1/24${value(random, ['', ` dev ${second}`, ' scope link', ' brd +'], [' scope x', ' brd x'])}`,
      `2001:db8:${i}::1/64`,
    ]),
    block('virtual_routes', [
      `${network} via ${gateway} dev ${first}${value(random, ['', ' metric 5', ' table 100', ' scope link no_track', ' mtu 1400'], [' metric x', ' foo'])}`,
      `${pick(random, ['blackhole', 'unreachable', 'prohibit'])} 10.13.${i}.0/24 no_track`,
    ]),
    block('virtual_rules', [
      `from ${network} ${value(random, ['table 100', 'table main', 'blackhole'], ['table x', 'foo'])} preference ${100 + i} no_track`,
    ]),
  ];
}

const SCHEDULERS = 'rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos'.split(' ');

function service(random: Random, i: number): string {
  const kind = pick(random, ['address', 'address', 'address', 'six', 'mark', 'all ports', 'group']);
  const method = value(random, ['NAT', 'DR', 'TUN', tunnelMethod(random)], ['nat', 'BRIDGE', '']);
  const port = pick(random, ['80', '443', '53']);
  const head = {
    address: `10.8.0.${value(random, [String(i + 1)], ['1', '300', '01'])} ${value(random, [port], ['65536', 'http', '0', '80 90'])}`,
    six: `2001:${pick(random, ['db8', 'DB8', '0db8'])}::${i + 1} ${port}`,
    mark: `fwmark ${value(random, [String(i + 1), '4294967295'], ['0', '0x10', '4294967296'])}`,
    'all ports': `10.8.0.${i + 1}`,
    group: `group ${value(random, [`G${i}`], ['none', ''])}`,
  }[kind];
  const inner = kind === 'mark' || kind === 'all ports' ? '' : port;
  const servers = Array.from({ length: value(random, ['1', '2', '3'], ['0']).charCodeAt(0) - 48 }, (_, at) =>
    realServer(random, kind === 'six' ? '2001:db8:1::' : '10.7.0.', at + 1, inner, method),
  );
  const lines = [
    `${pick(random, ['lb_algo', 'lvs_sched'])} ${value(random, SCHEDULERS, ['RR', 'foo', 'rr extra'])}`,
    ...(method === '' ? [] : [`${pick(random, ['lb_kind', 'lvs_method'])} ${method}`]),
    ...(kind === 'mark' ? [] : [`protocol ${value(random, ['TCP', 'UDP', 'SCTP', 'tcp', 'Udp'], ['ICMP'])}`]),
    ...some(random, [
      `delay_loop ${value(random, ['6', '0.5', '.5', '60', '1000'], ['0', '1e3', '-1', '5000000000'])}`,
    ]),
    ...(kind === 'all ports' || random(3) === 0
      ? [
          value(
            random,
            ['persistence_timeout 600', 'persistence_timeout'],
            ['persistence_timeout 0', 'persistence_timeout 2678401'],
          ),
        ]
      : []),
    ...some(random, timing(random), 5),
    ...some(
      random,
      [`ip_family ${value(random, [kind === 'six' ? 'inet6' : 'inet'], ['inet7', 'inet6'])}`],
      8,
    ),
    ...serviceLines(random, kind === 'six' ? '2001:db8:1::' : '10.7.0.', inner),
    ...servers,
  ];
  const group = kind === 'group' ? [serverGroup(random, i, port)] : [];
  return [...group, block(`virtual_server ${head}`, shuffle(random, lines))].join('\n');
}

function realServer(random: Random, network: string, at: number, port: string, method: string): string {
  const address = network + value(random, [String(at)], ['1', '1/24', 'x', '256']);
  const ports = method === 'NAT' ? [port, port, '8080'] : [port];
  const number = port === '' ? '' : value(random, [...ports, ''], ['8081', '0', '65536', `${port} 7`]);
  const lines = [
    ...some(random, [
      `weight ${value(random, ['1', '5', '100', '65535', '"7"'], ['0', '-1', '70000', 'x', '1 2'])}`,
    ]),
    ...some(random, [`lvs_method ${method === '' ? 'NAT' : method}`], 6),
    ...some(random, timing(random), 8),
    ...some(random, realServerLines(random), 8),
    ...some(random, [tcpCheck(random, port), httpGet(random, port)], 2),
  ];
  return block(`real_server ${address} ${number}`.trimEnd(), shuffle(random, lines));
}

function timing(random: Random): string[] {
  return [
    `connect_timeout ${value(random, ['3', '0.5', '10'], ['0', '5000', '-1'])}`,
    `retry ${value(random, ['1', '3', '4294967295'], ['-1', '1.5'])}`,
    `delay_before_retry ${value(random, ['0', '1', '2.5'], ['-1', 'x'])}`,
  ];
}

function tcpCheck(random: Random, port: string): string {
  return block('TCP_CHECK', shuffle(random, connection(random, port)));
}

/** How a check connects: without a port of the server it needs one of its own. */
function connection(random: Random, port: string): string[] {
  const own = `connect_port ${value(random, ['80', '8080', '65535'], ['0', '65536', 'http'])}`;
  return [
    ...some(random, [
      ...timing(random),
      `connect_ip ${value(random, ['10.7.0.9', '2001:db8::9'], ['10.7.0.999', 'web1'])}`,
    ]),
    ...(port === '' && random(20) > 0 ? [own] : some(random, [own])),
  ];
}

function httpGet(random: Random, port: string): string {
  const urls = Array.from({ length: value(random, ['1', '2'], ['0']).charCodeAt(0) - 48 }, () =>
    block('url', [
      `path ${value(random, ['/', '"/a b"', '/x?a=1&b=2'], ['x', '/ y'])}`,
      ...some(random, [
        `status_code ${value(random, ['200', '200-299 301', '100 599'], ['99', '600', '300-200', '200-', ''])}`,
      ]),
    ]),
  );
  return block('HTTP_GET', shuffle(random, [...urls, ...connection(random, port)]));
}

/** The same text with other white space, comments and line ends. */
function dress(random: Random, text: string): string {
  const style = random(6);
  let lines = text.split('\n');
  if (style === 0) lines = lines.map(line => line.replace(/ \{$/, '{'));
  if (style === 1) lines = lines.map(line => line.replace(/ \{$/, '\n# comment\n{'));
  if (style === 2) lines = lines.map(line => `\t${line.replace(' ', '  \t')} # it's a "comment {"`);
  if (style === 3) lines = lines.map(line => `    ${line}   ! comment`);
  const joined = lines.join(random(8) === 0 ? '\r\n' : '\n');
  if (style === 4) return joined.replace(/\{\r?\n(?!#)/g, '{ ').replace(/\r?\n\}/g, ' }');
  return random(4) === 0 ? joined : `${joined}\n`;
}
