// Options that change what the RFC says, each off unless it is set.
import test from 'ava';
import { NO_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import { backup, DOWN, HIGHER, master } from './bench.ts';

test('lower_prio_no_advert: a losing advertisement is not answered', t => {
  const bench = master({ answersLowerPriority: false });
  bench.pass(10_000);
  t.deepEqual(bench.hear(50, HIGHER), ['announce']);
});

test('higher_prio_send_advert: a master that loses says so once more', t => {
  const bench = master({ answersHigherPriority: true });
  t.deepEqual(bench.hear(150, HIGHER), ['advertise 100', 'leave']);
  t.deepEqual(master().hear(150, HIGHER), ['leave']);
});

test('down_timer_adverts: so many intervals of silence', t => {
  const bench = backup({ downTimerAdverts: 5 });
  t.is(bench.state.timer, bench.now + DOWN + 200);
  bench.hear(150, HIGHER, { interval: 1000 });
  t.is(bench.state.timer, bench.now + 10 * (DOWN + 200));
});

test('owner_ignore_adverts: an owner listens to nobody, also not to another owner', t => {
  const bench = master({ priority: 255, ownerIgnoresAdverts: true });
  t.deepEqual(bench.hear(255, HIGHER), []);
  t.is(bench.state.phase, 'MASTER');
  t.is(bench.state.counters.discarded, 1);
  t.deepEqual(bench.hear(50, HIGHER), []);
});

test('owner_ignore_adverts: nobody else is deaf', t => {
  const bench = master({ ownerIgnoresAdverts: true });
  bench.hear(150, HIGHER);
  t.is(bench.state.phase, 'BACKUP');
});

test('vrrp_checksum: auto follows the peers, the others do not', t => {
  for (const [checksum, first, then] of [
    ['auto', 'pseudo-header', 'plain'],
    ['keepalived', 'pseudo-header', 'pseudo-header'],
    ['rfc9568', 'plain', 'plain'],
  ] as const) {
    const bench = backup({ checksum });
    t.is(bench.state.checksumForm, first, checksum);
    bench.hear(150, HIGHER, { checksumForm: 'plain' });
    t.is(bench.state.checksumForm, then, checksum);
    bench.hear(150, HIGHER, { checksumForm: 'pseudo-header' });
    t.is(bench.state.checksumForm, checksum === 'rfc9568' ? 'plain' : 'pseudo-header', checksum);
  }
});

test('vrrp_checksum: a reload changes the form only when it says something else', t => {
  const bench = backup();
  bench.hear(150, HIGHER, { checksumForm: 'plain' });
  const { settings } = bench.state;
  bench.send({ kind: 'settings', settings: { ...settings, advertInterval: 200 } });
  t.is(bench.state.checksumForm, 'plain', 'what was learnt stays');
  bench.send({ kind: 'settings', settings: { ...settings, checksum: 'keepalived' } });
  t.is(bench.state.checksumForm, 'pseudo-header');
});

test('strict_mode: version 3 starts with the checksum of the RFC', t => {
  t.is(backup({ deviations: NO_DEVIATIONS }).state.checksumForm, 'plain');
});
