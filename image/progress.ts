// Tells what the build is doing: one line per step, on a terminal kept current with elapsed and expected time.

export interface Progress {
  /** A step begins that will take about `expected` seconds. Returns the function to call when it has ended. */
  begin(name: string, expected: number): (ok: boolean) => void;
  /** A remark of its own. */
  note(text: string): void;
}

/** Seconds as `5 s` or `3 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Without a terminal a long step reports this often, in seconds. */
const PLAIN_INTERVAL = 60;

/** Progress on a stream: rewrites its line on a terminal, else prints plain lines. */
export function streamProgress(stream: NodeJS.WriteStream): Progress {
  const terminal = stream.isTTY === true;
  const clear = terminal ? '\r\x1b[K' : '';
  return {
    note: text => void stream.write(`${clear}${text}\n`),
    begin(name, expected) {
      const started = performance.now();
      const elapsed = () => (performance.now() - started) / 1000;
      const show = () => {
        const text = `${name}: ${duration(elapsed())} of about ${duration(expected)}`;
        stream.write(terminal ? `${clear}${text}` : `${text}\n`);
      };
      if (expected >= 5) show();
      const timer = setInterval(show, (terminal ? 1 : PLAIN_INTERVAL) * 1000);
      return ok => {
        clearInterval(timer);
        stream.write(`${clear}${name}: ${ok ? 'done' : 'FAILED'} in ${duration(elapsed())}\n`);
      };
    },
  };
}

/** No output at all, for tests. */
export const silent: Progress = { note: () => {}, begin: () => () => {} };
