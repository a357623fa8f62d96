// What may befall a group of directors, each with its likelihood.
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import { LONGEST_INTERVAL, virtualAddress } from './group.ts';
import { otherKey, rightKey, WINDOW } from './keys.ts';
import type { Quality } from './network.ts';
import { type Node, phaseOf, type Router } from './node.ts';
import type { Random } from './random.ts';
import { ALL_UP, HEALTH, LOAD } from './trackers.ts';
import type { World } from './world.ts';

/** Something happens to somebody. */
export function strike(world: World, random: Random): void {
  const router = random.pick(world.routers);
  const { node } = router;
  const other = random.pick(neighbours(world, router));
  const faults: readonly (readonly [number, () => void])[] = [
    [3, () => world.crash(node)],
    [3, () => world.boot(node)],
    [1, () => restart(world, node)],
    [1, () => world.setLink(router, !router.linkUp)],
    [1, () => flap(world, router, random)],
    [2, () => world.stop(node)],
    [1, () => world.start(node)],
    [1, () => world.stall(node)],
    [1, () => world.resume(node)],
    [1, () => world.setReach(router, other, false)],
    [1, () => world.setReach(router, other, true)],
    [1, () => isolate(world, router)],
    [3, () => heal(world)],
    [1, () => world.track(node, { ...node.verdicts, [LOAD]: random.chance(0.5) })],
    [1, () => world.track(node, { ...node.verdicts, [HEALTH]: random.chance(0.5) })],
    [4, () => world.configure(node, change(world, router, random))],
    [1, () => setClock(world, router, random)],
    [2, () => degrade(world.quality, random)],
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
function setClock(world: World, { node, config }: Router, random: Random): void {
  const isSigned = config.authentication.kind === 'HMAC';
  world.setClock(node, isSigned ? random.between(0, 0.05 * WINDOW) : random.between(-1e9, 1e9));
}

function change(world: World, { config }: Router, random: Random): Partial<VrrpInstanceConfig> {
  const shortest = Math.min(...world.routers.map(router => router.config.advertInterval));
  const changes: (() => Partial<VrrpInstanceConfig>)[] = [
    () => ({ priority: random.integer(1, 255) }),
    // Strict directors of version 2 have to agree.
    () =>
      config.strict
        ? {}
        : { advertInterval: Math.min(LONGEST_INTERVAL, shortest * random.pick([1, 2, 3, 10])) },
    () => ({ preempt: !config.preempt }),
    () => ({ virtualAddresses: [virtualAddress(config.family, random.integer(100, 101))] }),
    () => ({ authentication: otherKey(config.authentication, random) }),
  ];
  return random.pick(changes)();
}

function restart(world: World, node: Node): void {
  world.crash(node);
  world.boot(node);
}

function flap(world: World, router: Router, random: Random): void {
  const { advertInterval } = router.config;
  for (let count = random.integer(1, 5); count > 0; count--) {
    world.setLink(router, false);
    world.agenda.runUntil(world.now + random.between(0, advertInterval));
    world.setLink(router, true);
    world.agenda.runUntil(world.now + random.between(0, advertInterval * 4));
  }
}

function isolate(world: World, router: Router): void {
  for (const other of neighbours(world, router)) {
    world.setReach(router, other, false);
    world.setReach(other, router, false);
  }
}

/** The others on its segment. */
function neighbours({ routers }: World, router: Router): Router[] {
  return routers.filter(other => other !== router && other.segment === router.segment);
}

/** Everybody lives, is connected and runs; the networks lose nothing. */
export function heal(world: World): void {
  world.quality.loss = 0;
  world.quality.corruption = 0;
  for (const router of world.routers) {
    for (const other of neighbours(world, router)) world.setReach(router, other, true);
  }
  for (const node of world.nodes) {
    world.resume(node);
    for (const router of node.routers) world.setLink(router, true);
    world.boot(node);
    const authentication = rightKey(node.routers[0]!.config.authentication);
    if (authentication !== null) world.configure(node, { authentication });
    if (!node.verdicts[HEALTH]) world.track(node, { ...ALL_UP, [LOAD]: node.verdicts[LOAD] });
    if (node.routers.some(router => phaseOf(router) === 'INITIALIZE')) world.start(node);
  }
}
