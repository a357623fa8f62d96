// The finer points of random virtual servers, in the many ways that people write them.
import { block, pick, type Random, some, value } from './random.ts';

const COMMANDS = ['/bin/true', '"/bin/true a b"', '/bin/true root root', '"/bin/echo \'a b\'" root'];

/** TUN with its type. */
export function tunnelMethod(random: Random): string {
  return value(
    random,
    [
      'TUN type ipip',
      'TUN type gre',
      'TUN type gre csum',
      'TUN type gue port 6080',
      'TUN type gue port 6080 nocsum',
    ],
    ['TUN type', 'TUN type gue', 'TUN type foo', 'TUN csum', 'TUN type gre remcsum', 'TUN type ipip port 5'],
  );
}

export function globalServiceLines(random: Random): string[] {
  return [
    `lvs_timeouts ${value(random, ['tcp 900', 'tcp 1 tcpfin 2 udp 3', 'udp 0'], ['', '5', 'tcp', 'tcp 2678401'])}`,
    'lvs_flush',
    `lvs_flush_on_stop${pick(random, ['', ' VS'])}`,
    'rs_init_notifies',
    'no_checker_emails',
    `smtp_alert_checker${yesNo(random)}`,
    `checker_log_all_failures${yesNo(random)}`,
    'lvs_notify_fifo /tmp/kc-lvs',
    'lvs_notify_fifo /tmp/kc-lvs\nlvs_notify_fifo_script /bin/true',
  ];
}

function yesNo(random: Random): string {
  return value(random, ['', ' on', ' no', ' true'], [' maybe', ' 1']);
}

/** Lines of a virtual server; `network` is that of its real servers, `port` their port or nothing. */
export function serviceLines(random: Random, network: string, port: string): string[] {
  const flags = ['flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];
  // keepalived -t refuses them unless they fit to what stands around them.
  const touchy = [
    `quorum ${value(random, ['1', '2', '5'], ['0', '-1', 'x'])}`,
    `hysteresis ${value(random, ['0', '1'], ['9', '-1', 'x'])}`,
    `ops${yesNo(random)}`,
    'hashed',
    ...flags,
  ];
  return [
    ...some(random, touchy, 40),
    ...some(
      random,
      [
        `quorum_up ${value(random, COMMANDS, ['', '/nonexistent/program'])}`,
        `quorum_down ${pick(random, COMMANDS)}`,
        sorryServer(random, network, port),
        `inhibit_on_failure${yesNo(random)}`,
        `persistence_granularity ${value(random, ['255.255.255.0', '255.0.0.0', '0.0.0.0', '64'], ['x', '129', '255.0.255.0'])}`,
        `persistence_engine ${value(random, ['sip'], ['rtp'])}`,
        `omega${yesNo(random)}`,
        `alpha${pick(random, ['', ' on', ' no'])}`,
        `smtp_alert${yesNo(random)}`,
        'ha_suspend',
        `virtualhost ${value(random, ['www.example.org', '"a.b"'], [''])}`,
        'snmp_name web',
        `warmup ${value(random, ['0', '5', '0.5'], ['-1', 'x'])}`,
      ],
      9,
    ),
  ];
}

function sorryServer(random: Random, network: string, port: string): string {
  const address = `${network}${value(random, ['99', '1'], ['x', '256'])}`;
  const number = port === '' ? '' : ` ${value(random, [port], ['0', '65536', '8081'])}`;
  return [
    `sorry_server ${address}${number}`,
    ...some(random, ['sorry_server_inhibit', 'sorry_server_lvs_method NAT']),
  ].join('\n');
}

export function realServerLines(random: Random): string[] {
  return [
    `uthreshold ${value(random, ['0', '100', '4294967295'], ['-1', 'x'])}`,
    `lthreshold ${value(random, ['0', '50'], ['-1', 'x', '1000'])}`,
    `notify_up ${pick(random, COMMANDS)}`,
    `notify_down ${pick(random, COMMANDS)}`,
    `inhibit_on_failure${yesNo(random)}`,
    `smtp_alert${yesNo(random)}`,
    'virtualhost www.example.org',
    'snmp_name web1',
    `alpha${yesNo(random)}`,
    `delay_loop ${value(random, ['6', '0.5'], ['0', 'x'])}`,
  ];
}

/** Addresses of their own for each service, so that no two answer on the same. */
export function serverGroup(random: Random, i: number, port: string): string {
  const range = value(random, ['10-12', `20-10.8.${i + 1}.25`, '32/30'], ['9-1', '33/30', 'x', '40-300']);
  const entries = [
    `10.8.${i + 1}.1 ${port}`,
    `10.8.${i + 1}.${range} ${port}`,
    ...some(random, [`10.8.${i + 1}.200 ${value(random, ['443'], ['65536', 'x', '', '80 90'])}`], 6),
    ...some(random, [`fwmark ${value(random, [String(100 + i)], ['0', 'x', '7 inet9'])}`], 8),
  ];
  return block(`virtual_server_group ${value(random, [`G${i}`], ['other'])}`, entries);
}
