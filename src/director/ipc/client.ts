// Asks another of the director's processes over its unix stream socket.
import { AF_UNIX, SOCK_STREAM } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Answer } from '../protocol.ts';
import { openConnection } from './connection.ts';

/** The other side understood and refused, was gone, or did not answer in time. */
export class RequestFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RequestFailed';
  }
}

/** There was no answer: it went away, or said nothing in time. */
export class Unanswered extends RequestFailed {
  constructor(message: string) {
    super(message);
    this.name = 'Unanswered';
  }
}

export interface Client {
  /** Rejects with RequestFailed when refused, with Unanswered when the connection is lost or `timeout` milliseconds have passed. */
  request(command: string, argument?: unknown, timeout?: number): Promise<unknown>;
  close(): void;
}

interface Waiting {
  answer(answer: Answer): void;
  lost(reason: string): void;
}

export interface ClientEvents {
  /** The other side went away. */
  onLost?(): void;
  /** It said something that answers no request: what was subscribed to. */
  onPush?(message: unknown): void;
}

/** Connects at once or throws a SystemError (`ENOENT`, `ECONNREFUSED`). */
export function openClient(platform: Platform, path: string, events: ClientEvents = {}): Client {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let open = true;
  const socket = platform.socket(AF_UNIX, SOCK_STREAM, 0);
  try {
    socket.connect({ family: 'unix', path });
  } catch (error) {
    socket.close();
    throw error;
  }

  function lose(reason: string): void {
    open = false;
    for (const each of [...waiting.values()]) each.lost(reason);
  }

  const connection = openConnection(socket, {
    onMessage(message) {
      if (isAnswer(message)) waiting.get(message.id)?.answer(message);
      else events.onPush?.(message);
    },
    onClose(reason) {
      lose(reason ?? 'the connection was closed');
      events.onLost?.();
    },
  });

  return {
    request(command, argument = null, timeout = 10_000) {
      if (!open) return Promise.reject(new Unanswered('the connection was closed'));
      return new Promise((resolve, reject) => {
        const id = nextId++;
        const timer = platform.after(timeout, () =>
          end(() => reject(new Unanswered(`no answer within ${timeout / 1000} s`))),
        );
        function end(settle: () => void): void {
          timer.cancel();
          waiting.delete(id);
          settle();
        }
        waiting.set(id, {
          answer: answer =>
            end(() => (answer.ok ? resolve(answer.result) : reject(new RequestFailed(answer.error)))),
          lost: reason => end(() => reject(new Unanswered(reason))),
        });
        connection.send({ id, command, argument });
      });
    },
    close() {
      connection.close();
      lose('the connection was closed');
    },
  };
}

function isAnswer(message: unknown): message is Answer {
  return typeof message === 'object' && message !== null && 'id' in message && 'ok' in message;
}
