// A backup that hears a master whom it must respect does not take over before its whole down interval has passed in silence.
import type { Facts } from '../facts.ts';
import { type Happening, type Node, priorityOf } from '../node.ts';
import type { Rule } from './rule.ts';

interface Heard {
  readonly at: number;
  readonly interval: number;
}

export class Patience implements Rule {
  readonly #facts: Facts;
  /** The last advertisement of a master that the node has to respect. */
  readonly #heard = new Map<Node, Heard>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened(happening: Happening): void {
    const { node, before, event } = happening;
    if (event?.kind === 'advertisement') this.#hear(happening);
    else if (event?.kind === 'settings') this.#heard.delete(node);
    if (node.state?.phase === 'MASTER' && before?.phase === 'BACKUP') this.#judge(node);
    else if (node.state?.phase !== before?.phase) this.#heard.delete(node);
  }

  #hear({ node, before, event }: Happening): void {
    if (event?.kind !== 'advertisement' || before?.phase !== 'BACKUP') return;
    const { priority, interval, version } = event.advertisement;
    if (version !== node.settings.version) return;
    const { now } = this.#facts;
    const respect = priority === 0 ? 'perhaps' : this.#respects(node, priority, before.since);
    if (respect === 'yes') this.#heard.set(node, { at: now, interval });
    else if (respect === 'perhaps') this.#heard.delete(node);
  }

  /** A preemption that is delayed is so at least from the moment when the node became backup. */
  #respects(node: Node, priority: number, since: number): 'yes' | 'no' | 'perhaps' {
    const { preempt, preemptDelay, priority: configured } = node.settings;
    if (priority >= priorityOf(node)) return 'yes';
    if (configured === 255) return 'no';
    const backupFor = this.#facts.now * node.clockRate + node.clockOffset - since;
    if (!preempt || backupFor < preemptDelay) return 'yes';
    return preemptDelay > 0 ? 'perhaps' : 'no';
  }

  #judge(node: Node): void {
    const heard = this.#heard.get(node);
    this.#heard.delete(node);
    if (heard === undefined) return;
    const facts = this.#facts;
    const skew = facts.skew(node, priorityOf(node), heard.interval);
    const down = node.settings.downTimerAdverts * heard.interval + skew;
    const waited = facts.now - heard.at;
    if (waited < facts.atLeast(down)) {
      facts.fail(`node ${node.index} takes over after ${waited} ms of silence, ${down} ms are to be waited`);
    }
  }
}
