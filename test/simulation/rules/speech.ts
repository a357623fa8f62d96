// What a master says: its priority at every interval, 0 when it leaves, nothing when it is no master. What it does when it becomes one.
import type { InstanceEffect } from '../../../src/director/vrrp/instance.ts';
import type { Facts } from '../facts.ts';
import { type Happening, isMaster, type Node, phaseOf, priorityOf } from '../node.ts';
import type { Rule } from './rule.ts';

interface Beat {
  readonly at: number;
  readonly interval: number;
}

export class Speech implements Rule {
  readonly #facts: Facts;
  readonly #beats = new Map<Node, Beat>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened(happening: Happening): void {
    const { node, before, event, effects } = happening;
    const wasMaster = before?.phase === 'MASTER';
    const said = effects.flatMap(effect => (effect.kind === 'advertise' ? [effect.priority] : []));
    if (said.length > 1) this.#fail(node, `advertises ${said.length} times at once`);
    if (!wasMaster && !isMaster(node) && said.length > 0) this.#fail(node, 'advertises and is no master');
    if (said.length > 0)
      this.#beats.set(node, { at: this.#facts.now, interval: node.settings.advertInterval });
    if (isMaster(node)) {
      if (said.some(priority => priority !== priorityOf(node)))
        this.#fail(node, `says its priority is ${said}`);
      if (!wasMaster) this.#checkAccession(node, effects);
      else if (said.length === 0 && mustSpeak(happening)) this.#fail(node, `says nothing to ${event?.kind}`);
    } else if (wasMaster && event !== null) this.#checkDeparture(node, said, event.kind);
    if (node.holdsAddresses !== isMaster(node)) {
      this.#fail(node, `is ${phaseOf(node)} and holds addresses: ${node.holdsAddresses}`);
    }
  }

  /** Peers hear of it first, and neighbours when the addresses are there (RFC 9568, 6.4.2 and 8.1.2). */
  #checkAccession(node: Node, effects: readonly InstanceEffect[]): void {
    const order = effects.map(({ kind }) => kind).filter(kind => kind !== 'report' && kind !== 'alarm');
    if (order.join(' ') !== 'advertise hold announce') this.#fail(node, `becomes master with ${order}`);
  }

  #checkDeparture(node: Node, said: readonly number[], event: string): void {
    const saysGoodbye = said.includes(0);
    const yields = event === 'advertisement' || !node.linkUp;
    if (saysGoodbye === yields) this.#fail(node, `leaves by ${event} and says ${said}`);
  }

  look(): void {
    const facts = this.#facts;
    for (const node of facts.world.nodes) {
      const beat = this.#beats.get(node);
      if (!isMaster(node) || node.stalled) this.#beats.delete(node);
      else if (beat !== undefined && facts.now - beat.at > facts.atMost(beat.interval)) {
        this.#fail(node, `says nothing for ${facts.now - beat.at} ms`);
      }
    }
  }

  #fail(node: Node, text: string): never {
    this.#facts.fail(`node ${node.index} ${text}`);
  }
}

/** What a master tells its peers at once: new terms, and that it is there, to those who give the group up or have less priority. */
function mustSpeak({ node, before, event }: Happening): boolean {
  if (event?.kind === 'advertisement') {
    const { settings } = node;
    const { priority, version, interval } = event.advertisement;
    if (version !== settings.version) return false;
    if (!settings.deviations.acceptOtherIntervals && interval !== settings.advertInterval) return false;
    if (priority === 0) return true;
    return settings.answersLowerPriority && (version === 3 || settings.deviations.answerLosingAdvertisement);
  }
  return (
    before?.priority !== priorityOf(node) || before.settings.advertInterval !== node.settings.advertInterval
  );
}
