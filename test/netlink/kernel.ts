// The other side of a netlink socket for tests: answers requests as the kernel does, by a handler that knows the family.

import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_MULTI } from '../../src/netlink/writer.ts';
import type { FakeSocket } from '../../src/platform/fake.ts';
import { AF_NETLINK } from '../../src/platform/linux.ts';

export interface Reply {
  /** A positive errno: the request is refused. */
  readonly errno?: number;
  /** The kernel's words about it. */
  readonly text?: string;
  /** Messages, as MessageWriter finishes them. */
  readonly data?: readonly Uint8Array[];
  /** Sets NLM_F_DUMP_INTR on the answer of a dump. */
  readonly interrupted?: boolean;
}

const kernel = { family: 'netlink', port: 0, groups: 0 } as const;

/** Plugs the handler into a socket of FakePlatform; other families are left alone. */
export function serve(socket: FakeSocket, handle: (request: Message) => Reply): void {
  if (socket.family !== AF_NETLINK) return;
  socket.onSend = ({ data }) => {
    readMessages(data, request => answer(socket, request, handle(request)));
  };
}

/** A multicast from the kernel. */
export function notify(socket: FakeSocket, message: Uint8Array, sequence = 0): void {
  socket.deliver(stamped(message, sequence, 0), { ...kernel, groups: 1 });
}

/** An NLMSG_ERROR with or without an extended acknowledgement; `errno` 0 acknowledges. */
export function errorMessage(sequence: number, errno: number, text?: string): Uint8Array {
  const words = text === undefined ? new Uint8Array(0) : new TextEncoder().encode(`${text}\0`);
  const attribute = words.length ? 4 + ((words.length + 3) & ~3) : 0;
  const message = new Uint8Array(36 + attribute);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 0x100 | (attribute ? 0x200 : 0), true);
  view.setUint32(8, sequence, true);
  view.setInt32(16, -errno, true);
  view.setUint32(20, 16, true);
  if (attribute) {
    view.setUint16(36, 4 + words.length, true);
    view.setUint16(38, 1, true);
    message.set(words, 40);
  }
  return message;
}

/** An NLMSG_DONE; `errno` is positive or 0. */
export function doneMessage(sequence: number, errno = 0): Uint8Array {
  const message = new Uint8Array(20);
  const view = new DataView(message.buffer);
  view.setUint32(0, 20, true);
  view.setUint16(4, 3, true);
  view.setUint16(6, NLM_F_MULTI, true);
  view.setUint32(8, sequence, true);
  view.setInt32(16, -errno, true);
  return message;
}

export function stamped(message: Uint8Array, sequence: number, flags: number): Uint8Array {
  const copy = message.slice();
  const view = new DataView(copy.buffer);
  view.setUint16(6, flags, true);
  view.setUint32(8, sequence, true);
  return copy;
}

function answer(socket: FakeSocket, request: Message, reply: Reply): void {
  const { sequence } = request;
  if ((request.flags & NLM_F_DUMP) === NLM_F_DUMP) {
    for (const message of reply.data ?? []) {
      socket.deliver(stamped(message, sequence, NLM_F_MULTI | (reply.interrupted ? 0x10 : 0)), kernel);
    }
    socket.deliver(doneMessage(sequence, reply.errno), kernel);
    return;
  }
  if (!reply.errno) {
    for (const message of reply.data ?? []) socket.deliver(stamped(message, sequence, 0), kernel);
  }
  if (reply.errno || request.flags & NLM_F_ACK) {
    socket.deliver(errorMessage(sequence, reply.errno ?? 0, reply.text), kernel);
  }
}
