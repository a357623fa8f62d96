// QEMU's machine protocol (docs/interop/qmp-spec.txt): JSON lines, one answer for each command, in order.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Qmp {
  /** Runs a command and returns its result; throws what QEMU says against it. */
  execute(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** A command of the human monitor; returns what it prints. */
  human(command: string): Promise<string>;
}

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly QMP?: unknown;
  readonly event?: string;
}

/** Speaks QMP on a connected socket; resolves when QEMU takes commands. */
export async function createQmp(socket: Socket): Promise<Qmp> {
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const send = (command: string, args?: Record<string, unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error(`QEMU is gone: ${command}`));
      waiting.push({ resolve, reject });
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  // A reset connection is how QEMU's sudden end shows; 'close' follows.
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error('QEMU is gone'));
  });
  await new Promise<void>(ready => {
    // readline passes the socket's errors on.
    const lines = createInterface({ input: socket }).on('error', () => {});
    lines.on('line', line => {
      const reply = JSON.parse(line) as Reply;
      if (reply.QMP) return ready();
      if (reply.event) return;
      const asked = waiting.shift();
      if (reply.error) asked?.reject(new Error(`QEMU: ${reply.error.desc}`));
      else asked?.resolve(reply.return);
    });
  });
  await send('qmp_capabilities');
  return {
    execute: send,
    human: async command => String(await send('human-monitor-command', { 'command-line': command })),
  };
}
