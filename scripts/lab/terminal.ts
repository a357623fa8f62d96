// Puts a board's serial console into the terminal, until Ctrl-].
import type { Machine } from './machine.ts';

const ESCAPE = 0x1d;

/** Resolves when the person at the terminal leaves it, or when the board's power goes. */
export async function attachTerminal(machine: Machine): Promise<void> {
  const { stdin, stdout } = process;
  stdin.setRawMode?.(true);
  const unlisten = machine.console.listen(chunk => stdout.write(chunk));
  // Makes the prompt show that is waiting already.
  machine.console.type('\r');
  await new Promise<void>(resolve => {
    stdin.on('data', (chunk: Buffer) => {
      const end = chunk.indexOf(ESCAPE);
      machine.console.type(chunk.subarray(0, end < 0 ? undefined : end).toString('latin1'));
      if (end >= 0) resolve();
    });
    stdin.on('end', resolve);
    machine.qemu.ended.then(() => resolve());
  });
  unlisten();
  stdin.setRawMode?.(false);
  stdin.pause();
}
