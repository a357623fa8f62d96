// Of two masters the lower gives way as soon as it hears the higher: no later than an interval and a delay.
import type { Facts } from '../facts.ts';
import { isMaster, type Node, outranks } from '../node.ts';
import type { Rule } from './rule.ts';

export class Duel implements Rule {
  readonly #facts: Facts;
  /** Since when a node has been master beside a higher one that it hears, by both indices. */
  readonly #duels = new Map<number, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  look(): void {
    const facts = this.#facts;
    for (const lower of facts.world.nodes) for (const higher of facts.world.nodes) this.#watch(lower, higher);
  }

  #watch(lower: Node, higher: Node): void {
    const facts = this.#facts;
    const key = lower.index * 16 + higher.index;
    if (lower === higher || !this.#isDuel(lower, higher)) {
      this.#duels.delete(key);
      return;
    }
    const since = this.#duels.get(key) ?? facts.now;
    this.#duels.set(key, since);
    // What was lost or has just been configured may have made a difference.
    const lasted = facts.now - Math.max(since, facts.lastDisturbance);
    if (lasted > facts.atMost(higher.settings.advertInterval)) {
      facts.fail(`node ${lower.index} is master beside ${higher.index} for ${lasted} ms`);
    }
  }

  #isDuel(lower: Node, higher: Node): boolean {
    return (
      isMaster(lower) &&
      isMaster(higher) &&
      !lower.stalled &&
      !higher.stalled &&
      lower.linkUp &&
      higher.linkUp &&
      outranks(higher, lower) &&
      this.#facts.hears(lower, higher)
    );
  }
}
