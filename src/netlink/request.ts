// What the connection does to a finished message before it is sent: sequence number, acknowledgement, packing several together.
import { read16 } from './reader.ts';
import { NLM_F_ACK, NLM_F_DUMP } from './writer.ts';

/** True when the message asks for a dump (both bits of NLM_F_DUMP, which no request of ours uses otherwise). */
export function isDump(message: Uint8Array): boolean {
  return (read16(message, 6) & NLM_F_DUMP) === NLM_F_DUMP;
}

export function setSequence(message: Uint8Array, sequence: number): void {
  for (let byte = 0; byte < 4; byte += 1) message[8 + byte] = sequence >>> (8 * byte);
}

export function requestAcknowledgement(message: Uint8Array): void {
  message[6]! |= NLM_F_ACK;
}

/** The messages one after the other, each on a multiple of four bytes. */
export function concatenate(messages: readonly Uint8Array[]): Uint8Array {
  if (messages.length === 1) return messages[0]!;
  let length = 0;
  for (const message of messages) length += (message.length + 3) & ~3;
  const all = new Uint8Array(length);
  let at = 0;
  for (const message of messages) {
    all.set(message, at);
    at += (message.length + 3) & ~3;
  }
  return all;
}
