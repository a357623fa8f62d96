// director events: how instances, sync groups and services are, and which real servers are not up; from then on what happens to them
// and to the card, line by line.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Lost } from '../ipc/subscribers.ts';
import type { CardEvent, ServiceEvent, VrrpEvent } from '../protocol.ts';
import { openControl } from './ask.ts';
import { type Command, DONE, type Invocation } from './command.ts';

export const events: Command = {
  name: 'events',
  usage: '',
  summary: 'shows how VRRP and the services are and follows what happens, until it is interrupted',
  operands: { least: 0, most: 0 },
  run: follow,
};

/** Rejects when the director ends; who reads ends it by reading no more. */
function follow(platform: Platform, invocation: Invocation): Promise<number> {
  return new Promise((resolve, reject) => {
    const show = (message: unknown) => {
      try {
        platform.print(textOf(message, invocation));
      } catch (error) {
        // `director events | head`
        if (!isSystemError(error, 'EPIPE')) throw error;
        client.close();
        resolve(DONE);
      }
    };
    const client = openControl(platform, invocation, {
      onPush: show,
      onLost: () => reject(new Error('the control process went away')),
    });
    client.request('subscribe').catch(reject);
  });
}

function textOf(message: unknown, { json }: Invocation): string {
  return json ? `${JSON.stringify({ version: 1, ...(message as object) })}\n` : describe(message);
}

function describe(message: unknown): string {
  if (!isEvent(message)) return `${(message as Lost).lost} events were too fast for this reader\n`;
  const { event } = message;
  if ('service' in event) return describeServiceEvent(event);
  return 'device' in event ? describeCardEvent(event) : describeEvent(event);
}

/** One line. */
export function describeEvent({ subject, name, kind, state, priority, reason, at }: VrrpEvent): string {
  const who = subject === 'GROUP' ? `sync group ${name}` : name;
  const what = {
    state,
    priority: `${state}, another priority`,
    'receives-lower': `${state}, hears lower priority`,
    deleted: 'deleted',
    alarm: `${state}, ALARM`,
  }[kind];
  const strength = subject === 'GROUP' ? '' : ` (priority ${priority})`;
  return `${new Date(at).toISOString()} ${who}: ${what}${strength}${reason === '' ? '' : `: ${reason}`}\n`;
}

/** One line. */
export function describeServiceEvent({
  subject,
  service,
  server,
  state,
  reason,
  at,
  isGone,
}: ServiceEvent): string {
  const isQuorum = subject === 'VIRTUAL SERVER';
  const who = isQuorum
    ? service
    : `${subject === 'SORRY SERVER' ? 'sorry server ' : ''}${server} of ${service}`;
  const quorum = state === 'up' ? 'has its quorum' : 'has lost its quorum';
  const what = isGone ? 'no longer configured' : isQuorum ? quorum : state;
  return `${new Date(at).toISOString()} ${who}: ${what}${reason === '' ? '' : `: ${reason}`}\n`;
}

/** One line. */
function describeCardEvent({ device, kind, reason, at }: CardEvent): string {
  const what = {
    alarm: 'ALARM: ',
    budget: '',
    device: '',
    failed: 'ALARM, does not answer: ',
    back: 'is back: ',
    another: 'ALARM, is another card: ',
    unreadable: 'is damaged: ',
    'refused write': 'ALARM, a write was refused: ',
  }[kind];
  return `${new Date(at).toISOString()} ${device ?? 'disks'}: ${what}${reason}\n`;
}

function isEvent(message: unknown): message is { event: VrrpEvent | ServiceEvent | CardEvent } {
  return typeof message === 'object' && message !== null && 'event' in message;
}
