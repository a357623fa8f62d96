// What a packet costs a board: instructions, by QEMU's own count, between those that it forwarded.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Board } from './board.ts';
import { BOARD_MACS, LAB_MAC, type Method, PORT, parties } from './config.ts';

const execute = promisify(execFile);

/** Milliseconds of this machine's clock. */
const WATCH = 1000;

export interface Case {
  readonly method: Method;
  /** Packets of the server to the client, which only NAT sends through the board. */
  readonly answers: boolean;
  /** Bytes of a frame with its checksum. */
  readonly size: number;
  readonly connections: number;
  /** Packets a second; 0: as many as the board takes. */
  readonly rate: number;
}

export interface Cost {
  /** Instructions per packet. */
  readonly instructions: number;
  /** Packets that came out, and what part of those that went in. */
  readonly packets: number;
  readonly share: number;
}

interface Sample {
  readonly nanoseconds: number;
  readonly instructions: number;
  readonly sent: number;
  readonly received: number;
}

async function traffic(program: string, board: Board, each: Case, watch = WATCH): Promise<Sample> {
  const { client, service, server } = parties(each.method);
  const [outside, inside] = board.ports;
  const way = each.answers
    ? [inside, outside, LAB_MAC, BOARD_MACS[1], server, client, `from:${PORT}`]
    : [outside, inside, LAB_MAC, BOARD_MACS[0], client, service, `to:${PORT}`];
  const numbers = [each.size, each.connections, each.rate, watch].map(String);
  const { stdout } = await execute(program, [board.counts, ...way, ...numbers]);
  return JSON.parse(stdout) as Sample;
}

/** What a board does by itself: instructions a nanosecond of this machine's clock. */
export async function background(program: string, board: Board): Promise<number> {
  const idle = { method: 'DR', answers: false, size: 64, connections: 1, rate: -1 } as const;
  const { instructions, nanoseconds } = await traffic(program, board, idle);
  return instructions / nanoseconds;
}

/**
 * Instructions per packet. Where the board has time left, what it does without packets is taken off; where it has none, all that it
 * does counts.
 */
export async function cost(program: string, board: Board, each: Case, idle: number): Promise<Cost> {
  const sample = await traffic(program, board, each);
  const own = each.rate === 0 ? 0 : idle * sample.nanoseconds;
  return {
    instructions: (sample.instructions - own) / sample.received,
    packets: sample.received,
    share: sample.received / sample.sent,
  };
}

/** Has the board know so many connections of a method. */
export async function connect(
  program: string,
  board: Board,
  method: Method,
  connections: number,
): Promise<void> {
  await traffic(program, board, { method, answers: false, size: 64, connections, rate: 0 }, 0);
}
