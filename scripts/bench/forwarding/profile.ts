// Which functions of the kernel the instructions are spent in, by the blocks that count.c counts and the kernel's System.map.
import { readFileSync } from 'node:fs';

/** Instructions so far by the address of their block, as count.c lays them out: those of the kernel, then pairs of address and count. */
export function snapshot(counts: string): Map<number, number> {
  const file = readFileSync(counts);
  const blocks = new Map<number, number>();
  for (let at = 8; at < file.length; at += 16) {
    const address = Number(file.readBigUInt64LE(at));
    if (address !== 0) blocks.set(address, Number(file.readBigUInt64LE(at + 8)));
  }
  return blocks;
}

interface Symbol {
  readonly address: number;
  readonly name: string;
}

/** The functions of a System.map by address. */
function functions(systemMap: string): Symbol[] {
  return readFileSync(systemMap, 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, kind]) => kind === 'T' || kind === 't')
    .map(([address, , name]) => ({ address: Number.parseInt(address!, 16), name: name! }))
    .sort((a, b) => a.address - b.address);
}

function symbolAt(symbols: readonly Symbol[], address: number): string {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (symbols[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 'programs' : symbols[low - 1]!.name;
}

/** Lines of a function and its part of the instructions between two snapshots, the dearest first. */
export function describe(
  systemMap: string,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): string[] {
  const symbols = functions(systemMap);
  const sums = new Map<string, number>();
  for (const [address, count] of after) {
    const name = symbolAt(symbols, address);
    sums.set(name, (sums.get(name) ?? 0) + count - (before.get(address) ?? 0));
  }
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${((100 * count) / total).toFixed(1)} % ${name}`);
}
