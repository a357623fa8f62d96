// What happened to an instance, in the words of those who want to be told: notify scripts, mail, the console.
import type { VrrpEvent } from '../protocol.ts';
import type { InstanceEffect, InstanceEvent, InstanceState } from './instance.ts';

/** One step of an instance. */
export interface Stepped {
  readonly before: InstanceState;
  readonly event: InstanceEvent;
  readonly after: InstanceState;
  readonly effects: readonly InstanceEffect[];
}

/** What is worth telling of a step: nothing, as a rule. `at` is milliseconds since 1970. */
export function eventsOf(name: string, { before, event, after, effects }: Stepped, at: number): VrrpEvent[] {
  const { phase, priority } = after;
  const state = phase === 'INITIALIZE' && event.kind === 'stop' ? 'STOP' : phase;
  const told = (kind: VrrpEvent['kind'], reason: string): VrrpEvent => {
    return { subject: 'INSTANCE', name, kind, state, priority, reason, at };
  };
  const events: VrrpEvent[] = [];
  if (phase !== before.phase) events.push(told('state', reasonOf(effects)));
  else if (priority !== before.priority) events.push(told('priority', `${before.priority} before`));
  if (heardLower(before, event, after))
    events.push(told('receives-lower', 'somebody else wants the addresses'));
  for (const effect of effects) if (effect.kind === 'alarm') events.push(told('alarm', effect.text));
  return events;
}

/** An instance that goes on under another name. */
export interface Renamed {
  readonly before: string;
  readonly name: string;
  readonly state: Pick<InstanceState, 'phase' | 'priority'>;
}

/** To those who know instances by their names the old ones are gone and the new ones are there; gone first, as names may be exchanged. */
export function eventsOfRenaming(renamed: readonly Renamed[], at: number): VrrpEvent[] {
  const told = (
    kind: VrrpEvent['kind'],
    name: string,
    { phase, priority }: Renamed['state'],
    reason: string,
  ) => {
    return { subject: 'INSTANCE', name, kind, state: phase, priority, reason, at } as const;
  };
  const known = renamed.filter(({ before, name, state }) => before !== name && state.phase !== 'INITIALIZE');
  return [
    ...known.map(({ before, name, state }) => told('deleted', before, state, `is ${name} now`)),
    ...known.map(({ before, name, state }) => told('state', name, state, `was ${before}`)),
  ];
}

/** Why the phase changed: it is in the report that every change comes with. */
function reasonOf(effects: readonly InstanceEffect[]): string {
  for (const effect of effects) {
    if (effect.kind !== 'report') continue;
    const { text } = effect;
    if (text.startsWith('entering ')) return text.slice(text.indexOf(': ') + 2);
  }
  return '';
}

/** A master was answered by one that is no match for it. */
function heardLower(before: InstanceState, event: InstanceEvent, after: InstanceState): boolean {
  if (event.kind !== 'advertisement' || before.phase !== 'MASTER' || after.phase !== 'MASTER') return false;
  const { priority } = event.advertisement;
  return after.counters.received > before.counters.received && priority > 0 && priority < after.priority;
}
