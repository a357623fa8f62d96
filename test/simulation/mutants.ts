// State machines that break one rule of VRRP each: the judge has to catch every one of them.
import { type InstanceEvent, type InstanceState, type Step, step } from '../../src/director/vrrp/instance.ts';
import type { Machine } from './world.ts';

type Advertisement = Extract<InstanceEvent, { kind: 'advertisement' }>;

/** Changes an event before the real machine sees it; null: it never does. */
type Deafness = (event: InstanceEvent, state: InstanceState) => InstanceEvent | null;

/** Changes what the real machine made of an event. */
type Slip = (after: Step, before: InstanceState, event: InstanceEvent, now: number) => Step;

export const MUTANTS: Readonly<Record<string, Machine>> = {
  "a backup does not adopt the master's interval": hears((event, { phase, settings }) =>
    event.kind === 'advertisement' && phase === 'BACKUP'
      ? retold(event, { interval: settings.advertInterval })
      : event,
  ),
  'nobody waits the skew time': slips((after, before) => delayed(after, before, state => -skew(state))),
  'a backup waits one interval less': slips((after, before) =>
    delayed(after, before, state => -state.masterInterval),
  ),
  'a backup waits one interval more': slips((after, before) =>
    delayed(after, before, state => state.masterInterval),
  ),
  'a backup does not hear a farewell': hears((event, { phase }) =>
    isAdvertisement(event) && phase === 'BACKUP' && event.advertisement.priority === 0 ? null : event,
  ),
  'a master does not hear a farewell': hears((event, { phase }) =>
    isAdvertisement(event) && phase === 'MASTER' && event.advertisement.priority === 0 ? null : event,
  ),
  'a master gives way to nobody': hears((event, { phase, priority }) =>
    isAdvertisement(event) && phase === 'MASTER' && event.advertisement.priority > priority ? null : event,
  ),
  'a master gives way to everybody': hears((event, { phase }) =>
    isAdvertisement(event) && phase === 'MASTER' && event.advertisement.priority > 0
      ? retold(event, { priority: 255 })
      : event,
  ),
  'masters of equal priority do not compare addresses': hears((event, { phase, priority }) =>
    isAdvertisement(event) && phase === 'MASTER' && event.advertisement.priority === priority ? null : event,
  ),
  'of masters with equal priority the lower address wins': hears((event, { phase, priority, link }) => {
    if (!isAdvertisement(event) || phase !== 'MASTER' || event.advertisement.priority !== priority)
      return event;
    const isLower = event.sender.at(-1)! < link.address!.at(-1)!;
    return retold(event, { priority: isLower ? 255 : 1 });
  }),
  'a backup does not respect a master of equal priority': hears((event, { phase, priority }) =>
    isAdvertisement(event) && phase === 'BACKUP' && event.advertisement.priority === priority ? null : event,
  ),
  'nopreempt is forgotten': believes({ preempt: true }),
  'nobody preempts': believes({ preempt: false }),
  'preempt_delay is forgotten': believes({ preemptDelay: 0 }),
  'a master that stops says nothing': slips(after => without(after, 'advertise', 0)),
  'a new master does not advertise at once': slips((after, before) =>
    before.phase === 'MASTER' ? after : without(after, 'advertise'),
  ),
  'a new master announces nothing': slips(after => without(after, 'announce')),
  'a new master forgets the addresses': slips(after => without(after, 'hold')),
  'addresses stay where they were': slips(after => without(after, 'leave')),
  'a master advertises too seldom': slips((after, before) =>
    after.state.phase === 'MASTER' && after.state.timer !== before.timer
      ? shifted(after, after.state.settings.advertInterval / 2)
      : after,
  ),
  'a backup advertises': slips(after =>
    after.state.phase === 'BACKUP'
      ? { ...after, effects: [...after.effects, { kind: 'advertise', priority: after.state.priority }] }
      : after,
  ),
  'a lower priority is not answered': slips((after, { phase }, event) =>
    isAdvertisement(event) && event.advertisement.priority > 0 && phase === 'MASTER'
      ? without(after, 'advertise')
      : after,
  ),
  'a new priority is not told': slips((after, { phase }, event) =>
    event.kind === 'settings' && phase === 'MASTER' ? without(after, 'advertise') : after,
  ),
  'trackers change no priority': hears((event, { faults }) =>
    event.kind !== 'tracking'
      ? event
      : { ...event, adjustment: 0, faults: event.faults.length === faults.length ? faults : event.faults },
  ),
  'trackers make no fault': hears((event, { faults }) =>
    event.kind === 'tracking' ? { ...event, faults } : event,
  ),
  'a member of a sync group takes over alone': believes({ synced: false }),
  'a member of a sync group is not told to take over': hears(event =>
    event.kind === 'promote' ? null : event,
  ),
  'a member of a sync group stays when the others go': hears(event =>
    event.kind === 'demote' ? null : event,
  ),
  'a member of a sync group goes without a word': slips((after, _before, event) =>
    event.kind === 'demote' ? without(after, 'advertise', 0) : after,
  ),
  'a member of a sync group forgets a master that it hears again': slips((after, before, event) =>
    isAdvertisement(event) && before.willing && !after.state.willing
      ? { ...after, state: { ...after.state, willing: true } }
      : after,
  ),
  'a link that is down is no fault': hears((event, { link }) =>
    event.kind === 'link' ? { ...event, link: { ...link, up: true } } : event,
  ),
  'a second master is not noticed': slips(after => ({
    ...after,
    state: { ...after.state, duplicate: null },
  })),
  'a timer that is reached says nothing more': slips((after, before, event) =>
    event.kind === 'timer' && before.phase === 'BACKUP' && after.state.phase === 'MASTER'
      ? { ...after, state: { ...after.state, timer: null } }
      : after,
  ),
};

