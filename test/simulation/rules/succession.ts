// When the only master of a peaceful group goes, the highest backup takes over in time: after the master's own down interval when it
// vanished, after the skew time when it said goodbye. Nobody who waits clearly longer becomes master meanwhile.
import type { Facts } from '../facts.ts';
import { type Happening, isMaster, type Node, priorityOf } from '../node.ts';
import type { Disturbance } from '../world.ts';
import type { Rule } from './rule.ts';

interface Vacancy {
  readonly since: number;
  /** By when somebody has to be master. */
  readonly until: number;
  /** Who must not become master before. */
  readonly slower: readonly Node[];
}

export class Succession implements Rule {
  readonly #facts: Facts;
  #vacancy: Vacancy | null = null;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  disturbed(kind: Disturbance, gone: Node | null): void {
    this.look();
    this.#vacancy = null;
    const facts = this.#facts;
    const { active } = facts;
    if (gone === null || !facts.isPeaceful || !facts.isMesh(active) || !isMaster(gone)) return;
    const heirs = active.filter(node => node !== gone);
    if (heirs.length === 0) return;
    const { minimumDelay, maximumDelay } = facts.world.network.quality;
    const interval = gone.settings.advertInterval;
    const waitOf = (node: Node): number => {
      const silence = kind === 'stop' ? 0 : node.settings.downTimerAdverts * interval;
      return silence + facts.skew(node, priorityOf(node), interval);
    };
    // An advertisement that the farewell overtook on its way would start the long wait again.
    const isGone = kind === 'crash' || (kind === 'stop' && minimumDelay === maximumDelay);
    if (!isGone) return;
    const shortest = Math.min(...heirs.map(waitOf));
    const until = facts.atMost(shortest);
    this.#vacancy = {
      since: facts.now,
      until: facts.now + until,
      slower: heirs.filter(node => facts.atLeast(waitOf(node)) > until + maximumDelay),
    };
  }

  happened({ node }: Happening): void {
    if (this.#vacancy?.slower.includes(node) && isMaster(node)) {
      this.#facts.fail(`node ${node.index} takes over before its turn`);
    }
  }

  look(): void {
    const facts = this.#facts;
    if (this.#vacancy === null || facts.active.some(isMaster)) return;
    if (facts.now > this.#vacancy.until) {
      facts.fail(`nobody has taken over ${facts.now - this.#vacancy.since} ms after the master went`);
    }
  }
}
