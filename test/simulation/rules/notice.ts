// In peace a master knows of another one whose packets reach it, and of none else: what one-way links and wrong keys leave behind.
import type { Facts } from '../facts.ts';
import { isMaster, type Node, understands } from '../node.ts';
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
      const noticeable = rivals.find(rival => !isSlowStranger(rival, master));
      if (noticeable !== undefined && known === null) {
        facts.fail(`node ${master.index} does not notice that ${noticeable.index} is master too`);
      }
      if (rivals.length === 0 && known !== null) {
        facts.fail(`node ${master.index} takes ${known.address} for a second master`);
      }
    }
  }
}

/** Its interval is not believed either, and by our own it is gone between any two advertisements. */
function isSlowStranger(rival: Node, master: Node): boolean {
  return !understands(master, rival) && rival.settings.advertInterval > 2 * master.settings.advertInterval;
}
