// What may befall a group of directors, each with its likelihood.
import type { InstanceSettings } from '../../src/director/vrrp/settings.ts';
import { otherKey, rightKey, WINDOW } from './keys.ts';
import type { Quality } from './network.ts';
import { type Node, phaseOf } from './node.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Something happens to somebody. */
export function strike(world: World, random: Random): void {
  const node = random.pick(world.nodes);
  const other = random.pick(world.nodes.filter(each => each !== node));
  const faults: readonly (readonly [number, () => void])[] = [
    [3, () => world.crash(node)],
    [3, () => world.boot(node)],
    [1, () => restart(world, node)],
    [1, () => world.setLink(node, !node.linkUp)],
    [1, () => flap(world, node, random)],
    [2, () => world.stop(node)],
    [1, () => world.start(node)],
    [1, () => world.stall(node)],
    [1, () => world.resume(node)],
    [1, () => world.setReach(node, other, false)],
    [1, () => world.setReach(node, other, true)],
    [1, () => isolate(world, node)],
    [3, () => heal(world)],
    [1, () => world.track(node, random.integer(-150, 150), [])],
    [1, () => world.track(node, 0, random.chance(0.5) ? ['script'] : [])],
    [4, () => world.configure(node, change(world, node, random))],
    [1, () => setClock(world, node, random)],
    [2, () => degrade(world.network.quality, random)],
  ];
  let at = random.integer(
    1,
    faults.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, happen] of faults) {
    at -= weight;
    if (at <= 0) {
      happen();
      return;
    }
  }
}

function degrade(quality: Quality, random: Random): void {
  quality.loss = random.pick([0, 0, 0.05, 0.3]);
  quality.corruption = random.pick([0, 0, 0.1]);
}

/** Signed advertisements must not be older than those before, nor come from a time outside of the window. */
function setClock(world: World, node: Node, random: Random): void {
  const isSigned = node.settings.authentication.kind === 'HMAC';
  world.setClock(node, isSigned ? random.between(0, 0.05 * WINDOW) : random.between(-1e9, 1e9));
}

function change(world: World, node: Node, random: Random): Partial<InstanceSettings> {
  const shortest = Math.min(...world.nodes.map(({ settings }) => settings.advertInterval));
  // Strict directors of version 2 have to agree.
  const mayDiffer = node.settings.deviations.acceptOtherIntervals;
  const changes: (() => Partial<InstanceSettings>)[] = [
    () => ({ priority: random.integer(1, 255) }),
    () => (mayDiffer ? { advertInterval: Math.min(40_000, shortest * random.pick([1, 2, 3, 10])) } : {}),
    () => ({ preempt: !node.settings.preempt }),
    () => ({ addresses: [Uint8Array.of(10, 99, 0, random.integer(100, 101))] }),
    () => ({ authentication: otherKey(node.settings.authentication, random) }),
  ];
  return random.pick(changes)();
}

function restart(world: World, node: Node): void {
  world.crash(node);
  world.boot(node);
}

function flap(world: World, node: Node, random: Random): void {
  const { advertInterval } = node.settings;
  for (let count = random.integer(1, 5); count > 0; count--) {
    world.setLink(node, false);
    world.agenda.runUntil(world.now + random.between(0, advertInterval));
    world.setLink(node, true);
    world.agenda.runUntil(world.now + random.between(0, advertInterval * 4));
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
export function heal(world: World): void {
  world.network.quality.loss = 0;
  world.network.quality.corruption = 0;
  for (const node of world.nodes) {
    for (const other of world.nodes) if (other !== node) world.setReach(node, other, true);
    world.resume(node);
    world.setLink(node, true);
    world.boot(node);
    const authentication = rightKey(node.settings.authentication);
    if (authentication !== null) world.configure(node, { authentication });
    if (node.faults.length > 0) world.track(node, node.adjustment, []);
    if (phaseOf(node) === 'INITIALIZE') world.start(node);
  }
}
