// A backup that hears a master whom it must respect does not take over before its whole down interval has passed in silence.
import type { Facts } from '../facts.ts';
import { nameOf, priorityOf, type Router } from '../node.ts';
import type { Happening } from '../world.ts';
import type { Rule } from './rule.ts';

interface Heard {
  readonly at: number;
  readonly interval: number;
}

export class Patience implements Rule {
  readonly #facts: Facts;
  /** The last advertisement of a master that the router has to respect. */
  readonly #heard = new Map<Router, Heard>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened(happening: Happening): void {
    const { router, before, event } = happening;
    if (event?.kind === 'advertisement') this.#hear(happening);
    else if (event?.kind === 'settings') this.#heard.delete(router);
    if (router.state?.phase === 'MASTER' && before?.phase === 'BACKUP') this.#judge(router);
    else if (router.state?.phase !== before?.phase) this.#heard.delete(router);
  }

  #hear({ router, before, event }: Happening): void {
    if (event?.kind !== 'advertisement' || before?.phase !== 'BACKUP') return;
    const { priority, interval, version } = event.advertisement;
    if (version !== router.settings.version) return;
    const { now } = this.#facts;
    const respect = priority === 0 ? 'perhaps' : this.#respects(router, priority, before.since);
    if (respect === 'yes') this.#heard.set(router, { at: now, interval });
    else if (respect === 'perhaps') this.#heard.delete(router);
  }

  /** A preemption that is delayed is so at least from the moment when the router became backup. */
  #respects(router: Router, priority: number, since: number): 'yes' | 'no' | 'perhaps' {
    const { preempt, preemptDelay, priority: configured } = router.settings;
    if (priority >= priorityOf(router)) return 'yes';
    if (configured === 255) return 'no';
    const backupFor = this.#facts.now * router.node.clockRate + router.node.clockOffset - since;
    if (!preempt || backupFor < preemptDelay) return 'yes';
    return preemptDelay > 0 ? 'perhaps' : 'no';
  }

  #judge(router: Router): void {
    const heard = this.#heard.get(router);
    this.#heard.delete(router);
    if (heard === undefined) return;
    const facts = this.#facts;
    const skew = facts.skew(router, priorityOf(router), heard.interval);
    const down = router.settings.downTimerAdverts * heard.interval + skew;
    const waited = facts.now - heard.at;
    if (waited < facts.atLeast(down)) {
      facts.fail(`${nameOf(router)} takes over after ${waited} ms of silence, ${down} ms are to be waited`);
    }
  }
}
