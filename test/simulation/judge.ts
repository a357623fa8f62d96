// Watches a world and throws when the directors break a rule.
import { Facts } from './facts.ts';
import type { Router } from './node.ts';
import { Calm } from './rules/calm.ts';
import { Duel } from './rules/duel.ts';
import { Fault } from './rules/fault.ts';
import { Notice } from './rules/notice.ts';
import { Patience } from './rules/patience.ts';
import { Presence } from './rules/presence.ts';
import type { Rule } from './rules/rule.ts';
import { Speech } from './rules/speech.ts';
import { Succession } from './rules/succession.ts';
import { Union } from './rules/union.ts';
import type { Disturbance, Happening, Observer, World } from './world.ts';

export class Judge implements Observer {
  readonly #facts: Facts;
  readonly #rules: readonly Rule[];

  constructor(world: World, trace: string[] | null) {
    const facts = new Facts(world, text => trace?.push(`${world.now.toFixed(3)} ${text}`));
    this.#facts = facts;
    this.#rules = [
      new Fault(facts),
      new Union(facts),
      new Speech(facts),
      new Presence(facts),
      new Duel(facts),
      new Patience(facts),
      new Succession(facts),
      new Calm(facts),
      new Notice(facts),
    ];
  }

  /** Milliseconds. */
  get settlingTime(): number {
    return this.#facts.settlingTime;
  }

  disturbed(kind: Disturbance, routers: readonly Router[], text: string): void {
    this.look();
    this.#endPeace();
    for (const rule of this.#rules) rule.disturbed?.(kind, routers);
    this.#facts.disturbed(text);
  }

  changed(): void {
    this.#facts.changed();
    this.settled();
  }

  happened(happening: Happening): void {
    for (const rule of this.#rules) rule.happened?.(happening);
  }

  settled(): void {
    for (const rule of this.#rules) rule.settled?.();
    this.look();
  }

  /** To be called often enough to notice what does not happen. */
  look(): void {
    for (const rule of this.#rules) rule.look?.();
  }

  note(text: string): void {
    this.#facts.note(text);
  }

  /** At the end of peace. */
  conclude(): void {
    this.look();
    if (!this.#facts.isPeaceful) this.#facts.fail('there is no peace in the end');
    this.#endPeace();
  }

  #endPeace(): void {
    if (this.#facts.isPeaceful) for (const rule of this.#rules) rule.peaceEnds?.();
  }
}
