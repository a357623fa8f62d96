// In peace nobody changes; where everybody hears everybody, there is then one master, and nobody who would preempt it.
import type { Facts } from '../facts.ts';
import { type Happening, isMaster, type Node, phaseOf, priorityOf } from '../node.ts';
import type { Rule } from './rule.ts';

export class Calm implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened({ node, before }: Happening): void {
    const facts = this.#facts;
    const from = before?.phase ?? null;
    const to = phaseOf(node);
    if (from === to) return;
    facts.note(`node ${node.index}: ${from} -> ${to}`);
    if (facts.isPeaceful) facts.fail(`node ${node.index} changes from ${from} to ${to} in peace`);
  }

  peaceEnds(): void {
    const facts = this.#facts;
    const { active } = facts;
    if (active.length === 0 || !facts.isMesh(active)) return;
    const masters = active.filter(isMaster);
    if (masters.length !== 1) facts.fail(`${masters.length} masters in peace`);
    const master = masters[0]!;
    for (const node of active) {
      if (wouldPreempt(node) && priorityOf(node) > priorityOf(master)) {
        facts.fail(`node ${node.index} outranks the master ${master.index} and leaves it in office`);
      }
    }
  }
}

function wouldPreempt({ settings }: Node): boolean {
  return settings.preempt || settings.priority === 255;
}
