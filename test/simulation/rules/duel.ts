// Of two masters the lower gives way as soon as it hears the higher: no later than an interval and a delay.
import type { Facts } from '../facts.ts';
import { isMaster, nameOf, outranks, type Router } from '../node.ts';
import type { Rule } from './rule.ts';

export class Duel implements Rule {
  readonly #facts: Facts;
  /** Since when a router has been master beside a higher one that it hears: for every lower one, by the higher. */
  readonly #duels = new Map<Router, Map<Router, number>>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  look(): void {
    const masters = this.#facts.active.filter(isMaster);
    if (masters.length < 2) {
      this.#duels.clear();
      return;
    }
    for (const lower of this.#duels.keys()) if (!masters.includes(lower)) this.#duels.delete(lower);
    for (const lower of masters) this.#watch(lower, masters);
  }

  #watch(lower: Router, masters: readonly Router[]): void {
    const facts = this.#facts;
    const before = this.#duels.get(lower);
    const duels = new Map<Router, number>();
    for (const higher of masters) {
      if (lower === higher || !outranks(higher, lower) || !facts.hears(lower, higher)) continue;
      const since = before?.get(higher) ?? facts.now;
      duels.set(higher, since);
      // What was lost or has just been configured may have made a difference.
      const lasted = facts.now - Math.max(since, facts.lastDisturbance);
      if (lasted > facts.atMost(higher.settings.advertInterval)) {
        facts.fail(`${nameOf(lower)} is master beside ${nameOf(higher)} for ${lasted} ms`);
      }
    }
    this.#duels.set(lower, duels);
  }
}
