// When the neighbours are told, and how often.
import test from 'ava';
import type { AnnouncementTiming } from '../../src/director/vrrp/announcement.ts';
import { type Bench, backup, DOWN, HIGHER, LOWER, master, SETTINGS, VIP } from './bench.ts';

function timing(other: Partial<AnnouncementTiming>): { announcements: AnnouncementTiming } {
  return { announcements: { ...SETTINGS.announcements, ...other } };
}

/** The announcements of so many milliseconds as `moment: rounds`, each moment from now; `every`: done at each step of 10 ms. */
function announcements(bench: Bench, milliseconds: number, every: () => void = () => {}): string[] {
  const begin = bench.now;
  const all: string[] = [];
  const note = () => {
    for (const effect of bench.effects) {
      if (effect.kind !== 'announce') continue;
      all.push(`${bench.now - begin}: ${effect.rounds}${effect.elsewhere ? ' elsewhere' : ''}`);
    }
    bench.effects = [];
  };
  bench.effects = [];
  while (bench.now < begin + milliseconds) {
    bench.pass(10);
    note();
    every();
    note();
  }
  return all;
}

/** The announcements of a backup that has just become master, from that moment on. */
function takeover(other: Partial<AnnouncementTiming>): Bench {
  const bench = backup(timing(other));
  bench.pass(DOWN);
  return bench;
}

test('the addresses are announced at the takeover, and again 5 s later', t => {
  const bench = takeover({});
  t.deepEqual(
    bench.effects.filter(({ kind }) => kind === 'announce'),
    [{ kind: 'announce', rounds: 5, elsewhere: false }],
  );
  t.deepEqual(announcements(bench, 20_000), ['5000: 5']);
});

test('garp_master_repeat, garp_master_delay: the rounds, and when the second time is', t => {
  t.deepEqual(announcements(takeover({ repeat: 2, delay: 3000 }), 20_000), ['3000: 2']);
  t.deepEqual(announcements(takeover({ delay: 0 }), 20_000), []);
});

test('garp_master_refresh: again and again while master, so many rounds', t => {
  t.deepEqual(announcements(takeover({ delay: 0, refresh: 2000, refreshRepeat: 3 }), 6500), [
    '2000: 3',
    '4000: 3',
    '6000: 3',
  ]);
});

test('what is due at one moment is announced once, with the most rounds', t => {
  t.deepEqual(announcements(takeover({ delay: 2000, refresh: 2000, repeat: 4 }), 3000), ['2000: 4']);
});

test('garp_extra_if: addresses on other interfaces are announced in between', t => {
  t.deepEqual(announcements(takeover({ delay: 2000, extraRefresh: 1000 }), 3500), [
    '1000: 1 elsewhere',
    '2000: 5',
    '3000: 1 elsewhere',
  ]);
});

test('a won duel is announced at once and once more after garp_lower_prio_delay', t => {
  const bench = takeover({ delay: 0, lowerPriorityDelay: 3000, lowerPriorityRepeat: 2 });
  bench.pass(10_000);
  bench.hear(50, LOWER);
  t.deepEqual(bench.effects.at(-1), { kind: 'announce', rounds: 2, elsewhere: false });
  t.deepEqual(announcements(bench, 10_000), ['3000: 2']);
});

test('a priority of 0 that a master hears is a won duel', t => {
  const bench = takeover({ delay: 0 });
  bench.pass(10_000);
  t.deepEqual(bench.hear(0, HIGHER), ['advertise 100', 'announce']);
});

test('garp_lower_prio_repeat 0: a won duel is not announced', t => {
  const bench = takeover({ delay: 0, lowerPriorityRepeat: 0 });
  bench.pass(10_000);
  t.deepEqual(bench.hear(50, LOWER), ['advertise 100']);
  t.deepEqual(announcements(bench, 10_000), []);
});

test('a rival that does not end is answered by announcements once a second, and the takeover keeps its own', t => {
  const bench = takeover({ lowerPriorityRepeat: 1 });
  const until = bench.now + 3000;
  const rival = () => {
    if (bench.now < until) bench.hear(50, LOWER);
  };
  t.deepEqual(announcements(bench, 9000, rival), ['1000: 1', '2000: 1', '3000: 1', '5000: 5', '7990: 1']);
});

test('without garp_lower_prio_delay a won duel is announced once', t => {
  const bench = takeover({ delay: 0, lowerPriorityDelay: 0 });
  bench.pass(500);
  bench.hear(50, LOWER);
  t.deepEqual(announcements(bench, 10_000), ['500: 5']);
});

test('nothing is announced once the master has lost', t => {
  const bench = master();
  bench.hear(200, HIGHER);
  t.is(bench.state.announcing, null);
  t.deepEqual(announcements(bench, 200), []);
});

test('a refresh that a new configuration asks for counts from then on', t => {
  const bench = takeover({ delay: 0 });
  bench.pass(100);
  bench.send({ kind: 'settings', settings: { ...bench.state.settings, ...timing({ refresh: 1000 }) } });
  t.deepEqual(announcements(bench, 2500), ['1000: 1', '2000: 1']);
  bench.send({ kind: 'settings', settings: { ...bench.state.settings, ...timing({ refresh: 0 }) } });
  t.deepEqual(announcements(bench, 2500), []);
});

test('new addresses are announced at once, and the refresh keeps its time', t => {
  const bench = takeover({ delay: 0, refresh: 1000 });
  bench.pass(100);
  const settings = { ...bench.state.settings, addresses: [VIP, LOWER] };
  t.deepEqual(bench.send({ kind: 'settings', settings }), ['advertise 100', 'hold', 'announce']);
  t.deepEqual(announcements(bench, 1500), ['900: 1']);
});
