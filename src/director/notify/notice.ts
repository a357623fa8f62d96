// What of VRRP's events is told to scripts, FIFOs and mail, in keepalived's words (keepalived.conf(5), vrrp_notify.c). Pure.
import type { CommandConfig, MailConfig, NotifyConfig } from '../config/vrrp-config.ts';
import type { VrrpEvent } from '../protocol.ts';

type State = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED';

export interface Notice {
  readonly subject: VrrpEvent['subject'];
  readonly name: string;
  readonly what: State | 'MASTER_RX_LOWER_PRI' | 'MASTER_PRIORITY' | 'BACKUP_PRIORITY' | 'ALARM';
  /** 0 for a group. */
  readonly priority: number;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A program to run, with the words behind its own. */
export interface Call {
  readonly command: CommandConfig;
  readonly words: readonly string[];
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

const STATES: readonly string[] = ['MASTER', 'BACKUP', 'FAULT', 'STOP', 'DELETED'] satisfies State[];

/** Null: nobody is told. `isGone`: the configuration has no such instance any more. */
export function noticeOf(event: VrrpEvent, notify: NotifyConfig, isGone: boolean): Notice | null {
  const what = whatOf(event, notify, isGone);
  const { subject, name, reason, at } = event;
  return what && { subject, name, what, priority: subject === 'GROUP' ? 0 : event.priority, reason, at };
}

function whatOf({ kind, state }: VrrpEvent, notify: NotifyConfig, isGone: boolean): Notice['what'] | null {
  switch (kind) {
    case 'state':
      if (isGone) return state === 'STOP' ? farewell(notify) : null;
      return state === 'INITIALIZE' ? null : state;
    case 'deleted':
      return farewell(notify);
    case 'priority':
      return state === 'MASTER' ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY';
    case 'receives-lower':
      return 'MASTER_RX_LOWER_PRI';
    case 'alarm':
      return 'ALARM';
  }
}

function farewell({ tellsDeleted }: NotifyConfig): State {
  return tellsDeleted ? 'DELETED' : 'FAULT';
}

/** True for what lasts: told once until it is something else. */
export function isState({ what }: Notice): boolean {
  return STATES.includes(what);
}

/** The programs to run, in their order: the one for this state first, the one for all behind it. */
export function callsOf(notice: Notice, notify: NotifyConfig): Call[] {
  const calls: Call[] = [];
  const own = ownCommand(notice, notify);
  if (own !== null) calls.push({ command: own, words: [] });
  if (notify.any !== null && isState(notice)) calls.push({ command: notify.any, words: wordsOf(notice) });
  return calls;
}

function ownCommand({ what }: Notice, notify: NotifyConfig): CommandConfig | null {
  switch (what) {
    case 'MASTER':
      return notify.master;
    case 'BACKUP':
      return notify.backup;
    case 'FAULT':
      return notify.fault;
    case 'STOP':
      return notify.stop;
    case 'DELETED':
      return notify.deleted;
    case 'MASTER_RX_LOWER_PRI':
      return notify.masterReceivesLower;
    default:
      return null;
  }
}

function wordsOf({ subject, name, what, priority }: Notice): string[] {
  return [subject, name, what, String(priority)];
}

/** `INSTANCE "web" MASTER 100` and a line's end; null: a FIFO is not told. */
export function lineOf(notice: Notice, notify: NotifyConfig): string | null {
  const { subject, name, what, priority } = notice;
  if (what === 'ALARM') return null;
  if ((what === 'MASTER_PRIORITY' || what === 'BACKUP_PRIORITY') && !notify.priorityChanges) return null;
  return `${subject} "${name}" ${what} ${priority}\n`;
}

const MAIL: Readonly<Partial<Record<Notice['what'], { headline: string; instance: string; group: string }>>> =
  {
    MASTER: {
      headline: 'Entering MASTER state',
      instance: '=> VRRP Instance is now owning VRRP VIPs <=',
      group: '=> All VRRP group instances are now in MASTER state <=',
    },
    BACKUP: {
      headline: 'Entering BACKUP state',
      instance: '=> VRRP Instance is no longer owning VRRP VIPs <=',
      group: '=> All VRRP group instances are now in BACKUP state <=',
    },
    FAULT: {
      headline: 'Entering FAULT state',
      instance: '=> VRRP Instance is no longer owning VRRP VIPs <=',
      group: '=> All VRRP group instances are now in FAULT state <=',
    },
    STOP: {
      headline: 'Stopping',
      instance: '=> VRRP Instance stopping <=',
      group: '=> All VRRP group instances are now stopping <=',
    },
    ALARM: { headline: 'ALARM', instance: '=> Somebody has to look at this <=', group: '' },
  };

/** Null: no mail is sent about this. */
export function letterOf(
  notice: Notice,
  notify: NotifyConfig,
  { faults }: Pick<MailConfig, 'faults'>,
  routerId: string | null,
): Letter | null {
  const { subject, name, what, reason, at } = notice;
  const words = MAIL[what];
  if (!notify.mail || words === undefined || (what === 'FAULT' && !faults)) return null;
  const isGroup = subject === 'GROUP';
  const sender = routerId === null ? '' : `[${routerId}] `;
  return {
    subject: `${sender}VRRP ${isGroup ? 'Group' : 'Instance'} ${name} - ${words.headline}`,
    text: `${isGroup ? words.group : words.instance}\n\n${new Date(at).toISOString()}: ${reason}\n`,
  };
}
