// The configurations before the committed one: each is kept as what makes it of the next, all of them compressed. Pure.
import type { Codec } from './codec.ts';
import { applyDelta, type Delta, deltaTo } from './text-delta.ts';

/** Commits that are remembered. */
export const REMEMBERED = 20;
/** Bytes that they may take, compressed; the oldest go first. */
export const MOST_BYTES = 256 * 1024;

/** An earlier configuration. */
export interface PastCommit {
  /** As in the snapshot that it was committed with. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly comment: string;
  /** What makes its text of that of the next commit; both are bytes as characters. */
  readonly delta: Delta;
}

/** Newest first. */
export type History = readonly PastCommit[];

/** A configuration with what is known of its commit. */
export interface Commit extends Pick<PastCommit, 'sequence' | 'time' | 'comment'> {
  readonly config: Uint8Array;
}

/** The history of a configuration that comes after `before`. */
export function remember(history: History, before: Commit, config: Uint8Array): History {
  const { sequence, time, comment } = before;
  const delta = deltaTo(characters(before.config), characters(config));
  return [{ sequence, time, comment, delta }, ...history].slice(0, REMEMBERED);
}

/** The configuration of an earlier commit, given the present one; null when it is not remembered. Throws a RangeError for a history of another text. */
export function recall(history: History, config: Uint8Array, sequence: number): Uint8Array | null {
  let text = characters(config);
  for (const past of history) {
    text = applyDelta(past.delta, text);
    if (past.sequence === sequence) return bytes(text);
  }
  return null;
}

/** As it is kept in a snapshot; the oldest commits are left out until it is no longer than `limit` bytes. */
export function encodeHistory(history: History, { deflate }: Codec, limit = MOST_BYTES): Uint8Array {
  for (let count = history.length; ; count--) {
    const text = JSON.stringify(history.slice(0, count));
    const encoded = deflate(new TextEncoder().encode(text));
    if (encoded.length <= limit || count === 0) return encoded;
  }
}

/** Null when these bytes are no history. */
export function decodeHistory(encoded: Uint8Array, { inflate }: Codec): History | null {
  try {
    const history: unknown = JSON.parse(new TextDecoder().decode(inflate(encoded)));
    return Array.isArray(history) && history.every(isPastCommit) ? history : null;
  } catch {
    return null;
  }
}

function isPastCommit(value: unknown): value is PastCommit {
  if (typeof value !== 'object' || value === null) return false;
  const { sequence, time, comment, delta } = value as Partial<Record<keyof PastCommit, unknown>>;
  const isKnown = Number.isInteger(sequence) && Number.isInteger(time) && typeof comment === 'string';
  return isKnown && Array.isArray(delta) && delta.every(isPiece);
}

function isPiece(piece: unknown): boolean {
  if (typeof piece === 'string') return true;
  return Array.isArray(piece) && piece.length === 2 && piece.every(Number.isInteger);
}

/** Bytes as characters of the same number: what a text is encoded in does not matter. */
function characters(content: Uint8Array): string {
  let text = '';
  for (let at = 0; at < content.length; at += 4096) {
    text += String.fromCharCode(...content.subarray(at, at + 4096));
  }
  return text;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}
