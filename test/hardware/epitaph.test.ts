// What the board remembers of how a run ended.
import test from 'ava';
import {
  decodeEpitaph,
  describeEnd,
  EPITAPH_LENGTH,
  encodeEpitaph,
} from '../../src/director/hardware/epitaph.ts';

const at = 1_800_000_000;

test('what was written comes back', t => {
  for (const end of ['running', 'stopped'] as const) {
    t.deepEqual(decodeEpitaph(encodeEpitaph({ end, at: at + 0.5 })), { end, at });
  }
  for (const roles of [['vrrp'], ['checker', 'control'], ['telemetry']] as const) {
    t.deepEqual(decodeEpitaph(encodeEpitaph({ end: 'stuck', roles, at })), { end: 'stuck', roles, at });
  }
});

test('memory that was never written to, or was forgotten, says nothing', t => {
  t.is(decodeEpitaph(new Uint8Array(EPITAPH_LENGTH)), null);
  t.is(decodeEpitaph(new Uint8Array(EPITAPH_LENGTH).fill(0xff)), null);
  t.is(decodeEpitaph(new Uint8Array(3)), null);
  const bytes = encodeEpitaph({ end: 'stuck', roles: ['checker'], at });
  for (let bit = 0; bit < EPITAPH_LENGTH * 8; bit++) {
    const copy = bytes.slice();
    copy[bit >> 3]! ^= 1 << (bit & 7);
    t.is(decodeEpitaph(copy), null, `bit ${bit}`);
  }
});

test('every end has its words', t => {
  const told = (end: 'running' | 'stopped' | null, reset: boolean) => describeEnd(end && { end, at }, reset);
  t.is(told('stopped', false), null);
  t.is(told(null, false), null);
  t.is(
    describeEnd({ end: 'stuck', roles: ['checker', 'control'], at }, true),
    'the watchdog has reset the board: checker, control made no progress, 2027-01-15 08:00:00 UTC',
  );
  t.is(
    told('running', false),
    'power was cut or the board was reset; the director had run since 2027-01-15 08:00:00 UTC',
  );
  t.is(told('running', true), 'the watchdog has reset the board: the supervisor or the kernel stood still');
  t.is(told(null, true), 'the watchdog has reset the board: the supervisor or the kernel stood still');
  t.is(told('stopped', true), 'the watchdog has reset the board after the director was stopped');
});
