// What a forwarded packet costs the processor: the product beside Debian's kernel with the same table, each on a board in QEMU that counts
// instructions.
import { join } from 'node:path';
import { createContext } from '../../image/step.ts';
import { addNamespace } from '../lab/namespace.ts';
import { debianKernel } from './debian-kernel.ts';
import { type Board, compile, startPlain, startProduct } from './forwarding/board.ts';
import { type Method, methods } from './forwarding/config.ts';
import { background, type Case, type Cost, connect, cost } from './forwarding/measure.ts';
import { type Benchmark, median, type Row, row } from './result.ts';

const SIZES = [64, 350];
/** They come in this order, as those of a case before stay in the table. */
const CONNECTIONS = [1, 1000, 60_000];
const RATES = [0, 4000];
const RUNS = 3;
const TARGET = 3000;

function cases(method: Method): Case[] {
  const ways = method === 'NAT' ? [false, true] : [false];
  return CONNECTIONS.flatMap(connections =>
    ways.flatMap(answers =>
      SIZES.flatMap(size => RATES.map(rate => ({ method, answers, size, connections, rate }))),
    ),
  );
}

function title({ method, answers, size, connections, rate }: Case): string {
  const load = rate === 0 ? 'as many as it takes' : `${rate}/s`;
  const known = connections === 1 ? '1 connection' : `${connections} connections`;
  return `${method}${answers ? ' answers' : ''}, ${size} bytes, ${known}, ${load}`;
}

/** Lower than what came in by more than this, the rest was lost on the way. */
const LOST = 0.02;

async function measure(
  program: string,
  board: Board,
  wanted: readonly Case[],
  runs: number,
): Promise<Cost[][]> {
  const idle = await background(program, board);
  const all: Cost[][] = [];
  let known = 0;
  for (const each of wanted) {
    if (each.connections > known) await connect(program, board, each.method, each.connections);
    known = each.connections;
    const costs: Cost[] = [];
    while (costs.length < runs) costs.push(await cost(program, board, each, idle));
    const share = median(costs.map(one => one.share));
    if (share < 1 - LOST)
      throw new Error(`${title(each)}: of the packets ${Math.round(share * 100)} % came out`);
    all.push(costs);
  }
  return all;
}

export const benchmark: Benchmark = {
  name: 'forwarding',
  unit: 'instr/packet',
  needs: 'image',
  prepare: debianKernel,
  async run(note, { out, runs = RUNS, only = '' }) {
    addNamespace('switch');
    const program = compile('traffic');
    const debian = (await debianKernel(createContext())).path;
    const rows: Row[] = [];
    for (const method of methods) {
      const wanted = cases(method).filter(each => title(each).includes(only));
      if (wanted.length === 0) continue;
      note(`${method}: the product`);
      const ours = await startProduct(out, `forwarding-${method}`, 'e1000');
      const costs = await measure(program, ours, wanted, runs);
      await ours.machine.powerOff();
      note(`${method}: Debian's kernel`);
      const kernel = join(debian, 'vmlinuz');
      const peer = await startPlain(out, `debian-${method}`, 'e1000', { kernel, debian, modules: true });
      const others = await measure(program, peer, wanted, runs);
      await peer.machine.powerOff();
      for (const [index, each] of wanted.entries()) {
        const instructions = (list: readonly Cost[]) => list.map(one => one.instructions);
        const target = each.method === 'DR' && each.rate === 0 ? { target: TARGET } : {};
        const values = instructions(costs[index]!);
        rows.push(row(title(each), values, { peer: instructions(others[index]!), ...target }));
      }
    }
    return rows;
  },
};
