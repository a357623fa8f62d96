// The Web-standard globals that the bundle expects and that QuickJS lacks: timers, queueMicrotask, TextEncoder, TextDecoder, console.
// Every script of the director imports this before all else.
import * as host from 'host';
import { isSystemError } from './platform.ts';

type Callback = (...args: unknown[]) => void;

const intervals = new Map<number, number>();

function setTimeout(callback: Callback, milliseconds = 0, ...args: unknown[]): number {
  return host.setTimer(milliseconds, args.length === 0 ? callback : () => callback(...args));
}

function clearTimeout(id: number | undefined | null): void {
  if (typeof id === 'number') host.clearTimer(id);
}

// An interval keeps the id of its first timer; the map leads from it to the timer that is pending now.
function setInterval(callback: Callback, milliseconds = 0, ...args: unknown[]): number {
  const period = Math.max(1, milliseconds);
  const tick = () => {
    intervals.set(first, host.setTimer(period, tick));
    callback(...args);
  };
  const first = host.setTimer(period, tick);
  intervals.set(first, first);
  return first;
}

function clearInterval(id: number | undefined | null): void {
  if (typeof id !== 'number') return;
  const pending = intervals.get(id);
  intervals.delete(id);
  host.clearTimer(pending ?? id);
}

// What the callback throws becomes an unhandled rejection, which ends the process as any other escaped exception does.
function queueMicrotask(callback: () => void): void {
  Promise.resolve().then(callback);
}

/** UTF-8 only, as the Encoding Standard has it. */
class TextEncoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array {
    return host.encodeUtf8(String(text));
  }
}

/** UTF-8 only and whole texts only (no `stream`); malformed bytes read as U+FFFD, or throw when `fatal`; drops a byte order mark. */
class TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  constructor(label = 'utf-8', options: { fatal?: boolean } = {}) {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`the encoding ${label} is not supported`);
    this.fatal = options.fatal === true;
  }
  decode(bytes: Uint8Array = new Uint8Array(0)): string {
    const text = host.decodeUtf8(bytes);
    if (this.fatal && text.includes('\ufffd') && !sameBytes(host.encodeUtf8(text), bytes)) {
      throw new TypeError('the text is not valid UTF-8');
    }
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value}\n${host.describeStack(value.stack ?? '')}`.trimEnd();
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}

const writeLine =
  (fd: 1 | 2) =>
  (...values: unknown[]): void => {
    try {
      host.print(fd, `${values.map(show).join(' ')}\n`);
    } catch (error) {
      // As everywhere, a console that nobody reads is not the program's trouble.
      if (!isSystemError(error)) throw error;
    }
  };

const console = {
  log: writeLine(1),
  info: writeLine(1),
  debug: writeLine(2),
  warn: writeLine(2),
  error: writeLine(2),
};

const globals: Readonly<Record<string, unknown>> = {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  queueMicrotask,
  TextEncoder,
  TextDecoder,
  console,
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
