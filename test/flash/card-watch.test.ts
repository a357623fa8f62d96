// A card that stops to answer, comes back, or is another one: what is done, and when.
import test from 'ava';
import {
  type CardEffect,
  type CardInput,
  type CardWatch,
  INTERVAL,
  newCardWatch,
  type Recognition,
  troubleOf,
  watchCard,
} from '../../src/director/flash/card-watch.ts';

const SIZE = 125_440;
const OURS: Recognition = { kind: 'ours', note: null };

/** A card that answers as `answer` says; whatever is to be done is done at once. */
class Bench {
  watch: CardWatch = newCardWatch(0);
  now = 0;
  answer: (sector: number) => string | null = () => null;
  as: Recognition = OURS;
  readonly done: string[] = [];

  give(input: CardInput): void {
    const { watch, effects } = watchCard(this.watch, input, this.now, SIZE);
    this.watch = watch;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: CardEffect): void {
    if (effect.kind === 'tell') {
      this.done.push(`${effect.what}: ${effect.reason}`);
      return;
    }
    if (effect.kind === 'read') {
      this.give({ kind: 'read', sector: effect.sector, failure: this.answer(effect.sector) });
    } else if (effect.kind === 'rescan') {
      this.done.push(effect.detach ? 'detach and scan' : 'scan');
      this.give({ kind: 'rescanned' });
    } else {
      this.give({ kind: 'recognised', as: this.as });
    }
  }

  /** Goes on until there is something to do, and does it. */
  next(): void {
    this.now = this.watch.due;
    this.give({ kind: 'time' });
  }
}

test('a card that answers is read once a minute, each time elsewhere', t => {
  const bench = new Bench();
  const sectors = new Set<number>();
  bench.answer = sector => {
    sectors.add(sector);
    return null;
  };
  for (let count = 1; count <= 500; count++) {
    bench.next();
    t.is(bench.now, count * INTERVAL);
  }
  t.is(sectors.size, 500);
  t.deepEqual(bench.done, []);
  t.is(troubleOf(bench.watch, bench.now), null);
});

test('a card that fails is told once, looked for in longer and longer steps, and told when it is back', t => {
  const bench = new Bench();
  bench.answer = () => 'EIO';
  const times: number[] = [];
  for (let count = 0; count < 9; count++) {
    bench.next();
    times.push(bench.watch.due - bench.now);
  }
  t.deepEqual(
    times,
    [10, 20, 40, 80, 160, 320, 600, 600, 600].map(seconds => seconds * 1000),
  );
  const tries = ['scan', 'scan', 'scan', 'detach and scan', 'detach and scan', 'detach and scan'];
  t.deepEqual(bench.done.splice(0), ['failed: EIO', ...tries]);
  t.regex(troubleOf(bench.watch, bench.now) ?? '', /^ALARM: .* not answered for .*nothing can be committed$/);
  bench.answer = () => null;
  bench.next();
  t.is(bench.watch.state, 'good');
  t.regex(bench.done.at(-1) ?? '', /^back: it was away for /);
  t.is(troubleOf(bench.watch, bench.now), null);
});

test('one sector that cannot be read is no card that fails', t => {
  const bench = new Bench();
  bench.next();
  bench.answer = sector => (sector === 0 ? null : 'EIO');
  bench.next();
  bench.next();
  t.is(bench.watch.state, 'good');
  t.deepEqual(bench.done, ['unreadable: sector 104729 cannot be read (EIO), others can']);
  t.regex(troubleOf(bench.watch, bench.now) ?? '', /^the card is damaged: sector 104729/);
});

test('another card is told once and never becomes ours by waiting', t => {
  const bench = new Bench();
  bench.answer = () => 'EIO';
  bench.next();
  bench.answer = () => null;
  bench.as = { kind: 'another', reason: 'its serial number is B, not A' };
  for (let count = 0; count < 5; count++) bench.next();
  t.is(bench.watch.state, 'another');
  t.deepEqual(bench.done, ['failed: EIO', 'another: its serial number is B, not A']);
  bench.as = OURS;
  bench.next();
  t.is(bench.watch.state, 'good');
});

test('who wants to write makes it be read and recognised at once, and a card that failed answers for itself', t => {
  const bench = new Bench();
  bench.as = { kind: 'another', reason: 'its signature' };
  bench.now = 5;
  bench.give({ kind: 'asked' });
  t.is(bench.watch.state, 'another');
  const failed = new Bench();
  failed.answer = () => 'EIO';
  failed.next();
  const { watch } = failed;
  failed.give({ kind: 'asked' });
  t.is(failed.watch, watch);
});

test('the kernel complaining of what was just read is no news', t => {
  const bench = new Bench();
  bench.next();
  const { watch } = bench;
  bench.give({ kind: 'complaint' });
  t.is(bench.watch, watch);
  bench.now += 20_000;
  bench.answer = () => 'EIO';
  bench.give({ kind: 'complaint' });
  t.is(bench.watch.state, 'failed');
});

test('a card that fails again while it is looked at has not come back', t => {
  const bench = new Bench();
  bench.answer = () => 'EIO';
  bench.next();
  bench.answer = () => null;
  bench.as = { kind: 'unknown', reason: 'sda cannot be read' };
  bench.next();
  t.is(bench.watch.state, 'failed');
  t.deepEqual(bench.done, ['failed: EIO']);
});

test('who asks for a card that has failed has it read, but not again at once', t => {
  const bench = new Bench();
  let readings = 0;
  bench.answer = () => {
    readings++;
    return 'EIO';
  };
  for (let count = 0; count < 6; count++) bench.next();
  const before = readings;
  bench.give({ kind: 'asked' });
  t.is(readings, before);
  bench.now += 10_000;
  bench.give({ kind: 'asked' });
  t.is(readings, before + 1);
  bench.now += 10_000;
  bench.answer = () => null;
  bench.give({ kind: 'asked' });
  t.is(bench.watch.state, 'good');
});
