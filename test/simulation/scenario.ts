// A world and what happens in it, drawn from a seed.
import { heal, strike } from './faults.ts';
import { drawGroup } from './group.ts';
import { Judge } from './judge.ts';
import { Random } from './random.ts';
import { type Machine, World } from './world.ts';

/**
 * Plays the scenario of a seed; throws when a rule is broken. `trace` gets what happened, line by line; `machine` is the state machine
 * of the directors, unless the one under test.
 */
export function play(seed: number, trace: string[] | null = null, machine?: Machine): void {
  const random = new Random(seed);
  const plans = drawGroup(random);
  const shortest = Math.min(
    ...plans.flatMap(({ instances }) => instances.map(({ advertInterval }) => advertInterval)),
  );
  const delay = shortest * random.pick([0.01, 0.1, 0.5]);
  const quality = {
    minimumDelay: random.chance(0.5) ? delay : 0.05,
    maximumDelay: delay,
    loss: 0,
    duplication: random.pick([0, 0, 0.2]),
    corruption: 0,
  };
  const world = new World(random, quality, shortest * random.pick([0.001, 0.05, 0.2]), plans, machine);
  const judge = new Judge(world, trace);
  world.observer = judge;
  judge.note(JSON.stringify({ quality, plans }));
  for (const node of world.nodes) if (random.chance(0.8)) world.boot(node);
  for (let acts = random.integer(4, 14); acts > 0; acts--) {
    const patience = random.chance(0.4) ? random.between(1, 1.5) : random.next() ** 2;
    rest(world, judge, judge.settlingTime * patience);
    strike(world, random);
  }
  heal(world);
  judge.look();
  rest(world, judge, judge.settlingTime * 2);
  judge.conclude();
}

function rest(world: World, judge: Judge, milliseconds: number): void {
  world.agenda.runUntil(world.now + milliseconds);
  judge.look();
}
