// Who cannot work is in FAULT, and nobody else.
import type { Facts } from '../facts.ts';
import { type Happening, phaseOf } from '../node.ts';
import type { Rule } from './rule.ts';

export class Fault implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened({ node }: Happening): void {
    const phase = phaseOf(node);
    if (phase === null || phase === 'INITIALIZE' || node.stalled) return;
    const isFaulty = !node.linkUp || node.faults.length > 0;
    if (isFaulty !== (phase === 'FAULT')) {
      this.#facts.fail(
        `node ${node.index} is ${phase}, its link is up: ${node.linkUp}, its faults: [${node.faults}]`,
      );
    }
  }
}
