// The little of GDB's remote protocol (GDB manual, appendix E) that it takes to stop a machine at an address.
import type { Socket } from 'node:net';

export interface Debugger {
  /** Sends a packet and returns the answer, which for `c` and `s` comes when the machine stops. */
  ask(packet: string): Promise<string>;
}

export function createDebugger(socket: Socket): Debugger {
  let received = '';
  let waiting: ((answer: string) => void) | undefined;
  socket.on('error', () => {});
  socket.on('data', chunk => {
    received += chunk.toString('latin1');
    const packet = /\$([^#]*)#../.exec(received);
    if (!packet) return;
    received = received.slice(packet.index + packet[0].length);
    socket.write('+');
    waiting?.(packet[1] ?? '');
  });
  return {
    ask: packet =>
      new Promise(resolve => {
        waiting = resolve;
        const sum = [...packet].reduce((total, letter) => total + letter.charCodeAt(0), 0) & 0xff;
        socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`);
      }),
  };
}

/**
 * Lets a stopped machine run until `code` is about to be executed at `address` (other code there is passed over); it stays
 * stopped.
 */
export async function runTo(gdb: Debugger, address: number, code: Buffer): Promise<void> {
  const place = address.toString(16);
  for (;;) {
    await gdb.ask(`Z1,${place},1`);
    await gdb.ask('c');
    await gdb.ask(`z1,${place},1`);
    if ((await gdb.ask(`m${place},${code.length.toString(16)}`)) === code.toString('hex')) return;
    await gdb.ask('s');
  }
}
