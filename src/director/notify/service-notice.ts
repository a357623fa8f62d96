// What of the events of virtual services and real servers is told to scripts, FIFOs and mail, in keepalived's words
// (keepalived.conf(5), ipwrapper.c, smtp.c). Pure.
import type { RealServerConfig, VirtualServerConfig } from '../config/config.ts';
import type { CommandConfig } from '../config/vrrp-config.ts';
import { destinationId, serviceName } from '../ipvs/table.ts';
import type { ServiceEvent } from '../protocol.ts';
import type { Letter } from './notice.ts';

/** What lasts, and is told once until it is the other. */
export type Condition = 'UP' | 'DOWN';

/** A virtual service, or a real server of it. */
export interface ServiceSubject {
  readonly service: VirtualServerConfig;
  /** Null: the service and its quorum. */
  readonly server: RealServerConfig | null;
}

/** Why something is told that no check has said. */
export type Occasion = 'checked' | 'removed' | 'stopped';

/** Null: not told. What a person has ordered, and what only begins, changes neither. */
export function conditionOf({ subject, state }: ServiceEvent): Condition | null {
  if (subject === 'SORRY SERVER') return null;
  if (state === 'up') return 'UP';
  return state === 'down' || state === 'damped' ? 'DOWN' : null;
}

/** Tells a subject from all others, as a log would: `10.0.0.11:80 of TCP 10.0.0.100:80`. */
export function subjectId({ service, server }: ServiceSubject): string {
  const name = serviceName(service);
  return server === null ? name : `${destinationId(server)} of ${name}`;
}

/** The program to run, or null. */
export function commandOf({ service, server }: ServiceSubject, condition: Condition): CommandConfig | null {
  const up = server === null ? service.quorum?.onUp : server.onUp;
  const down = server === null ? service.quorum?.onDown : server.onDown;
  return (condition === 'UP' ? up : down) ?? null;
}

export function wantsMail({ service, server }: ServiceSubject): boolean {
  return server?.mail ?? service.mail ?? false;
}

/** `RS [10.0.0.11]:tcp:80 [10.0.0.100]:tcp:80 UP` and a line's end. */
export function serviceLine({ service, server }: ServiceSubject, condition: Condition): string {
  const vs = titleOfService(service);
  return server === null
    ? `VS ${vs} ${condition}\n`
    : `RS ${titleOfServer(service, server)} ${vs} ${condition}\n`;
}

/** `reason` and `at` (milliseconds since 1970) are the event's. */
export function serviceLetter(
  { service, server }: ServiceSubject,
  condition: Condition,
  occasion: Occasion,
  { reason, at }: Pick<ServiceEvent, 'reason' | 'at'>,
  routerId: string | null,
): Letter {
  const vs = titleOfService(service);
  const what =
    server === null
      ? `Virtualserver ${vs}`
      : `Realserver ${titleOfServer(service, server)} of virtual server ${vs}`;
  const sender = routerId === null ? '' : `[${routerId}] `;
  return {
    subject: `${sender}${what} - ${condition}`,
    text: `${headline(server === null, condition, occasion)}\n\n${new Date(at).toISOString()}: ${reason}\n`,
  };
}

function headline(isService: boolean, condition: Condition, occasion: Occasion): string {
  if (occasion === 'stopped') return '=> Shutting down <=';
  if (occasion === 'removed') return '=> Removing <=';
  if (isService) return condition === 'UP' ? '=> Gained quorum <=' : '=> Lost quorum <=';
  return condition === 'UP' ? '=> CHECK succeed on service <=' : '=> CHECK failed on service <=';
}

/** `[10.0.0.100]:tcp:80`, `FWM 7`, `[group]:0` */
function titleOfService({ key, group }: VirtualServerConfig): string {
  if (group !== undefined) return `[${group.name}]:0`;
  if (key.kind === 'fwmark') return `FWM ${key.mark}`;
  return `[${key.address}]:${key.protocol.toLowerCase()}:${key.port}`;
}

function titleOfServer({ key }: VirtualServerConfig, { address, port }: RealServerConfig): string {
  return `[${address}]:${key.kind === 'fwmark' ? 'none' : key.protocol.toLowerCase()}:${port}`;
}
