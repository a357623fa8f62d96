// In peace a master knows of another one whose packets reach it, and of none else: what one-way links and wrong keys leave behind.
import type { Facts } from '../facts.ts';
import { isMaster, nameOf } from '../node.ts';
import type { Rule } from './rule.ts';

export class Notice implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  peaceEnds(): void {
    const facts = this.#facts;
    const masters = facts.active.filter(isMaster);
    for (const master of masters) {
      const rivals = masters.filter(other => other !== master && facts.world.reaches(other, master));
      const known = master.state?.duplicate ?? null;
      if (rivals.length > 0 && known === null) {
        facts.fail(`${nameOf(master)} does not notice that ${nameOf(rivals[0]!)} is master too`);
      }
      if (rivals.length === 0 && known !== null) {
        facts.fail(`${nameOf(master)} takes ${known.address} for a second master`);
      }
    }
  }
}
