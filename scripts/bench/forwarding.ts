// What a forwarded packet costs the processor: the product beside Debian's kernel with the same table, each on a board in QEMU that counts
// instructions.
import { join } from 'node:path';
import { kernel } from '../../image/kernel.ts';
import { createContext } from '../../image/step.ts';
import { addNamespace } from '../lab/namespace.ts';
import { debianKernel } from './debian-kernel.ts';
import { type Board, compile, startPlain, startProduct } from './forwarding/board.ts';
import { type Method, methods } from './forwarding/config.ts';
import { background, type Case, type Cost, connect, cost } from './forwarding/measure.ts';
import { describe, snapshot } from './forwarding/profile.ts';
import { type Benchmark, median, type Row, row } from './result.ts';

const SIZES = [64, 350];
/** They come in this order, as those of a case before stay in the table. */
const CONNECTIONS = [1, 1000, 60_000];
const RATES = [0, 4000];
const RUNS = 3;
const TARGET = 3000;
/** Of which it is told where the instructions go, and how many functions. */
const PROFILED: Case = { method: 'DR', answers: false, size: 64, connections: 1000, rate: 0 };
const DEAREST = 12;

function cases(method: Method): Case[] {
  const ways = method === 'NAT' ? [false, true] : [false];
  return CONNECTIONS.flatMap(connections =>
    ways.flatMap(answers =>
      SIZES.flatMap(size => RATES.map(rate => ({ method, answers, size, connections, rate }))),
    ),
  );
}

function titleOf({ method, answers, size, connections, rate }: Case): string {
  const load = rate === 0 ? 'as many as it takes' : `${rate}/s`;
  const known = connections === 1 ? '1 connection' : `${connections} connections`;
  return `${method}${answers ? ' answers' : ''}, ${size} bytes, ${known}, ${load}`;
}

/** Of the packets that went in; what is in a ring when a measurement begins or ends is not lost. */
const LOST = 0.02;

/** What did not come out has cost something too, so it is told beside the figure. */
function remark(who: string, costs: readonly Cost[]): string {
  const lost = 1 - median(costs.map(each => each.share));
  return lost > LOST ? ` (${who} loses ${Math.round(lost * 100)} %)` : '';
}

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
    const context = createContext();
    const debian = (await debianKernel(context)).path;
    const { systemMap } = await kernel(context);
    const rows: Row[] = [];
    for (const method of methods) {
      const wanted = cases(method).filter(each => titleOf(each).includes(only));
      if (wanted.length === 0) continue;
      note(`${method}: the product`);
      const ours = await startProduct(out, `forwarding-${method}`, 'e1000');
      const costs = await measure(program, ours, wanted, runs);
      if (method === PROFILED.method) {
        const before = snapshot(ours.counts);
        await cost(program, ours, PROFILED, 0);
        for (const line of describe(systemMap, before, snapshot(ours.counts)).slice(0, DEAREST)) note(line);
      }
      await ours.machine.powerOff();
      note(`${method}: Debian's kernel`);
      const kernel = join(debian, 'vmlinuz');
      const peer = await startPlain(out, `debian-${method}`, 'e1000', { kernel, debian, modules: true });
      const others = await measure(program, peer, wanted, runs);
      await peer.machine.powerOff();
      for (const [index, each] of wanted.entries()) {
        const instructions = (list: readonly Cost[]) => list.map(one => one.instructions);
        const target = each.method === 'DR' && each.rate === 0 ? { target: TARGET } : {};
        const [product, debians] = [costs[index]!, others[index]!];
        const title = `${titleOf(each)}${remark('the product', product)}${remark('the peer', debians)}`;
        rows.push(row(title, instructions(product), { peer: instructions(debians), ...target }));
      }
    }
    return rows;
  },
};
