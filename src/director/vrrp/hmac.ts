// The authenticated trailer behind a message: draft-cassen-vrrp-auth-hmac, which keepalived 2.4 knows as `auth_hmac`. HMAC-SHA-256, cut to
// 128 bits, over who says it, the message with its checksum read as zero, and a sequence that grows with time.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** Type, key id, two zeros, sequence (8 bytes), tag (16 bytes). */
export const TRAILER_LENGTH = 28;

const TRAILER_TYPE = 1;
const SEQUENCE_AT = 4;
const TAG_AT = 12;
const TAG_LENGTH = TRAILER_LENGTH - TAG_AT;
const CHECKSUM_AT = 6;
/** Family, version, virtual router id, a zero, and the source in 16 bytes. */
const WHO_LENGTH = 20;

/** One of the shared keys. */
export interface Key {
  /** 1..255: names the key in the trailer. */
  readonly id: number;
  /** 32 to 64 bytes. */
  readonly bytes: Uint8Array;
}

/** What is wrong with a trailer. */
export type TrailerFault = 'trailer' | 'key' | 'signature';

/** Fills the trailer behind `message[0..end)`; `sequence` must be greater than every one before. */
export function sign(message: Uint8Array, end: number, source: Uint8Array, key: Key, sequence: bigint): void {
  message[end] = TRAILER_TYPE;
  message[end + 1] = key.id;
  message[end + 2] = 0;
  message[end + 3] = 0;
  new DataView(message.buffer, message.byteOffset).setBigUint64(end + SEQUENCE_AT, sequence);
  message.set(tagOf(message, end, source, key), end + TAG_AT);
}

/** Null when one of `keys` made the trailer behind `message[0..end)`, which has to be there as a whole. */
export function verify(
  message: Uint8Array,
  end: number,
  source: Uint8Array,
  keys: readonly Key[],
): TrailerFault | null {
  if (message[end] !== TRAILER_TYPE || message[end + 2] !== 0 || message[end + 3] !== 0) return 'trailer';
  const key = keys.find(({ id }) => id === message[end + 1]);
  if (key === undefined) return 'key';
  const tag = tagOf(message, end, source, key);
  // Every byte is looked at: how long this takes tells nothing.
  let difference = 0;
  for (let index = 0; index < TAG_LENGTH; index++) difference |= tag[index]! ^ message[end + TAG_AT + index]!;
  return difference === 0 ? null : 'signature';
}

/** The sequence in the trailer behind `message[0..end)`. */
export function sequenceOf(message: Uint8Array, end: number): bigint {
  return new DataView(message.buffer, message.byteOffset).getBigUint64(end + SEQUENCE_AT);
}

/** What is signed is put together first: many small updates would take longer than the hash itself. */
function tagOf(message: Uint8Array, end: number, source: Uint8Array, key: Key): Uint8Array {
  const text = new Uint8Array(WHO_LENGTH + end + TRAILER_LENGTH);
  text[0] = source.length === 4 ? 4 : 6;
  text[1] = message[0]! >> 4;
  text[2] = message[1]!;
  text.set(source, 4);
  text.set(message.subarray(0, end + TAG_AT), WHO_LENGTH);
  text.fill(0, WHO_LENGTH + CHECKSUM_AT, WHO_LENGTH + CHECKSUM_AT + 2);
  return preparedMac(key.bytes).clone().update(text).digest().subarray(0, TAG_LENGTH);
}

/** The part of the work that depends on the key alone. */
const preparedMacs = new WeakMap<Uint8Array, ReturnType<typeof hmac.create>>();

function preparedMac(bytes: Uint8Array): ReturnType<typeof hmac.create> {
  let mac = preparedMacs.get(bytes);
  if (mac === undefined) {
    mac = hmac.create(sha256, bytes);
    preparedMacs.set(bytes, mac);
  }
  return mac;
}
