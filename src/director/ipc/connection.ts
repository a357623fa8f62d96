// One JSON object a line, both ways, over a connected stream socket, with bounded buffers.
import { isSystemError, type Socket } from '../../platform/platform.ts';
import { LineBuffer } from './lines.ts';

/** Bytes of one message and of what waits to be sent: the slice of 2,000 real servers takes about one megabyte. */
const LIMIT = 8 << 20;

export interface ConnectionEvents {
  onMessage(message: unknown): void;
  /** Called once; `reason` is null when the peer closed in peace, and not called after `close()`. */
  onClose(reason: string | null): void;
  /** Everything that had to wait has been sent. */
  onDrained?(): void;
}

export interface Connection {
  /** Queues a message. A peer that lets more than 8 MiB pile up is cut off. */
  send(message: unknown): void;
  /** Bytes that wait for the peer to read. */
  readonly queued: number;
  /** Sends what is queued as far as the socket takes it at once, then closes. */
  close(): void;
}

/** Takes the socket over. */
export function openConnection(socket: Socket, events: ConnectionEvents): Connection {
  const lines = new LineBuffer(LIMIT);
  let queue: Uint8Array[] = [];
  let queued = 0;
  let stuck = false;
  let open = true;

  function shut(): void {
    open = false;
    queue = [];
    socket.close();
  }

  function fail(reason: string | null): void {
    if (!open) return;
    shut();
    events.onClose(reason);
  }

  function flush(): void {
    while (open && queue.length > 0) {
      const first = queue[0]!;
      const sent = socket.send(first);
      stuck ||= sent === null || sent < first.length;
      if (sent === null) break;
      queued -= sent;
      if (sent < first.length) queue[0] = first.subarray(sent);
      else queue.shift();
    }
    if (!open) return;
    socket.onWritable(queue.length > 0 ? guarded(flush) : null);
    if (!stuck || queue.length > 0) return;
    stuck = false;
    events.onDrained?.();
  }

  function read(): void {
    for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive()) {
      if (datagram.data.length === 0) {
        fail(null);
        return;
      }
      for (const line of lines.push(datagram.data)) {
        events.onMessage(JSON.parse(line));
        if (!open) return;
      }
    }
  }

  function guarded(action: () => void): () => void {
    return () => {
      if (!open) return;
      try {
        action();
      } catch (error) {
        if (isSystemError(error, 'ECONNRESET', 'EPIPE')) fail(null);
        else fail(error instanceof Error ? error.message : String(error));
      }
    };
  }

  socket.onReadable(guarded(read));
  return {
    send(message) {
      if (!open) return;
      const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
      queue.push(bytes);
      queued += bytes.length;
      if (queued > LIMIT) fail('the peer does not read');
      else guarded(flush)();
    },
    get queued() {
      return queued;
    },
    close() {
      if (open) shut();
    },
  };
}