function hears(change: Deafness): Machine {
  return (state, event, now) => {
    const heard = change(event, state);
    return heard === null ? { state, effects: [] } : step(state, heard, now);
  };
}

function slips(change: Slip): Machine {
  return (state, event, now) => change(step(state, event, now), state, event, now);
}

/** Works with other settings than it was given. */
function believes(wrong: Partial<InstanceState['settings']>): Machine {
  return (state, event, now) => {
    const given = event.kind === 'settings' ? event.settings : state.settings;
    const believed = { ...state, settings: { ...state.settings, ...wrong } };
    const heard = event.kind === 'settings' ? { ...event, settings: { ...given, ...wrong } } : event;
    const after = step(believed, heard, now);
    return { ...after, state: { ...after.state, settings: given } };
  };
}

function isAdvertisement(event: InstanceEvent): event is Advertisement {
  return event.kind === 'advertisement';
}

function retold(event: Advertisement, change: Partial<Advertisement['advertisement']>): Advertisement {
  return { ...event, advertisement: { ...event.advertisement, ...change } };
}

function skew({ settings, priority, masterInterval }: InstanceState): number {
  return ((256 - priority) / 256) * (settings.version === 3 ? masterInterval : 1000);
}

/** Moves the timer of a backup that has just been set. */
function delayed(after: Step, before: InstanceState, by: (state: InstanceState) => number): Step {
  const { state } = after;
  const isSet = state.phase === 'BACKUP' && state.timer !== null && state.timer !== before.timer;
  return isSet ? shifted(after, by(state)) : after;
}

function shifted({ state, effects }: Step, by: number): Step {
  return { state: { ...state, timer: state.timer! + by }, effects };
}

function without({ state, effects }: Step, kind: string, priority?: number): Step {
  const isSilenced = (effect: Step['effects'][number]) =>
    effect.kind === kind &&
    (priority === undefined || (effect.kind === 'advertise' && effect.priority === priority));
  return { state, effects: effects.filter(effect => !isSilenced(effect)) };
}
