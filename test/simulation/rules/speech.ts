// What a master says: its priority at every interval, 0 when it leaves, nothing when it is no master. What it does when it becomes one.
import type { InstanceEffect } from '../../../src/director/vrrp/instance.ts';
import type { Facts } from '../facts.ts';
import { isMaster, nameOf, phaseOf, priorityOf, type Router } from '../node.ts';
import type { Happening } from '../world.ts';
import type { Rule } from './rule.ts';

interface Beat {
  readonly at: number;
  readonly interval: number;
}

export class Speech implements Rule {
  readonly #facts: Facts;
  readonly #beats = new Map<Router, Beat>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened(happening: Happening): void {
    const { router, before, event, effects } = happening;
    const wasMaster = before?.phase === 'MASTER';
    const said = effects.flatMap(effect => (effect.kind === 'advertise' ? [effect.priority] : []));
    if (said.length > 1) this.#fail(router, `advertises ${said.length} times at once`);
    if (!wasMaster && !isMaster(router) && said.length > 0) this.#fail(router, 'advertises and is no master');
    if (said.length > 0)
      this.#beats.set(router, { at: this.#facts.now, interval: router.settings.advertInterval });
    if (isMaster(router)) {
      const wrong = said.filter(priority => priority !== priorityOf(router));
      if (wrong.length > 0 && !isNoOwnerAnyMore(happening))
        this.#fail(router, `says its priority is ${said}`);
      if (!wasMaster) this.#checkAccession(router, effects);
      else if (said.length === 0 && mustSpeak(happening))
        this.#fail(router, `says nothing to ${event?.kind}`);
    } else if (wasMaster && event !== null) this.#checkDeparture(router, said, event.kind);
    if (router.holdsAddresses !== isMaster(router)) {
      this.#fail(router, `is ${phaseOf(router)} and holds addresses: ${router.holdsAddresses}`);
    }
  }

  /** Peers hear of it first, and neighbours when the addresses are there (RFC 9568, 6.4.2 and 8.1.2). */
  #checkAccession(router: Router, effects: readonly InstanceEffect[]): void {
    const order = effects.map(({ kind }) => kind).filter(kind => kind !== 'report' && kind !== 'alarm');
    if (order.join(' ') !== 'advertise hold announce') this.#fail(router, `becomes master with ${order}`);
  }

  #checkDeparture(router: Router, said: readonly number[], event: string): void {
    const saysGoodbye = said.includes(0);
    // As far as it knows: after a stall it learns of one cable after the other.
    const yields = event === 'advertisement' || router.state?.link.up === false;
    if (saysGoodbye === yields) this.#fail(router, `leaves by ${event} and says ${said}`);
  }

  look(): void {
    const facts = this.#facts;
    for (const router of facts.world.routers) {
      const beat = this.#beats.get(router);
      if (!isMaster(router) || router.node.isStalled) this.#beats.delete(router);
      else if (beat !== undefined && facts.now - beat.at > facts.atMost(beat.interval)) {
        this.#fail(router, `says nothing for ${facts.now - beat.at} ms`);
      }
    }
  }

  #fail(router: Router, text: string): never {
    this.#facts.fail(`${nameOf(router)} ${text}`);
  }
}

/** What a master tells its peers at once: new terms, and that it is there, to those who give the group up or have less priority. */
function mustSpeak({ router, before, event }: Happening): boolean {
  if (event?.kind === 'advertisement') {
    const { settings } = router;
    const { priority, version, interval } = event.advertisement;
    if (version !== settings.version) return false;
    if (!settings.deviations.acceptOtherIntervals && interval !== settings.advertInterval) return false;
    if (priority === 0) return true;
    return settings.answersLowerPriority && (version === 3 || settings.deviations.answerLosingAdvertisement);
  }
  return (
    before?.priority !== priorityOf(router) ||
    before.settings.advertInterval !== router.settings.advertInterval
  );
}

/** Trackers do not count for an owner; they count again right after it was told that it is none. */
function isNoOwnerAnyMore({ before, event }: Happening): boolean {
  return event?.kind === 'settings' && before?.settings.priority === 255;
}
