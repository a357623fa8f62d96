// The keywords of an instance that say who becomes master, and when.
import type { Globals } from './global.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, integer, seconds } from './types.ts';
import { flag, toggle, type Values, value, valueOr } from './vocabulary.ts';
import type { VrrpInstanceConfig } from './vrrp-config.ts';

/** TIMER_MAX_SEC of keepalived. */
const LONGEST_PREEMPT_DELAY = 1000;

export const electionKeywords = () => ({
  state: valueOr(choice(['BACKUP', 'MASTER']), 'BACKUP', {
    help: 'State to start with; the election decides in any case.',
    example: 'state MASTER',
  }),
  priority: valueOr(integer(1, 255), '100', {
    help: 'The highest becomes master; 255 is the owner of the addresses.',
    example: 'priority 150',
  }),
  advert_int: valueOr(seconds(0.01, 255), '1', {
    help: 'Time between advertisements: whole seconds with version 2, hundredths up to 40.95 with version 3.',
    example: 'advert_int 1',
  }),
  version: value(integer(2, 3, '2|3'), {
    help: 'VRRP version; vrrp_version of global_defs unless set, and 3 for IPv6.',
    example: 'version 3',
  }),
  preempt: flag({
    help: 'Take over from a master of lower priority, as is the default.',
    example: 'preempt',
  }),
  nopreempt: flag({
    help: 'Leave a master of lower priority in office.',
    example: 'nopreempt',
  }),
  preempt_delay: value(seconds(0, LONGEST_PREEMPT_DELAY), {
    help: 'Seconds for which a master of lower priority is left in office; 0 unless set.',
    example: 'preempt_delay 300',
  }),
  down_timer_adverts: value(integer(1, 100), {
    help: 'Intervals without an advertisement after which the master counts as gone; 3 unless set. The same on all directors.',
    example: 'down_timer_adverts 3',
  }),
  lower_prio_no_advert: toggle({
    help: 'As master, leave an advertisement of lower priority without an answer.',
    example: 'lower_prio_no_advert',
  }),
  higher_prio_send_advert: toggle({
    help: 'As master, advertise once more before yielding to a higher priority.',
    example: 'higher_prio_send_advert',
  }),
  owner_ignore_adverts: toggle({
    help: 'With priority 255, do not listen to other masters.',
    example: 'owner_ignore_adverts',
  }),
  strict_mode: toggle({
    help: 'Exactly as the RFCs, without the extensions and deviations; vrrp_strict of global_defs unless set.',
    example: 'strict_mode',
  }),
});

export type ElectionValues = Values<ReturnType<typeof electionKeywords>>;

type Election = Pick<
  VrrpInstanceConfig,
  | 'initialState'
  | 'priority'
  | 'advertInterval'
  | 'preempt'
  | 'preemptDelay'
  | 'downTimerAdverts'
  | 'answersLowerPriority'
  | 'answersHigherPriority'
  | 'ownerIgnoresAdverts'
>;

export interface Mode {
  readonly version: 2 | 3;
  readonly strict: boolean;
}

/** The version and strictness of an instance whose addresses are of this family. */
export function decideMode(
  values: ElectionValues,
  globals: Globals,
  family: 4 | 6,
  statement: Statement,
  reading: Reading,
): Mode {
  const strict = values.strict_mode ?? globals.vrrp_strict ?? false;
  if (family === 4) return { version: versionOf(values.version ?? globals.vrrp_version), strict };
  if (values.version === 2) {
    const advice = 'write version 3, or delete it: with IPv6 it is 3 in any case';
    reading.error(placeOf(statement, 'version'), 1, 'version 2 has no IPv6', advice);
  }
  return { version: 3, strict };
}

function versionOf(number: number | undefined): 2 | 3 {
  return number === 3 ? 3 : 2;
}

