// A second master beside this one is noticed, named with its likely cause, and forgotten when it is gone.
import test from 'ava';
import type { Malformation } from '../../src/director/vrrp/packet.ts';
import { type Bench, backup, HIGHER, LOWER, master, OWN, SETTINGS } from './bench.ts';

/** Hears `times` advertisements, one each interval; every alarm. */
function hearOften(bench: Bench, times: number, hear: () => unknown): string[] {
  const alarms: string[] = [];
  for (let count = 0; count < times; count++) {
    hear();
    alarms.push(...bench.alarms());
    bench.pass(bench.state.settings.advertInterval);
  }
  return alarms;
}

test('a router that goes on advertising below our priority is a second master: one alarm', t => {
  const bench = master();
  const alarms = hearOften(bench, 10, () => bench.hear(50, HIGHER));
  t.is(alarms.length, 1);
  t.regex(alarms[0]!, /^10\.99\.0\.3 is master too, with priority 50: it does not hear us/);
  t.like(bench.state.duplicate, { address: '10.99.0.3', priority: 50 });
  t.is(bench.state.phase, 'MASTER');
});

test('a duel that the first answer ends is none', t => {
  const bench = master();
  t.deepEqual(
    hearOften(bench, 2, () => bench.hear(50, HIGHER)),
    [],
  );
  for (let count = 0; count < 10; count++) bench.hear(50, LOWER);
  t.is(bench.state.duplicate, null);
});

test('it is forgotten after three intervals of silence, and said so', t => {
  const bench = master();
  hearOften(bench, 4, () => bench.hear(50, HIGHER));
  bench.pass(150);
  t.not(bench.state.duplicate, null);
  const reports: string[] = [];
  for (let count = 0; count < 3; count++) {
    bench.pass(100);
    reports.push(...bench.reports());
  }
  t.is(bench.state.duplicate, null);
  t.deepEqual(reports, ['10.99.0.3 is not heard any more']);
});

test('one that advertises slowly is forgotten by its own interval', t => {
  const bench = master();
  hearOften(bench, 30, () => {
    if (bench.now % 500 < 100) bench.hear(50, HIGHER, { interval: 500 });
  });
  t.not(bench.state.duplicate, null);
});

test('one that is not believed and advertises slowly is noticed and forgotten by the interval it claims', t => {
  const bench = master();
  const alarms = hearOften(bench, 40, () => {
    if (bench.now % 1000 < 100) bench.malformed('password', HIGHER, 100, 1000);
  });
  t.is(alarms.length, 1);
  bench.pass(2500);
  t.not(bench.state.duplicate, null);
  bench.pass(1000);
  t.is(bench.state.duplicate, null);
});

test('it is no longer one when this router is not master any more', t => {
  const bench = master();
  hearOften(bench, 4, () => bench.hear(50, HIGHER));
  bench.hear(200, LOWER);
  t.is(bench.state.duplicate, null);
  t.is(bench.state.rival, null);
});

test('a backup has none', t => {
  const bench = backup();
  t.deepEqual(
    hearOften(bench, 10, () => {
      bench.hear(200, LOWER);
      bench.malformed('signature', HIGHER);
    }),
    [],
  );
  t.is(bench.state.rival, null);
});

test('a router that gives the group up is none', t => {
  const bench = master();
  hearOften(bench, 10, () => bench.hear(0, HIGHER));
  hearOften(bench, 10, () => bench.malformed('signature', HIGHER, 0));
  t.is(bench.state.rival, null);
});

test('packets of our own that come back are none', t => {
  const bench = master();
  hearOften(bench, 10, () => bench.hear(100, OWN));
  hearOften(bench, 10, () => bench.malformed('replay', OWN));
  t.is(bench.state.rival, null);
});

test('of two rivals the first is watched until it is silent', t => {
  const bench = master();
  hearOften(bench, 6, () => {
    bench.hear(50, HIGHER);
    bench.hear(60, LOWER);
  });
  t.like(bench.state.duplicate, { address: '10.99.0.3' });
  hearOften(bench, 10, () => bench.hear(60, LOWER));
  t.like(bench.state.duplicate, { address: '10.99.0.1' });
});

for (const [malformation, cause] of [
  ['checksum', /its checksums are wrong/],
  ['signature', /its key differs/],
  ['key', /a key that is not known here/],
  ['password', /its auth_pass differs/],
  ['authentication', /its auth_type differs/],
  ['unsigned', /it does not sign/],
  ['stale', /its clock and ours differ/],
  ['hops', /with a TTL that is not accepted/],
  ['source', /not among the unicast peers/],
  ['interval', /interval 0/],
] as const) {
  test(`a router of any priority that is not believed because of '${malformation}' is a second master`, t => {
    const bench = master();
    const alarms = hearOften(bench, 10, () => bench.malformed(malformation, HIGHER, 200));
    t.is(alarms.length, 1);
    t.regex(alarms[0]!, cause);
    t.is(bench.state.phase, 'MASTER');
  });
}

test('what no router sends is no sign of one', t => {
  for (const malformation of ['length', 'type', 'version'] satisfies Malformation[]) {
    const bench = master();
    hearOften(bench, 10, () => bench.malformed(malformation, HIGHER));
    t.is(bench.state.rival, null, malformation);
  }
});

test('the likely cause: other virtual addresses, another interval in version 2, another checksum form', t => {
  const addresses = master();
  hearOften(addresses, 4, () => addresses.hear(50, HIGHER, { addresses: LOWER }));
  t.regex(addresses.state.duplicate!.cause, /virtual addresses differ/);

  const interval = master({ version: 2, advertInterval: 1000 });
  hearOften(interval, 7, () => interval.hear(50, HIGHER, { interval: 2000 }));
  t.regex(interval.state.duplicate!.cause, /interval differs/);

  const form = master({ checksum: 'rfc9568' });
  hearOften(form, 4, () => form.hear(50, HIGHER));
  t.regex(form.state.duplicate!.cause, /our checksum, which is the RFC's while its own is keepalived's/);
});

test('another version on the group is a second master', t => {
  const bench = master();
  const alarms = hearOften(bench, 30, () => bench.hear(200, HIGHER, { version: 2, interval: 1000 }));
  t.is(alarms.length, 1);
  t.regex(alarms[0]!, /VRRP version 2, ours is 3/);
});

test('when the cause changes it is told, without another alarm', t => {
  const bench = master({ checksum: 'auto' });
  hearOften(bench, 4, () => bench.malformed('signature', HIGHER));
  t.deepEqual(
    hearOften(bench, 1, () => bench.hear(50, HIGHER)),
    [],
  );
  t.regex(bench.state.duplicate!.cause, /does not hear us/);
  t.is(bench.state.settings.checksum, SETTINGS.checksum);
});
