// A world and what happens in it, drawn from a seed.
import { OUR_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import type { InstanceSettings } from '../../src/director/vrrp/instance.ts';
import { SETTINGS } from '../vrrp/bench.ts';
import { Judge } from './judge.ts';
import { Random } from './random.ts';
import { type Node, World } from './world.ts';

/** Plays the scenario of a seed; throws when a promise is broken. `trace` gets what happened, line by line. */
export function play(seed: number, trace: string[] | null = null): void {
  const random = new Random(seed);
  const settings = drawSettings(random);
  const shortest = Math.min(...settings.map(({ advertInterval }) => advertInterval));
  const delay = shortest * random.pick([0.01, 0.1, 0.5]);
  const world = new World(
    random,
    {
      minimumDelay: random.chance(0.5) ? delay : 0.05,
      maximumDelay: delay,
      maximumLateness: shortest * random.pick([0.001, 0.05, 0.2]),
      loss: 0,
      duplication: random.pick([0, 0, 0.2]),
      corruption: 0,
    },
    settings,
  );
  const judge = new Judge(world, trace);
  world.observer = judge;
  judge.note(JSON.stringify({ medium: world.medium, settings }));
  for (const node of world.nodes) if (random.chance(0.8)) world.boot(node);
  const acts = random.integer(4, 14);
  for (let act = 0; act < acts; act++) {
    rest(
      world,
      judge,
      random.chance(0.4)
        ? judge.settlingTime * random.between(1, 1.5)
        : judge.settlingTime * random.next() ** 2,
    );
    strike(world, random, shortest);
  }
  heal(world);
  judge.judge();
  rest(world, judge, judge.settlingTime * 2);
  judge.conclude();
}

function drawSettings(random: Random): InstanceSettings[] {
  const version = random.pick([2, 3, 3] as const);
  const interval = version === 2 ? random.pick([1000, 2000]) : random.pick([10, 20, 100, 1000]);
  const equalPriorities = random.chance(0.15);
  return Array.from({ length: random.integer(2, 3) }, (_, index) => ({
    ...SETTINGS,
    version,
    virtualRouterId: 51,
    priority: equalPriorities ? 100 : random.chance(0.1) ? 255 : random.integer(1, 254),
    advertInterval: random.chance(0.1) ? interval * random.pick([2, 3]) : interval,
    preempt: random.chance(0.7),
    addresses: random.chance(0.1) ? [Uint8Array.of(10, 99, 0, 200 + index)] : [Uint8Array.of(10, 99, 0, 100)],
    deviations: OUR_DEVIATIONS,
  }));
}

function rest(world: World, judge: Judge, milliseconds: number): void {
  world.agenda.runUntil(world.now + milliseconds);
  judge.judge();
}

function strike(world: World, random: Random, shortest: number): void {
  const node = random.pick(world.nodes);
  const other = random.pick(world.nodes.filter(each => each !== node));
  const { medium } = world;
  const faults: (() => void)[] = [
    () => world.crash(node),
    () => world.crash(node),
    () => world.boot(node),
    () => world.boot(node),
    () => restart(world, node),
    () => world.setLink(node, !node.linkUp),
    () => flap(world, node, random),
    () => world.stop(node),
    () => world.start(node),
    () => world.stall(node),
    () => world.resume(node),
    () => world.setReach(node, other, false),
    () => isolate(world, node),
    () => heal(world),
    () => heal(world),
    () => world.configure(node, { priority: random.integer(1, 255) }),
    () => world.configure(node, { advertInterval: shortest * random.integer(1, 3) }),
    () => world.configure(node, { preempt: !node.settings.preempt }),
    () => world.configure(node, { addresses: [Uint8Array.of(10, 99, 0, random.integer(100, 101))] }),
    () => {
      medium.loss = random.pick([0, 0, 0.05, 0.3]);
    },
    () => {
      medium.corruption = random.pick([0, 0, 0.1]);
    },
  ];
  random.pick(faults)();
}

function restart(world: World, node: Node): void {
  world.crash(node);
  world.boot(node);
}

function flap(world: World, node: Node, random: Random): void {
  for (let count = random.integer(1, 5); count > 0; count--) {
    world.setLink(node, false);
    world.agenda.runUntil(world.now + random.between(0, node.settings.advertInterval));
    world.setLink(node, true);
    world.agenda.runUntil(world.now + random.between(0, node.settings.advertInterval * 4));
  }
}

function isolate(world: World, node: Node): void {
  for (const other of world.nodes) {
    if (other === node) continue;
    world.setReach(node, other, false);
    world.setReach(other, node, false);
  }
}

/** Everybody lives, is connected and runs; the network loses nothing. */
function heal(world: World): void {
  world.medium.loss = 0;
  world.medium.corruption = 0;
  for (const node of world.nodes) {
    for (const other of world.nodes) if (other !== node) world.setReach(node, other, true);
    world.resume(node);
    world.setLink(node, true);
    world.boot(node);
    if (node.state?.phase === 'INITIALIZE') world.start(node);
  }
}
