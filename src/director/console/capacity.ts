// director capacity: how many connections and packets this board (or another one) has room for, with the calculation.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { kernelParameter } from '../flash/disk.ts';
import { BOARDS } from '../hardware/boards.ts';
import {
  type Capacity,
  COSTS,
  capacityOf,
  type Demand,
  memoryOfClients,
  type Need,
  needOf,
  type Range,
  type Room,
  SOURCES,
} from '../hardware/capacity.ts';
import { parseClockRate, parseIpvs, parseIpvsStatistics, parseMemory } from '../hardware/load.ts';
import { UsageError } from './arguments.ts';
import { type Command, DONE } from './command.ts';
import { table } from './table.ts';

/** Of the memory of a board that nobody looks at: kernel, root and director (npm run bench -- footprint). */
const TAKEN = 24 << 20;
/** CONFIG_IP_VS_TAB_BITS of our kernel */
const BUILT_IN_BITS = 10;
/** Packets a second between which the LVS-HOWTO puts a net4801. */
const HOWTO: Range = { least: 2000, most: 25_000 };

export const capacity: Command = {
  name: 'capacity',
  usage: '[REQUESTS KILOBYTES] [--board NAME]',
  summary: 'shows how many connections and packets there is room for; of so many requests and kB a second',
  operands: { least: 0, most: 2 },
  run(platform, { operands, json, board }) {
    const demand = demandOf(operands);
    const subject = board === null ? thisBoard(platform) : anotherBoard(board);
    const { room } = subject;
    const answer = {
      ...subject,
      costs: COSTS,
      capacity: capacityOf(room),
      demand,
      need: demand && needOf(demand, room.megahertz),
    };
    platform.print(json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeCapacity(answer));
    return DONE;
  },
};

interface Subject {
  readonly title: string;
  /** Bytes. */
  readonly memory: number;
  readonly room: Room;
  /** Mbit/s: see BoardNumbers. */
  readonly seen: number | null;
}

export interface CapacityAnswer extends Subject {
  readonly capacity: Capacity;
  readonly demand: Demand | null;
  readonly need: Need | null;
}

function demandOf(operands: readonly string[]): Demand | null {
  if (operands.length === 0) return null;
  const [requests, kilobytes] = operands.map(Number);
  if (requests && requests > 0 && kilobytes !== undefined && kilobytes >= 0)
    return { requests, answers: kilobytes * 1000 };
  throw new UsageError('capacity takes requests a second and kilobytes a second, for example: 300 150');
}

function anotherBoard(name: string): Subject {
  const board = Object.hasOwn(BOARDS, name) ? BOARDS[name] : undefined;
  if (board === undefined)
    throw new UsageError(
      `nobody knows the clock rate and memory of "${name}": of ${Object.keys(BOARDS).join(', ')} they are known`,
    );
  const memory = board.megabytes * 2 ** 20;
  const empty = { connections: 0, buckets: 2 ** board.tableBits, packets: 0 };
  const room = { ...empty, megahertz: board.megahertz, free: memory - TAKEN };
  return { title: board.title, memory, room, seen: board.seen };
}

function thisBoard(platform: Platform): Subject {
  const read = (path: string) => readOr(platform, path);
  const name = boardName(platform) ?? '';
  const board = Object.hasOwn(BOARDS, name) ? BOARDS[name] : undefined;
  const memory = parseMemory(read('/proc/meminfo'));
  const megahertz = parseClockRate(read('/proc/cpuinfo')) ?? board?.megahertz;
  if (memory === null || megahertz === undefined)
    throw new Error('this system does not tell its memory and clock rate: director capacity --board NAME');
  const ipvs = parseIpvs(read('/proc/net/ip_vs'));
  const rates = parseIpvsStatistics(read('/proc/net/ip_vs_stats'));
  return {
    title: board?.title ?? 'this machine',
    memory: memory.total,
    room: {
      megahertz,
      free: memory.free,
      connections: ipvs?.connections ?? 0,
      buckets: ipvs?.buckets ?? 2 ** BUILT_IN_BITS,
      packets: rates === null ? 0 : rates.packetsIn + rates.packetsOut,
    },
    seen: board?.seen ?? null,
  };
}

