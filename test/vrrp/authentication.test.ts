// Who may speak for an instance.
import test from 'ava';
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { type Authentication, authenticationOf } from '../../src/director/vrrp/authentication.ts';
import type { InstanceEvent, InstanceSettings } from '../../src/director/vrrp/instance.ts';
import { clockSequence } from '../../src/director/vrrp/sequence.ts';
import { type Bench, backup, HIGHER, LOWER, SETTINGS } from './bench.ts';
import { hex, toHex, VRRP_GROUP } from './bytes.ts';

const NOW = 1_700_000_000_000;
const OLD = { id: 1, bytes: new Uint8Array(32).fill(1) };
const NEW = { id: 2, bytes: new Uint8Array(32).fill(2) };
const VERSION_2 = { version: 2, advertInterval: 1000 } as const;

function pass(password: string): Authentication {
  return authenticationOf({ kind: 'PASS', password });
}

function signed(active = OLD, keys = [active], window: number | null = 5000): Authentication {
  return { kind: 'HMAC', keys, active, window, enforces: true };
}

/** The bytes that a router with `authentication` sends. */
function message(
  authentication: Authentication,
  {
    sequence = clockSequence(NOW),
    source = HIGHER,
    ...other
  }: Partial<InstanceSettings> & {
    sequence?: bigint;
    source?: Uint8Array;
  } = {},
): Uint8Array {
  const settings = { ...SETTINGS, ...other, authentication };
  return sealAdvertisement({ settings, checksumForm: 'plain' }, 150, source, VRRP_GROUP, sequence);
}

/** What `bench` makes of it at `wall`; taken at once. */
function hear(bench: Bench, bytes: Uint8Array, wall = NOW, source = HIGHER): InstanceEvent {
  const envelope = { source, destination: VRRP_GROUP, hops: 255 };
  const event = readAdvertisement(bench.state, bytes, envelope, wall, bench.now);
  bench.send(event);
  return event;
}

function malformation(event: InstanceEvent): string | null {
  return event.kind === 'malformed' ? event.malformation : null;
}

test('PASS: a packet of keepalived, with its password in clear', t => {
  const bytes = message(pass('s3cret'), VERSION_2);
  t.is(toHex(bytes.subarray(4, 6)), '0101');
  t.is(toHex(bytes.subarray(-8)), '733363726574' + '0000');
  t.is(malformation(hear(backup({ ...VERSION_2, authentication: pass('s3cret') }), bytes)), null);
});

test('PASS: only the first eight bytes count', t => {
  const bench = backup({ ...VERSION_2, authentication: pass('123456789') });
  t.is(malformation(hear(bench, message(pass('12345678x'), VERSION_2))), null);
});

test('RFC 2338 5.3.6: another password, another type or none is discarded', t => {
  const bench = backup({ ...VERSION_2, authentication: pass('right') });
  t.is(malformation(hear(bench, message(pass('wrong'), VERSION_2))), 'password');
  t.regex(bench.state.trouble!, /auth_pass/);
  t.is(malformation(hear(bench, message({ kind: 'none' }, VERSION_2))), 'authentication');
  t.is(malformation(hear(backup(VERSION_2), message(pass('right'), VERSION_2))), 'authentication');
  t.is(bench.state.counters.received, 0);
});

test('version 3 has no password', t => {
  t.is(malformation(hear(backup({ authentication: pass('one') }), message(pass('other')))), null);
});

test('HMAC: what is signed with a known key is taken, whatever signs here', t => {
  for (const version of [VERSION_2, {}]) {
    const bench = backup({ ...version, authentication: signed(NEW, [OLD, NEW]) });
    t.is(malformation(hear(bench, message(signed(OLD), version))), null);
    t.is(bench.state.counters.received, 1);
  }
});

test('HMAC: key rotation never leaves a moment in which one side does not believe the other', t => {
  const steps = [signed(OLD), signed(OLD, [OLD, NEW]), signed(NEW, [OLD, NEW]), signed(NEW)];
  for (let step = 1; step < steps.length; step++) {
    const [before, after] = [steps[step - 1]!, steps[step]!];
    t.is(malformation(hear(backup({ authentication: before }), message(after))), null);
    t.is(malformation(hear(backup({ authentication: after }), message(before))), null);
  }
});

test('HMAC: an unknown key, a wrong key and no signature are discarded', t => {
  const bench = backup({ authentication: signed() });
  t.is(malformation(hear(bench, message(signed(NEW)))), 'key');
  t.is(malformation(hear(bench, message(signed({ ...NEW, id: 1 })))), 'signature');
  t.is(malformation(hear(bench, message({ kind: 'none' }))), 'unsigned');
  t.is(malformation(hear(bench, message(signed()).subarray(0, -1))), 'unsigned');
});

test('HMAC: while it is permissive what is not signed is taken, and what is wrongly signed is not', t => {
  const bench = backup({ authentication: { ...signed(), enforces: false } as Authentication });
  t.is(malformation(hear(bench, message({ kind: 'none' }))), null);
  t.is(malformation(hear(bench, message(signed({ ...NEW, id: 1 })))), 'signature');
});

