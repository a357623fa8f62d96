// When the only master of a peaceful group goes, the highest backup takes over in time: after the master's own down interval when it
// vanished, after the skew time when it said goodbye. Nobody who waits clearly longer becomes master meanwhile.
import type { Facts } from '../facts.ts';
import { isMaster, type Node, nameOf, priorityOf, type Router } from '../node.ts';
import type { Disturbance, Happening } from '../world.ts';
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

  disturbed(kind: Disturbance, gone: readonly Router[]): void {
    this.look();
    this.#vacancy = null;
    const facts = this.#facts;
    // An advertisement that the farewell overtook on its way would start the long wait again.
    const { minimumDelay, maximumDelay } = facts.world.quality;
    const isGone = kind === 'crash' || (kind === 'stop' && minimumDelay === maximumDelay);
    if (!isGone || !facts.isPeaceful || !facts.isMesh(facts.active) || !gone.every(isMaster)) return;
    const heirs = facts.world.nodes.filter(({ routers }) =>
      routers.every(router => facts.active.includes(router) && !gone.includes(router)),
    );
    if (heirs.length > 0) this.#vacancy = this.#vacancyOf(gone, heirs, kind === 'stop');
  }

  #vacancyOf(gone: readonly Router[], heirs: readonly Node[], saidGoodbye: boolean): Vacancy {
    const facts = this.#facts;
    const { now } = facts;
    /** On each segment. */
    const waitsOf = ({ routers }: Node): number[] =>
      routers.map((router, segment) => {
        const interval = gone[segment]!.settings.advertInterval;
        const silence = saidGoodbye ? 0 : router.settings.downTimerAdverts * interval;
        return silence + facts.skew(router, priorityOf(router), interval);
      });
    const [first, ...others] = heirs
      .map(node => ({ node, waits: waitsOf(node) }))
      .sort((one, other) => Math.max(...one.waits) - Math.max(...other.waits));
    const isSlower = (waits: readonly number[]) =>
      waits.every(
        (wait, segment) =>
          facts.atLeast(wait) > facts.atMost(first!.waits[segment]!) + facts.world.quality.maximumDelay,
      );
    return {
      since: now,
      until: now + facts.atMost(Math.max(...first!.waits)),
      slower: others.filter(({ waits }) => isSlower(waits)).map(({ node }) => node),
    };
  }

  happened({ router }: Happening): void {
    if (isMaster(router) && this.#vacancy?.slower.includes(router.node)) {
      this.#facts.fail(`${nameOf(router)} takes over before its turn`);
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