export function finishElection(
  values: ElectionValues,
  globals: Globals,
  { version, strict }: Mode,
  statement: Statement,
  reading: Reading,
): Election {
  checkInterval(values, version, statement, reading);
  const preempt = decidePreemption(values, statement, reading);
  const noAnswer = values.lower_prio_no_advert ?? globals.vrrp_lower_prio_no_advert;
  return {
    initialState: values.state ?? 'BACKUP',
    priority: values.priority ?? 100,
    advertInterval: values.advert_int ?? 1000,
    preempt,
    preemptDelay: decideDelay(values, preempt, statement, reading),
    downTimerAdverts: values.down_timer_adverts ?? globals.vrrp_down_timer_adverts ?? 3,
    // RFC 3768 section 6.4.3 has no answer, RFC 9568 section 6.4.3 has.
    answersLowerPriority: noAnswer === undefined ? !(strict && version === 2) : !noAnswer,
    answersHigherPriority: values.higher_prio_send_advert ?? globals.vrrp_higher_prio_send_advert ?? false,
    ownerIgnoresAdverts: values.owner_ignore_adverts ?? globals.vrrp_owner_ignore_adverts ?? false,
  };
}

/** Version 2 counts whole seconds in a byte, version 3 hundredths in 12 bits (RFC 9568 section 5.2.7). */
function checkInterval(
  { advert_int: interval }: ElectionValues,
  version: 2 | 3,
  statement: Statement,
  reading: Reading,
): void {
  if (interval === undefined) return;
  const place = placeOf(statement, 'advert_int');
  if (version === 2 && interval % 1000 !== 0) {
    const advice = 'use whole seconds, or version 3 on all directors of the group';
    reading.error(place, 1, 'version 2 has whole seconds between advertisements', advice);
  } else if (version === 3 && interval > 40_950) {
    reading.error(place, 1, 'version 3 has at most 40.95 seconds between advertisements', 'use less');
  } else if (version === 3 && interval % 10 !== 0) {
    const advice = `use ${(Math.max(1, Math.round(interval / 10)) / 100).toFixed(2)}`;
    const message = 'version 3 counts the time between advertisements in hundredths of a second';
    reading.error(place, 1, message, advice);
  }
}

/** keepalived clears nopreempt where it cannot work, and so does this. */
function decidePreemption(values: ElectionValues, statement: Statement, reading: Reading): boolean {
  if (!values.nopreempt) return true;
  const place = placeOf(statement, 'nopreempt');
  if (values.preempt && lastOf('preempt', 'nopreempt', statement, reading) === 'preempt') return true;
  if (values.state === 'MASTER') {
    const advice = 'use state BACKUP on all directors of the group';
    reading.warning(place, 0, 'nopreempt has no effect with state MASTER', advice);
    return true;
  }
  if (values.priority === 255) {
    const advice = 'the owner of the addresses always takes over';
    reading.warning(place, 0, 'nopreempt has no effect with priority 255', advice);
    return true;
  }
  return false;
}

/** As for nopreempt. */
function decideDelay(
  values: ElectionValues,
  preempt: boolean,
  statement: Statement,
  reading: Reading,
): number {
  const delay = values.preempt_delay ?? 0;
  if (delay === 0) return 0;
  const reasons = [
    [values.state === 'MASTER', 'state MASTER', 'use state BACKUP on all directors of the group'],
    [!preempt, 'nopreempt', 'delete one of them'],
    [values.priority === 255, 'priority 255', 'the owner of the addresses always takes over'],
  ] as const;
  const reason = reasons.find(([holds]) => holds);
  if (reason === undefined) return delay;
  const place = placeOf(statement, 'preempt_delay');
  reading.warning(place, 0, `preempt_delay has no effect with ${reason[1]}`, reason[2]);
  return 0;
}

/** Warns of two keywords that exclude each other and returns the one that counts. */
export function lastOf(one: string, other: string, statement: Statement, reading: Reading): string {
  const last = placeOf(statement, one, other);
  const advice = 'the last one counts: delete the other';
  reading.warning(last, 0, `${one} and ${other} contradict each other`, advice);
  return last.words[0]!;
}
