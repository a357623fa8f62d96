// Follows what happens in the checker process. Of thousands of real servers only those are remembered that are not simply up.
import type { Lost } from '../ipc/subscribers.ts';
import type { ServiceEvent, TrackReport } from '../protocol.ts';
import type { RoleLink, RoleListener } from './role-link.ts';

export interface ServiceWatch extends RoleListener {
  /** From now on it is known who is to be told. */
  start(): void;
  /** How services are, and those real servers that are not up, each as the event that made it so. */
  readonly present: readonly ServiceEvent[];
}

export interface ServiceWatchOptions {
  /** Also of what was found and not heard when it happened; `isNews`: it was otherwise before. */
  happened(event: ServiceEvent, isNews: boolean): void;
  reported(report: TrackReport): void;
}

export function createServiceWatch({ happened, reported }: ServiceWatchOptions): ServiceWatch {
  const present = new Map<string, ServiceEvent>();
  let isStarted = false;
  let reached: RoleLink | null = null;

  function take(event: ServiceEvent): void {
    const id = idOf(event);
    const before = present.get(id);
    const isUsual = event.subject === 'REAL SERVER' && event.state === 'up';
    const isNews =
      event.isPresent !== true || (before === undefined ? !isUsual : before.state !== event.state);
    if (event.isGone === true || isUsual) present.delete(id);
    else if (isNews) present.set(id, event);
    happened(event, isNews);
  }

  async function subscribe(link: RoleLink): Promise<void> {
    const reports = (await link.insist('subscribe')) as readonly TrackReport[] | null;
    for (const report of reports ?? []) reported(report);
  }

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      if (reached !== null) subscribe(reached);
    },
    reached(link) {
      reached = link;
      if (isStarted) subscribe(link);
    },
    heard(message, link) {
      if (isReport(message)) reported(message.report);
      else if (isEvent(message)) take(message.event);
      else if (isLost(message)) subscribe(link);
    },
    lost() {
      reached = null;
    },
    get present() {
      return [...present.values()];
    },
  };
}

function idOf({ subject, service, server }: ServiceEvent): string {
  return `${subject} ${server ?? ''} ${service}`;
}

function isReport(message: unknown): message is { report: TrackReport } {
  return typeof message === 'object' && message !== null && 'report' in message;
}

function isEvent(message: unknown): message is { event: ServiceEvent } {
  return typeof message === 'object' && message !== null && 'event' in message;
}

function isLost(message: unknown): message is Lost {
  return typeof message === 'object' && message !== null && 'lost' in message;
}
