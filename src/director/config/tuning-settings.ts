// The words of `tuning { }` that are called as the kernel's setting they stand for (Documentation/admin-guide/sysctl/net.rst and
// Documentation/networking/ipvs-sysctl.rst of Linux). What is synchronised between directors stands in `global_defs`.
import { integer } from './types.ts';
import { type Keyword, value } from './vocabulary.ts';

interface Setting {
  /** Below /proc/sys. */
  readonly folder: string;
  readonly least: number;
  readonly most: number;
  readonly help: string;
  readonly example: number;
}

const LARGEST = 2_147_483_647;
/** The kernel keeps them in ticks: hertz times as many have to fit into an int. */
const MOST_SECONDS = 2_147_483;
const CORE = 'net/core';
const IPVS = 'net/ipv4/vs';

type Row = readonly [
  word: string,
  folder: string,
  least: number,
  most: number,
  example: number,
  help: string,
];

const ROWS: readonly Row[] = [
  [
    'netdev_budget',
    CORE,
    1,
    65_536,
    300,
    'Packets received in one go before other work has its turn; 300 in the kernel.',
  ],
  [
    'netdev_budget_usecs',
    CORE,
    100,
    1_000_000,
    8000,
    'Microseconds of the same; two ticks in the kernel, 8000.',
  ],
  [
    'dev_weight',
    CORE,
    1,
    65_536,
    64,
    'Packets of one device without NAPI in one go, and packets sent; 64 in the kernel.',
  ],
  [
    'conn_reuse_mode',
    IPVS,
    0,
    3,
    1,
    'A client that uses its port again: 0 goes to the old server; 1, as in the kernel, may get another; 2 also behind a FIN.',
  ],
  [
    'expire_nodest_conn',
    IPVS,
    0,
    1,
    1,
    'With 1, connections to a real server that was taken out end at the next packet; 0 in the kernel: the packets are dropped.',
  ],
  [
    'expire_quiescent_template',
    IPVS,
    0,
    1,
    1,
    'With 1, persistent clients leave a real server with weight 0; 0 in the kernel.',
  ],
  [
    'drop_entry',
    IPVS,
    0,
    3,
    1,
    'Half-open connections are dropped: 0 never, as in the kernel; 1 and 2 when memory is short; 3 always.',
  ],
  [
    'drop_packet',
    IPVS,
    0,
    3,
    1,
    'Packets are dropped before balancing: 0 never, as in the kernel; 1 and 2 when memory is short; 3 at am_droprate.',
  ],
  [
    'secure_tcp',
    IPVS,
    0,
    3,
    1,
    'Shorter time limits for half-open connections: 0 never, as in the kernel; 1 and 2 when memory is short; 3 always.',
  ],
  [
    'am_droprate',
    IPVS,
    1,
    LARGEST,
    10,
    'One of so many packets is dropped with drop_packet 3; 10 in the kernel.',
  ],
  [
    'amemthresh',
    IPVS,
    0,
    LARGEST,
    1024,
    'Pages of 4 KiB below which free memory is short; 1024 in the kernel.',
  ],
  [
    'cache_bypass',
    IPVS,
    0,
    1,
    0,
    'With 1, packets for a transparent cache go to their destination while none is there; 0 in the kernel.',
  ],
  [
    'conntrack',
    IPVS,
    0,
    1,
    0,
    'With 1, connection tracking follows balanced connections, at the cost of much of the packet rate; 0 in the kernel.',
  ],
  [
    'ignore_tunneled',
    IPVS,
    0,
    1,
    1,
    'With 1, packets that come out of a tunnel are not balanced again; 0 in the kernel.',
  ],
  [
    'nat_icmp_send',
    IPVS,
    0,
    1,
    1,
    'With 1, a real server behind NAT is told of packets that belong to no connection; 0 in the kernel.',
  ],
  [
    'pmtu_disc',
    IPVS,
    0,
    1,
    0,
    'With 0, packets too long for a tunnel are cut up and their sender is not told; 1 in the kernel.',
  ],
  [
    'run_estimation',
    IPVS,
    0,
    1,
    0,
    'With 0, rates of services and servers are not measured; 1 in the kernel.',
  ],
  [
    'schedule_icmp',
    IPVS,
    0,
    1,
    1,
    'With 1, errors about unknown connections are balanced as well; 0 in the kernel.',
  ],
  [
    'lblc_expiration',
    IPVS,
    1,
    MOST_SECONDS,
    86_400,
    'Seconds after which the scheduler lblc forgets where a destination was sent that nobody asked for since; 86400 in the kernel.',
  ],
  ['lblcr_expiration', IPVS, 1, MOST_SECONDS, 86_400, 'The same of the scheduler lblcr.'],
  ['sloppy_sctp', IPVS, 0, 1, 1, 'With 1, a connection of SCTP may begin with any packet; 0 in the kernel.'],
  [
    'sloppy_tcp',
    IPVS,
    0,
    1,
    1,
    'With 1, a connection of TCP may begin with any packet: after a failover without synchronisation; 0 in the kernel.',
  ],
  [
    'snat_reroute',
    IPVS,
    0,
    1,
    0,
    'With 0, answers through NAT keep the route that they came by; 1 in the kernel.',
  ],
];

/** Null for other words. */
export function findSetting(word: string): Setting | null {
  const row = ROWS.find(([name]) => name === word);
  if (row === undefined) return null;
  const [, folder, least, most, example, help] = row;
  return { folder, least, most, help, example };
}

export function settingKeywords(): Readonly<Record<string, Keyword<number, 'last'>>> {
  return Object.fromEntries(
    ROWS.map(([word, , least, most, example, help]) => [
      word,
      value(integer(least, most), { help, example: `${word} ${example}` }),
    ]),
  );
}
