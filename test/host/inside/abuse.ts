// Wrong arguments in every place of every function: they end in a TypeError, a RangeError or the kernel's own error, and nothing else.
import test from 'ava';
import * as host from 'host';

type Anything = (...args: unknown[]) => unknown;

/** What would end the tests or touch the machine. */
const LEFT_OUT = new Set([
  'exit',
  // See sqlite.ts.
  'openDatabase',
  'kill',
  'print',
  'neverWaitForOutput',
  'lockMemory',
  'setRealTimePriority',
  'setHostName',
  'setWallClock',
  'dieWithParent',
]);

/** These must not get the standard descriptors of the tests. */
const FIRST_IS_FD = new Set(
  'close inherit read write sync ioctl watch unwatch shutdown send receive bind connect listen accept setOption getOption'.split(
    ' ',
  ),
);

const functions = Object.entries(host).flatMap(([name, value]): [string, Anything][] =>
  typeof value === 'function' && !LEFT_OUT.has(name) ? [[name, value as Anything]] : [],
);

// The engine gives no other way to take a buffer away from its arrays.
function detached(): Uint8Array {
  const array = new Uint8Array(8);
  const transfer: unknown = Reflect.get(array.buffer, 'transfer');
  if (typeof transfer === 'function') transfer.call(array.buffer);
  return array;
}

const wrong: readonly unknown[] = [
  undefined,
  null,
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -1.5,
  0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 31) - 1,
  10n,
  'text',
  '',
  'a\0b',
  Symbol('s'),
  {},
  [],
  [[]],
  ['a', 1],
  [Number.NaN],
  [2 ** 40],
  new Array(100_000),
  () => {},
  new Uint8Array(0),
  new Uint16Array(4),
  new Float64Array(2),
  new DataView(new ArrayBuffer(4)),
  new ArrayBuffer(4),
  detached(),
  { length: 3, 0: 'a' },
  { valueOf: () => 3 },
  { toString: () => '/tmp' },
];

/** Proper arguments, so that one wrong among them reaches its own check. Descriptors are those of nothing. */
const proper: readonly unknown[] = [900, 1, '/none/such', new Uint8Array(16), () => {}, [], ['x'], 0];

function attempt(name: string, call: Anything, args: unknown[]): string | null {
  if (FIRST_IS_FD.has(name) && typeof args[0] === 'number' && args[0] >= 0 && args[0] <= 2) return null;
  try {
    const result = call(...args);
    // What worked by chance is put away again.
    if (name === 'setTimer') host.clearTimer(Number(result));
    if (name === 'socket') host.close(Number(result));
    if (name === 'socketPair') for (const fd of result as number[]) host.close(fd);
    if (name === 'onSignals') host.onSignals([], () => {});
    return null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    if (error instanceof Error && 'syscall' in error && 'code' in error && 'argument' in error) return null;
    return `${name}: ${error}`;
  }
}

test('every function without arguments', t => {
  for (const [name, call] of functions) t.is(attempt(name, call, []), null);
});

test('every wrong value in every place', t => {
  for (const [name, call] of functions) {
    for (let place = 0; place < 4; place++) {
      for (const value of wrong) {
        for (const other of proper) {
          const args: unknown[] = [other, other, other, other];
          args[place] = value;
          const trouble = attempt(name, call, args);
          if (trouble) t.fail(trouble);
        }
      }
    }
  }
  t.pass();
});

test('any arguments in any order', t => {
  const seed = Number(host.environment('SEED') ?? 20260104);
  t.log(`seed ${seed}`);
  let state = seed | 1;
  const random = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 1) % limit;
  };
  const pool = [...wrong, ...proper];
  for (let round = 0; round < 40_000; round++) {
    const [name, call] = functions[random(functions.length)]!;
    const args = Array.from({ length: random(6) }, () => pool[random(pool.length)]);
    const trouble = attempt(name, call, args);
    if (trouble) t.fail(trouble);
  }
  t.pass();
});

test('an array that runs code while it is read cannot harm', t => {
  const bytes = new Uint8Array(64);
  const sly = ['a', 'b'];
  Object.defineProperty(sly, 0, {
    get() {
      sly.length = 1;
      host.collectGarbage();
      return 'a';
    },
  });
  t.throws(() => host.spawn('/none', sly, null, []), { instanceOf: TypeError });
  const thrower: number[] = [];
  Object.defineProperty(thrower, 0, {
    get() {
      throw new Error('from a getter');
    },
  });
  t.throws(() => host.spawn('/none', ['a'], null, thrower), { message: 'from a getter' });
  t.throws(() => host.onSignals(thrower, () => {}), { message: 'from a getter' });
  t.is(bytes.length, 64);
});

test('messages of the checks name the argument', t => {
  t.throws(() => host.receive(0.5, new Uint8Array(1)), {
    instanceOf: RangeError,
    message: 'fd must be an integer, it is 0.5',
  });
  t.throws(() => (host.open as Anything)(7, 0, 0), {
    instanceOf: TypeError,
    message: 'path must be a string',
  });
  t.throws(() => host.open('/a\0b', 0, 0), { instanceOf: TypeError, message: 'path must not contain a NUL' });
  t.throws(() => (host.send as Anything)(1, [1], null), { instanceOf: TypeError });
  t.throws(() => host.setTimer(Number.NaN, () => {}), { instanceOf: RangeError });
  t.throws(() => host.kill(-1, 0), { instanceOf: RangeError });
  t.throws(() => host.kill(0, 0), { instanceOf: RangeError });
  t.throws(() => (host.print as Anything)(3, 'x'), { instanceOf: RangeError });
  t.throws(() => (host.print as Anything)(1, 5), { instanceOf: TypeError });
  t.throws(() => host.exit(256), { instanceOf: RangeError });
  t.throws(() => host.setRealTimePriority(100), { instanceOf: RangeError });
});

test('the descriptors of the host itself are out of reach', t => {
  host.onSignals([10], () => {});
  const own = host.readDirectory('/proc/self/fd').filter(fd => {
    try {
      return host.readLink(`/proc/self/fd/${fd}`).startsWith('anon_inode:');
    } catch {
      return false;
    }
  });
  t.is(own.length, 2);
  for (const fd of own) {
    t.throws(() => host.close(Number(fd)), { code: 'EBADF' });
    t.throws(() => host.watch(Number(fd), 1, () => {}), { code: 'EBADF' });
    host.unwatch(Number(fd));
  }
  host.onSignals([], () => {});
});

test('a recursion without end is an exception', t => {
  const forever = (): number => forever() + 1;
  t.throws(forever, { name: 'InternalError' });
});
