// How the last run of the director ended, in the bytes beside the board's clock: they keep through a reset, and writing them wears
// nothing. Pure.

import { CLOCK_MEMORY } from './clock-memory.ts';

/** How a run ended. `running`: not by anybody, so what ended it could not write. `stuck`: these roles made no progress. */
export type End =
  | { readonly end: 'running' | 'stopped' }
  | { readonly end: 'stuck'; readonly roles: readonly StuckRole[] };

/** What is written there, and when (seconds since 1970). */
export type Epitaph = End & { readonly at: number };

/** In the order of their numbers: new ones go to the end. */
const ENDS = ['running', 'stopped', 'stuck'] as const;

/** In the order of their bits: new ones go to the end. */
const ROLES = ['vrrp', 'checker', 'control', 'telemetry'] as const;
type StuckRole = (typeof ROLES)[number];

// Magic 0 (2 bytes), number 2, bits of the roles 3, time 4 (4, little-endian), sum of the bytes before 8 (2, little-endian).
const MAGIC = [0x43, 0x44];
export const EPITAPH_LENGTH = CLOCK_MEMORY.epitaph.length;

export function encodeEpitaph(epitaph: Epitaph): Uint8Array {
  const bytes = new Uint8Array(EPITAPH_LENGTH);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes[2] = ENDS.indexOf(epitaph.end);
  if (epitaph.end === 'stuck') {
    bytes[3] = epitaph.roles.reduce((bits, role) => bits | (1 << ROLES.indexOf(role)), 0);
  }
  view.setUint32(4, Math.floor(epitaph.at), true);
  view.setUint16(8, sumOf(bytes), true);
  return bytes;
}

/** Null for anything else: boards without a battery forget when their power is cut, and others have never been written to. */
export function decodeEpitaph(bytes: Uint8Array): Epitaph | null {
  if (bytes.length < EPITAPH_LENGTH || !MAGIC.every((byte, index) => bytes[index] === byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = ENDS[bytes[2]!];
  if (end === undefined || view.getUint16(8, true) !== sumOf(bytes)) return null;
  const at = view.getUint32(4, true);
  return end === 'stuck' ? { end, roles: ROLES.filter((_, bit) => bytes[3]! & (1 << bit)), at } : { end, at };
}

/** In words; null when there is nothing to say. `reset`: the watchdog says that it has reset the board. */
export function describeEnd(epitaph: Epitaph | null, reset: boolean): string | null {
  const time = epitaph === null ? '' : `${timeOf(epitaph.at)} UTC`;
  switch (epitaph?.end) {
    case 'stopped':
      return reset ? 'the watchdog has reset the board after the director was stopped' : null;
    case 'stuck':
      return `the watchdog has reset the board: ${epitaph.roles.join(', ')} made no progress, ${time}`;
    default:
      if (reset) return 'the watchdog has reset the board: the supervisor or the kernel stood still';
      return epitaph && `power was cut or the board was reset; the director had run since ${time}`;
  }
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function sumOf(bytes: Uint8Array): number {
  return bytes.subarray(0, 8).reduce((sum, byte) => sum + byte, 0);
}
