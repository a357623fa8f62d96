// The first packet of a MySQL server: Protocol::HandshakeV10.
import { joined } from './message-talker.ts';

const VERSION_10 = 10;
/** Bytes of a scramble, and of its first part in the greeting. */
export const SCRAMBLE_LENGTH = 20;
const FIRST_PART = 8;
/** Between the first part of the scramble and the second: capabilities, character set, status, a length, ten zeros. */
const MIDDLE = { capabilitiesAt: 1, moreCapabilitiesAt: 6, length: 19 };
const AFTER_THREAD_ID = 4;

export interface MysqlGreeting {
  /** CLIENT_* flags, as far as the server has them. */
  readonly capabilities: number;
  readonly scramble: Uint8Array;
  /** Of authentication. */
  readonly plugin: string;
}

/** Null when the payload is none. */
export function readGreeting(payload: Uint8Array): MysqlGreeting | null {
  if (payload[0] !== VERSION_10) return null;
  const versionEnd = payload.indexOf(0, 1);
  const first = versionEnd + 1 + AFTER_THREAD_ID;
  const middle = first + FIRST_PART;
  const second = middle + MIDDLE.length;
  const pluginAt = second + SCRAMBLE_LENGTH - FIRST_PART + 1;
  if (versionEnd < 0 || payload.length < pluginAt) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const low = view.getUint16(middle + MIDDLE.capabilitiesAt, true);
  const high = view.getUint16(middle + MIDDLE.moreCapabilitiesAt, true);
  const parts = [payload.subarray(first, middle), payload.subarray(second, pluginAt - 1)];
  return {
    capabilities: low + high * 0x10000,
    scramble: joined(parts),
    plugin: textUntilZero(payload, pluginAt),
  };
}

/** Text up to a zero or the end. */
export function textUntilZero(bytes: Uint8Array, from: number): string {
  const end = bytes.indexOf(0, from);
  return String.fromCharCode(...bytes.subarray(from, end < 0 ? bytes.length : end).subarray(0, 200));
}
