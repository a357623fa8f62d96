// Serves a board's card over a socket, so that it can be taken away from it: once the server is gone, QEMU answers every access with
// an error, and it connects again by itself when a server is back. Cards in true IDE mode cannot be pulled, so this is a simulation.
import { type Running, run, start } from './process.ts';

/** Serves `card`; resolves once QEMU can connect. */
export async function serveCard(card: string, socket: string): Promise<Running> {
  const server = start('qemu-nbd', [
    ...['qemu-nbd', '--format=raw', '--cache=writeback', '--persistent', '--shared=2'],
    ...[`--socket=${socket}`, card],
  ]);
  const deadline = performance.now() + 10_000;
  while (!(await answers(socket))) {
    if (performance.now() > deadline) throw new Error(`qemu-nbd: ${server.tail()}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return server;
}

async function answers(socket: string): Promise<boolean> {
  return run(['qemu-nbd', '--list', `--socket=${socket}`]).then(
    () => true,
    () => false,
  );
}
