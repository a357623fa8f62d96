// The few globals of Node that unit tests use for their own convenience. The code under test gets none of them on the board.
import { environment, setTimer } from 'host';

function hexBytes(source: unknown, encoding?: string): Uint8Array {
  if (source instanceof Uint8Array) return new HexBuffer(source);
  if (typeof source !== 'string' || encoding !== 'hex')
    throw new TypeError('only bytes and hexadecimal digits');
  return new HexBuffer((source.match(/../g) ?? []).map(digits => Number.parseInt(digits, 16)));
}

class HexBuffer extends Uint8Array {
  override toString(encoding?: string): string {
    if (encoding !== 'hex') throw new TypeError('only hexadecimal digits');
    return Array.from(this, byte => byte.toString(16).padStart(2, '0')).join('');
  }
}

function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  if (value instanceof Map) return new Map([...value].map(copy)) as T;
  if (value instanceof Set) return new Set([...value].map(copy)) as T;
  if (value instanceof Uint8Array) return value.slice() as T;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)])) as T;
}

const globals = {
  Buffer: { from: hexBytes },
  process: { env: { SEED: environment('SEED') ?? undefined } },
  structuredClone: copy,
  setImmediate: (callback: () => void) => setTimer(0, callback),
};

for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value });
