// Answers requests on a unix stream socket: one JSON object a line, as src/director/protocol.ts names them.
import { AF_UNIX, SOCK_STREAM } from '../../platform/linux.ts';
import { isSystemError, type Platform, type Socket } from '../../platform/platform.ts';
import type { Answer, Request } from '../protocol.ts';
import { type Connection, openConnection } from './connection.ts';

/** Peers served at once; the console and the control process need two or three. */
const MAXIMUM_PEERS = 16;

/** Who asked, for what is said unasked afterwards: `Subscribers` keeps such peers. */
export interface Peer {
  /** Queues a message, behind the answers given so far. */
  push(message: unknown): void;
  /** Bytes that wait for the peer to read. */
  readonly queued: number;
  /** Calls back whenever nothing waits any more. One callback: a second replaces the first. */
  onDrained(callback: () => void): void;
  /** Calls back once, when the peer is gone. One callback: a second replaces the first. */
  onGone(callback: () => void): void;
}

/** Gives the result of a command, at once or later. What it throws becomes the answer's `error`. */
export type Handler = (command: string, argument: unknown, peer: Peer) => unknown;

export interface Server {
  close(): void;
}

/** Listens at `path` (mode 0600, replacing a socket that a dead process left) and answers with what `handle` gives. */
export function serve(platform: Platform, path: string, handle: Handler): Server {
  const peers = new Set<Connection>();
  removeStale(platform, path);
  const listener = platform.socket(AF_UNIX, SOCK_STREAM, 0);
  listener.bind({ family: 'unix', path });
  platform.files.changeMode(path, 0o600);
  listener.listen(MAXIMUM_PEERS);
  listener.onReadable(() => {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept()) welcome(socket);
  });

  function welcome(socket: Socket): void {
    if (peers.size >= MAXIMUM_PEERS) {
      socket.close();
      return;
    }
    let drained = () => {};
    let gone = () => {};
    const connection = openConnection(socket, {
      onMessage: message => answer(connection, peer, message),
      onClose() {
        peers.delete(connection);
        gone();
      },
      onDrained: () => drained(),
    });
    const peer: Peer = {
      push: message => connection.send(message),
      get queued() {
        return connection.queued;
      },
      onDrained(callback) {
        drained = callback;
      },
      onGone(callback) {
        gone = callback;
      },
    };
    peers.add(connection);
  }

  function answer(connection: Connection, peer: Peer, message: unknown): void {
    if (!isRequest(message)) throw new Error('not a request');
    const { id, command, argument } = message;
    const refuse = (error: unknown) => reply(connection, { id, ok: false, error: describe(error) });
    try {
      const result = handle(command, argument, peer);
      if (result instanceof Promise)
        result.then(value => reply(connection, { id, ok: true, result: value }), refuse);
      else reply(connection, { id, ok: true, result });
    } catch (error) {
      refuse(error);
    }
  }

  return {
    close() {
      listener.close();
      for (const peer of peers) peer.close();
      removeStale(platform, path);
    },
  };
}

function reply(connection: Connection, answer: Answer): void {
  connection.send(answer);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isRequest(message: unknown): message is Request {
  if (typeof message !== 'object' || message === null) return false;
  return 'id' in message && 'command' in message && typeof message.command === 'string';
}

function removeStale(platform: Platform, path: string): void {
  try {
    platform.files.remove(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}
