// Whoever is not master hears one; when not, it becomes one itself after its down interval. So do sync groups, as one.
import type { Facts } from '../facts.ts';
import { isMaster, type Node } from '../node.ts';
import type { Rule } from './rule.ts';

export class Presence implements Rule {
  readonly #facts: Facts;
  /** Since when a node that is no master has heard none anywhere. */
  readonly #deserted = new Map<Node, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  look(): void {
    const facts = this.#facts;
    const { active } = facts;
    for (const node of facts.world.nodes) {
      const isDeserted = node.routers.every(
        router => active.includes(router) && !isMaster(router) && !facts.hearsMaster(router),
      );
      if (!isDeserted) {
        this.#deserted.delete(node);
        continue;
      }
      const since = this.#deserted.get(node) ?? facts.now;
      this.#deserted.set(node, since);
      if (facts.now > since + facts.longestSilence) {
        facts.fail(`${node.index} has heard no master for ${facts.now - since} ms`);
      }
    }
  }
}
