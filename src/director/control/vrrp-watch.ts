// Follows what happens in the vrrp process without a gap, whichever of the two was started again: what could not be heard is found
// out by its status and told as if it had been heard.
import type { Lost } from '../ipc/subscribers.ts';
import type { TrackReport, VrrpEvent, VrrpStatus } from '../protocol.ts';
import type { RoleLink, RoleListener } from './role-link.ts';

export interface VrrpWatch extends RoleListener {
  /** Of an instance, as far as it is known. */
  stateOf(instance: string): VrrpEvent['state'] | null;
  /** How everything is, each as the event that made it so. */
  readonly present: readonly VrrpEvent[];
}

type Subject = Pick<VrrpEvent, 'subject' | 'name' | 'state' | 'priority'>;

export interface WatchOptions {
  /** What the trackers have said so far. */
  reports(): readonly TrackReport[];
  happened(event: VrrpEvent): void;
  /** Nobody is there to say what happens. */
  lost(): void;
  /** Milliseconds since 1970. */
  now(): number;
}

export function createVrrpWatch(options: WatchOptions): VrrpWatch {
  const states = new Map<string, VrrpEvent>();
  /** Subjects that were heard of since the status was asked for: of those it has nothing new to say. */
  let heard = new Set<string>();

  function take(event: VrrpEvent): void {
    const id = idOf(event);
    heard.add(id);
    if (event.kind === 'deleted') states.delete(id);
    else if (event.kind === 'state') states.set(id, event);
    else states.set(id, { ...(states.get(id) ?? event), kind: 'state', priority: event.priority });
    options.happened(event);
  }

  async function takeStock(link: RoleLink): Promise<void> {
    const since = new Set<string>();
    heard = since;
    const status = (await link.insist('status')) as VrrpStatus | null;
    for (const subject of status === null ? [] : subjectsOf(status)) {
      const id = idOf(subject);
      if (since.has(id) || states.get(id)?.state === subject.state) continue;
      const event: VrrpEvent = {
        ...subject,
        kind: 'state',
        reason: 'found in this state',
        at: options.now(),
      };
      states.set(id, event);
      options.happened(event);
    }
  }

  return {
    reached(link) {
      link.insist('subscribe');
      link.insist('track', options.reports);
      takeStock(link);
    },
    heard(message, link) {
      if (isEvent(message)) take(message.event);
      else if (isLost(message)) takeStock(link);
    },
    lost() {
      // Whatever is found when it is back is news.
      states.clear();
      options.lost();
    },
    stateOf: name => states.get(idOf({ subject: 'INSTANCE', name }))?.state ?? null,
    get present() {
      return [...states.values()];
    },
  };
}

function subjectsOf({ instances, syncGroups }: VrrpStatus): Subject[] {
  return [
    ...instances.map(({ name, state, priority }) => ({
      subject: 'INSTANCE' as const,
      name,
      state,
      priority,
    })),
    ...syncGroups.map(({ name, state }) => ({ subject: 'GROUP' as const, name, state, priority: 0 })),
  ];
}

function idOf({ subject, name }: Pick<Subject, 'subject' | 'name'>): string {
  return `${subject} ${name}`;
}

function isEvent(message: unknown): message is { event: VrrpEvent } {
  return typeof message === 'object' && message !== null && 'event' in message;
}

function isLost(message: unknown): message is Lost {
  return typeof message === 'object' && message !== null && 'lost' in message;
}
