// A serial console as a person uses it: waits for a text, types a line. Everything the board prints is kept.
import { appendFileSync } from 'node:fs';
import type { Socket } from 'node:net';

export interface Console {
  /** Everything printed since power-on. */
  readonly text: string;
  /** Waits for `pattern` in what was printed after the last match; throws with the last lines after `milliseconds`. */
  expect(pattern: RegExp, milliseconds: number): Promise<RegExpExecArray>;
  /** Types text; a line ends with `\r`. */
  type(text: string): void;
  /** The last lines printed. */
  tail(lines?: number): string;
  /** Passes everything printed from now on to `listener`, until the returned function is called. */
  listen(listener: (chunk: Buffer) => void): () => void;
}

/** The console on a connected socket; `log` gets a copy. */
export function createConsole(name: string, socket: Socket, log?: string): Console {
  let text = '';
  let read = 0;
  let check: () => void = () => {};
  let closed = false;
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
    if (log) appendFileSync(log, chunk);
    check();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
    check();
  });
  const tail = (lines = 20) => text.replaceAll('\r', '').trimEnd().split('\n').slice(-lines).join('\n');
  return {
    get text() {
      return text;
    },
    tail,
    type: input => void socket.write(input),
    listen(listener) {
      socket.on('data', listener);
      return () => socket.off('data', listener);
    },
    expect(pattern, milliseconds) {
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer);
          check = () => {};
        };
        const fail = (reason: string) => {
          settle();
          reject(
            new Error(`${name}: ${reason} while waiting for ${pattern}; the console ended with\n${tail()}`),
          );
        };
        const timer = setTimeout(() => fail(`nothing for ${milliseconds / 1000} s`), milliseconds);
        check = () => {
          const match = pattern.exec(text.slice(read));
          if (match) {
            read += match.index + match[0].length;
            settle();
            resolve(match);
          } else if (closed) fail('the board is off');
        };
        check();
      });
    },
  };
}