function boardName(platform: Platform): string | null {
  try {
    return kernelParameter(platform, 'director.board');
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function readOr(platform: Platform, path: string): string {
  try {
    return platform.files.readText(path);
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}

/** The page for people. */
function describeCapacity({
  title,
  memory,
  room,
  seen,
  capacity: { connections, packets, packetsLeft, perBucket, bits, newPerSecond },
  demand,
  need,
}: CapacityAnswer): string {
  const { instructionsPerPacket: instructions, cyclesPerInstruction: cycles, share } = COSTS;
  const rows = [
    ['board', `${title}, ${number(room.megahertz)} MHz, ${mebibytes(memory)}, ${mebibytes(room.free)} free`],
    ['connections', `${number(room.connections)} now, room for ${number(connections)} altogether`],
    [
      '',
      `(${mebibytes(room.free)} free - ${mebibytes(COSTS.reserve)} kept) / ${COSTS.bytesPerConnection} bytes each`,
    ],
    ['new ones', `${range(newPerSecond)} a second fill it, when each stays for two minutes or one`],
    [
      'table',
      `${number(room.buckets)} buckets: ${number(perBucket)} connections to look through in each when all of these are there`,
    ],
    ...(2 ** bits > room.buckets
      ? [
          [
            '',
            `tuning { conn_tab_bits ${bits} } makes it ${number(Math.max(1, connections / 2 ** bits))}, for ${kibibytes(2 ** bits * 4)}`,
          ],
        ]
      : []),
    [
      'packets',
      `${number(room.packets)} a second now, ${range(packets)} altogether, ${range(packetsLeft)} left`,
    ],
    [
      '',
      `${number(room.megahertz)} MHz x ${share} / (${range(instructions)} instructions x ${cycles.least} to ${cycles.most} cycles)`,
    ],
    ...(seen === null
      ? []
      : [
          [
            '',
            `others saw ${seen} Mbit/s in packets of 1,500 bytes, ${number(Math.round((seen * 1e6) / 12_000))} a second, with another system`,
          ],
        ]),
  ];
  const limit = [
    'packets: the ring of a card is full and it drops what comes; VRRP and checks still have their turn. director hardware shows it',
    'memory: new connections are refused, those that are there go on; tuning { drop_entry 1 } makes room among half-open ones before',
  ];
  return [
    table(rows),
    ...(demand === null || need === null
      ? []
      : [describeNeed(demand, need, { memory, connections, megahertz: room.megahertz })]),
    `AT THE LIMIT\n${limit.map(line => `  ${line}\n`).join('')}`,
    `WHERE THE NUMBERS COME FROM\n${SOURCES.map(line => `  ${line}\n`).join('')}`,
  ].join('\n');
}

interface Place {
  /** Bytes. */
  readonly memory: number;
  /** Connections that fit. */
  readonly connections: number;
  readonly megahertz: number;
}

function describeNeed(
  { requests, answers }: Demand,
  need: Need,
  { memory, connections, megahertz }: Place,
): string {
  const { instructionsPerPacket: instructions, cyclesPerInstruction: cycles } = COSTS;
  const fits = need.processor.most < COSTS.share && need.connections < connections;
  const never = need.processor.least > 1 || need.connections > connections;
  const verdict = fits ? 'yes' : never ? 'no' : 'perhaps: the processor may be too slow';
  const percent = ({ least, most }: Range) => `${Math.round(least * 100)} to ${Math.round(most * 100)} %`;
  const worst = (rate: number) =>
    `${number(rate)} packets/s, each a new client kept for a minute: ${mebibytes(memoryOfClients(rate))} of ${mebibytes(memory)}`;
  const rows = [
    [
      '  packets',
      `${need.packetsPerRequest} a request (SYN, ACK, request, acknowledged answer, FIN, ACK): ${number(need.packets)} a second`,
    ],
    [
      '  processor',
      `${number(need.packets)} x ${range(instructions)} instructions x ${cycles.least} to ${cycles.most} cycles / ${number(megahertz)} MHz: ${percent(need.processor)}`,
    ],
    [
      '  connections',
      `${number(requests)} a second x 120 s: ${number(need.connections)} x ${COSTS.bytesPerConnection} bytes, ${mebibytes(need.memory)} with conn_tab_bits ${need.bits}`,
    ],
    ['  answers', `${number(answers / 1000)} kB/s go past the director with direct routing`],
    ['  LVS-HOWTO 3.5', worst(HOWTO.least)],
    ['', worst(HOWTO.most)],
  ];
  return `${number(requests)} REQUESTS/S WITH ${number(answers / 1000)} kB/S: ${verdict}\n${table(rows)}`;
}

function range({ least, most }: Range): string {
  return `${number(least)} to ${number(most)}`;
}

function number(value: number): string {
  const [whole = '', fraction] = String(Math.round(value * 10) / 10).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function mebibytes(bytes: number): string {
  return `${number(bytes / 2 ** 20)} MiB`;
}

function kibibytes(bytes: number): string {
  return `${number(bytes / 1024)} KiB`;
}
