// Connections of the client that stay open and say nothing.
import { inNamespace } from '../../scripts/lab/namespace.ts';
import { client } from '../../scripts/lab/plan.ts';
import { type Running, start } from '../../scripts/lab/process.ts';

const CLIENT = `
const { connect } = require('node:net');
const [address, port, count] = process.argv.slice(1);
for (let index = 0; index < Number(count); index++) {
  connect(Number(port), address, () => console.log('open')).on('error', () => process.exit(1)).on('close', () => console.log('closed'));
}`;

export interface Held {
  readonly process: Running;
  /** Those that have been closed by the other side. */
  readonly closed: number;
  close(): Promise<void>;
}

/** Opens connections one after the other's first packet; resolves when all are open. Throws when one is not within a minute. */
export async function holdConnections(address: string, port: number, count: number): Promise<Held> {
  const command = [process.execPath, '-e', CLIENT, address, String(port), String(count)];
  const running = start('held connections', inNamespace(client.name, command));
  const lines = (text: string) =>
    running
      .tail()
      .split('\n')
      .filter(line => line === text).length;
  const deadline = performance.now() + 60_000;
  while (lines('open') < count) {
    if (performance.now() > deadline) throw new Error(`${lines('open')} of ${count} connections are open`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {
    process: running,
    get closed() {
      return lines('closed');
    },
    close: () => running.kill('SIGTERM'),
  };
}
