// Whoever is not master hears one; when not, it becomes one itself after its down interval.
import type { Facts } from '../facts.ts';
import { isMaster, type Node } from '../node.ts';
import type { Rule } from './rule.ts';

export class Presence implements Rule {
  readonly #facts: Facts;
  /** Since when a node has been a backup that hears no master. */
  readonly #deserted = new Map<Node, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  look(): void {
    const facts = this.#facts;
    for (const node of facts.world.nodes) {
      if (!facts.active.includes(node) || isMaster(node) || facts.mastersHeardBy(node).length > 0) {
        this.#deserted.delete(node);
        continue;
      }
      const since = this.#deserted.get(node) ?? facts.now;
      this.#deserted.set(node, since);
      if (facts.now > since + facts.longestSilence) {
        facts.fail(`node ${node.index} has heard no master for ${facts.now - since} ms`);
      }
    }
  }
}
