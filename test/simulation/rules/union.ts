// The instances of a sync group are masters together or not at all.
import type { Facts } from '../facts.ts';
import { isMaster } from '../node.ts';
import type { Rule } from './rule.ts';

export class Union implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  settled(): void {
    for (const { index, group, routers } of this.#facts.world.nodes) {
      if (group === null) continue;
      const count = routers.filter(isMaster).length;
      if (count !== 0 && count !== routers.length) {
        this.#facts.fail(`${index} is master on ${count} of ${routers.length} segments`);
      }
    }
  }
}
