// Who cannot work is in FAULT, and so is whoever shares a sync group with it; nobody else is.
import type { Facts } from '../facts.ts';
import { isFaulty, nameOf, phaseOf } from '../node.ts';
import type { Rule } from './rule.ts';

export class Fault implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  settled(): void {
    for (const router of this.#facts.world.routers) {
      const phase = phaseOf(router);
      if (phase === null || phase === 'INITIALIZE' || router.node.isStalled) continue;
      if (isFaulty(router) !== (phase === 'FAULT')) {
        this.#facts.fail(`${nameOf(router)} is ${phase}, something is wrong with it: ${isFaulty(router)}`);
      }
    }
  }
}
