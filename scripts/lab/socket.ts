// A unix socket that QEMU connects to when it starts: listening first means that nothing it says is lost.
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

export interface Awaited {
  /** Resolves with the first connection. */
  readonly connection: Promise<Socket>;
  /** Stops listening; a connection stays. */
  close(): void;
}

/** Listens on `path` for one connection. */
export async function awaitConnection(path: string): Promise<Awaited> {
  rmSync(path, { force: true });
  const server = createServer();
  const connection = new Promise<Socket>(resolve => server.once('connection', resolve));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return { connection, close: () => server.close() };
}