test('without HMAC a trailer is not looked at', t => {
  t.is(malformation(hear(backup(), message(signed()))), null);
});

test('HMAC: nothing is heard twice, and nothing older than what was heard', t => {
  const bench = backup({ authentication: signed() });
  const [first, second] = [0n, 1n].map(more => message(signed(), { sequence: clockSequence(NOW) + more }));
  t.is(malformation(hear(bench, second!)), null);
  t.is(malformation(hear(bench, second!)), 'replay');
  t.is(malformation(hear(bench, first!)), 'replay');
});

test('HMAC: every sender has a sequence of its own', t => {
  const bench = backup({ authentication: signed() });
  hear(bench, message(signed()));
  t.is(malformation(hear(bench, message(signed(), { source: LOWER }), NOW, LOWER)), null);
  t.is(malformation(hear(bench, message(signed()))), 'replay');
});

test('HMAC: nothing moves the sequence but a valid signature', t => {
  const bench = backup({ authentication: signed() });
  hear(bench, message(signed({ ...NEW, id: 1 }), { sequence: clockSequence(NOW + 4000) }));
  t.is(malformation(hear(bench, message(signed()))), null);
});

test('HMAC: what is older or newer than the time window is discarded', t => {
  for (const [skew, expected] of [
    [-5001, 'stale'],
    [-5000, null],
    [5000, null],
    [5001, 'stale'],
  ] as const) {
    const bench = backup({ authentication: signed() });
    t.is(malformation(hear(bench, message(signed()), NOW + skew)), expected, `${skew} ms`);
  }
});

test('HMAC: without a time window any clock will do, but not an older sequence', t => {
  const bench = backup({ authentication: signed(OLD, [OLD], null) });
  t.is(malformation(hear(bench, message(signed()), 0)), null);
  t.is(malformation(hear(bench, message(signed(), { sequence: 1n }), 0)), 'replay');
});

test('HMAC: after a clock was set back a sender is believed again', t => {
  const bench = backup({ authentication: signed() });
  const hour = 3_600_000;
  hear(bench, message(signed(), { sequence: clockSequence(NOW + hour) }), NOW + hour);
  t.is(malformation(hear(bench, message(signed()))), null);
});

test('HMAC: setting a clock makes no stranger of a master that is heard all the time', t => {
  const day = 86_400_000;
  const clocks = [
    { what: 'ours, ahead', ours: NOW + day, theirs: NOW },
    { what: 'ours, back', ours: NOW - day, theirs: NOW },
    { what: 'theirs, ahead', ours: NOW, theirs: NOW + day },
  ];
  for (const { what, ours, theirs } of clocks) {
    const bench = backup({ authentication: signed() });
    hear(bench, message(signed()));
    for (let turn = 1; turn <= 10; turn++) {
      bench.now += SETTINGS.advertInterval;
      const passed = turn * SETTINGS.advertInterval;
      const next = message(signed(), { sequence: clockSequence(theirs + passed) });
      t.is(malformation(hear(bench, next, ours + passed)), null, what);
      t.not(malformation(hear(bench, next, ours + passed)), null, `${what}, again`);
    }
  }
});

test('HMAC: a master that was silent for four intervals has to be within the time window again', t => {
  const day = 86_400_000;
  for (const [pause, expected] of [
    [4 * SETTINGS.advertInterval, null],
    [4 * SETTINGS.advertInterval + 1, 'stale'],
  ] as const) {
    const bench = backup({ authentication: signed() });
    hear(bench, message(signed()));
    bench.now += pause;
    const next = message(signed(), { sequence: clockSequence(NOW + pause) });
    t.is(malformation(hear(bench, next, NOW + day)), expected);
  }
});

test('the sequences of eight senders are kept, those heard last', t => {
  const bench = backup({ authentication: signed() });
  const sources = Array.from({ length: 9 }, (_, index) => Uint8Array.of(10, 99, 0, 10 + index));
  for (const source of sources) hear(bench, message(signed(), { source }), NOW, source);
  t.is(bench.state.marks.length, 8);
  const [first, second] = sources;
  t.is(malformation(hear(bench, message(signed(), { source: second! }), NOW, second)), 'replay');
  t.is(malformation(hear(bench, message(signed(), { source: first! }), NOW, first)), null);
});

test('keys are read from hexadecimal digits, and the active one has to be there', t => {
  const config = { kind: 'HMAC', checksTime: true, timeWindow: 5000, enforces: true } as const;
  const keys = [{ id: 1, key: '00ff'.repeat(16) }];
  t.deepEqual(authenticationOf({ ...config, keys, activeKey: 1 }), {
    kind: 'HMAC',
    keys: [{ id: 1, bytes: hex('00ff'.repeat(16)) }],
    active: { id: 1, bytes: hex('00ff'.repeat(16)) },
    window: 5000,
    enforces: true,
  });
  t.throws(() => authenticationOf({ ...config, keys, activeKey: 2 }), { message: 'there is no key 2' });
  t.throws(() => authenticationOf({ ...config, keys: [{ id: 1, key: '0g' }], activeKey: 1 }));
});
