// In peace nobody changes; where everybody hears everybody, there is then one master, and nobody who would preempt it.
import type { Facts } from '../facts.ts';
import { isMaster, nameOf, phaseOf, priorityOf, type Router } from '../node.ts';
import type { Happening } from '../world.ts';
import type { Rule } from './rule.ts';

export class Calm implements Rule {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  happened({ router, before }: Happening): void {
    const facts = this.#facts;
    const from = before?.phase ?? null;
    const to = phaseOf(router);
    if (from === to) return;
    facts.note(`${nameOf(router)}: ${from} -> ${to}`);
    if (facts.isPeaceful) facts.fail(`${nameOf(router)} changes from ${from} to ${to} in peace`);
  }

  peaceEnds(): void {
    const { active, world } = this.#facts;
    // A sync group is master on all segments or on none: one that does not carry everything touches the others.
    if (!this.#facts.isMesh(active)) return;
    for (const segment of world.segments.keys())
      this.#check(active.filter(router => router.segment === segment));
  }

  #check(active: readonly Router[]): void {
    if (active.length === 0) return;
    const facts = this.#facts;
    const masters = active.filter(isMaster);
    if (masters.length !== 1) facts.fail(`${masters.length} masters in peace`);
    const master = masters[0]!;
    for (const router of active) {
      if (wouldPreempt(router) && priorityOf(router) > priorityOf(master)) {
        facts.fail(`${nameOf(router)} outranks the master ${nameOf(master)} and leaves it in office`);
      }
    }
  }
}

function wouldPreempt({ settings }: Router): boolean {
  return settings.preempt || settings.priority === 255;
}
