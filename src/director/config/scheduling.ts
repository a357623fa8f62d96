// The keywords of a virtual server about how connections are spread: scheduler, its flags, one packet scheduling.
import { withoutEffect } from './answers.ts';
import type { Scheduler, ServiceKey } from './config.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice } from './types.ts';
import { flag, synonym, toggle, type Values, valueOr } from './vocabulary.ts';

const SCHEDULERS = [
  ...([
    'rr',
    'wrr',
    'lc',
    'wlc',
    'lblc',
    'sh',
    'mh',
    'dh',
    'fo',
    'ovf',
    'lblcr',
    'sed',
    'nq',
    'twos',
  ] as const),
];

/** Bits of `schedulerFlags`: IP_VS_SVC_F_SCHED1 to 3 of linux/ip_vs.h, where the schedulers give them their names. */
const FLAGS = {
  'flag-1': { bits: 1, scheduler: null },
  'flag-2': { bits: 2, scheduler: null },
  'flag-3': { bits: 4, scheduler: null },
  'sh-fallback': { bits: 1, scheduler: 'sh' },
  'sh-port': { bits: 2, scheduler: 'sh' },
  'mh-fallback': { bits: 1, scheduler: 'mh' },
  'mh-port': { bits: 2, scheduler: 'mh' },
} as const;

const flagNames = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

const FALLBACK =
  'When the server of a client has weight 0, another is taken; else the client is turned away.';
const PORT = 'The port of the client counts too, not only its address.';

export const schedulingKeywords = {
  lvs_sched: valueOr(choice(SCHEDULERS), 'wlc', {
    help: 'Scheduler: which real server gets the next connection.',
    example: 'lvs_sched wrr',
  }),
  lb_algo: synonym('lvs_sched'),
  'flag-1': flag({
    help: 'First flag of the scheduler; sh-fallback and mh-fallback are the same.',
    example: 'flag-1',
  }),
  'flag-2': flag({
    help: 'Second flag of the scheduler; sh-port and mh-port are the same.',
    example: 'flag-2',
  }),
  'flag-3': flag({ help: 'Third flag of the scheduler.', example: 'flag-3' }),
  'sh-fallback': flag({ help: `With lvs_sched sh: ${decapitalize(FALLBACK)}`, example: 'sh-fallback' }),
  'sh-port': flag({ help: `With lvs_sched sh: ${decapitalize(PORT)}`, example: 'sh-port' }),
  'mh-fallback': flag({ help: `With lvs_sched mh: ${decapitalize(FALLBACK)}`, example: 'mh-fallback' }),
  'mh-port': flag({ help: `With lvs_sched mh: ${decapitalize(PORT)}`, example: 'mh-port' }),
  hashed: withoutEffect('hashed', 'the kernel sets it itself, of every service that it finds'),
  ops: toggle({
    help: 'Every packet of UDP is scheduled by itself, without a connection.',
    example: 'ops',
  }),
};

function decapitalize(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}

export type SchedulingValues = Values<typeof schedulingKeywords>;

export interface Scheduling {
  readonly scheduler: Scheduler;
  readonly schedulerFlags?: number;
  readonly onePacket?: true;
}

export function finishScheduling(
  values: SchedulingValues,
  key: ServiceKey,
  statement: Statement,
  reading: Reading,
): Scheduling {
  const scheduler = values.lvs_sched ?? schedulingKeywords.lvs_sched.default;
  let flags = 0;
  for (const name of flagNames) {
    if (values[name] !== true) continue;
    const { bits, scheduler: owner } = FLAGS[name];
    if (owner === null || owner === scheduler) flags |= bits;
    else {
      const advice = `delete it, or write lvs_sched ${owner}`;
      reading.warning(
        placeOf(statement, name),
        0,
        `${name} has no effect with lvs_sched ${scheduler}`,
        advice,
      );
    }
  }
  const isDatagrams = key.kind === 'fwmark' || key.protocol === 'UDP';
  if (values.ops === true && !isDatagrams) {
    const message = `ops has no effect with ${key.protocol}`;
    reading.warning(
      placeOf(statement, 'ops'),
      0,
      message,
      'delete it: only packets of UDP are scheduled one by one',
    );
  }
  return {
    scheduler,
    ...(flags !== 0 && { schedulerFlags: flags }),
    ...(values.ops === true && isDatagrams && { onePacket: true }),
  };
}
