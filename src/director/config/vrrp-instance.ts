// `vrrp_instance NAME { }`: addresses that one of several directors holds at a time.
import { familyOf } from '../address.ts';
import type { VrrpInstanceConfig } from './config.ts';
import { DEFAULT_VRRP_VERSION, type VrrpVersion } from './global.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, integer, interfaceName, seconds, text } from './types.ts';
import { checkAddresses, virtualAddresses } from './virtual-address.ts';
import { block, flag, type Located, type Values, value, valueOr } from './vocabulary.ts';
import { INSTANCE_DEFAULTS, MULTICAST_GROUP } from './vrrp-defaults.ts';

const EXAMPLE = 'vrrp_instance VI_1 { ... }';

const keywords = {
  state: valueOr(choice(['BACKUP', 'MASTER']), 'BACKUP', {
    help: 'State to start with; the election decides in any case.',
    example: 'state MASTER',
  }),
  interface: value(interfaceName, {
    help: 'Interface for the advertisements and the virtual addresses.',
    example: 'interface eth0',
  }),
  virtual_router_id: value(integer(1, 255), {
    help: 'Number of the group, the same on all its directors and on no other group of the network.',
    example: 'virtual_router_id 51',
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
    help: 'VRRP version; vrrp_version of global_defs unless set.',
    example: 'version 3',
  }),
  virtual_ipaddress: virtualAddresses,
  preempt: flag({
    help: 'Take over from a master of lower priority, as is the default.',
    example: 'preempt',
  }),
  nopreempt: flag({
    help: 'Leave a master of lower priority in office.',
    example: 'nopreempt',
  }),
  accept: flag({
    help: 'Let packets for the virtual addresses themselves in, as is the default.',
    example: 'accept',
  }),
  no_accept: flag({
    help: 'Drop packets for the virtual addresses themselves; services pass.',
    example: 'no_accept',
  }),
};

type InstanceValues = Values<typeof keywords>;

/** An instance with all but the version, which may come from a `global_defs` further down. */
export interface InstanceDraft {
  readonly name: string;
  readonly values: InstanceValues;
  readonly statement: Statement;
}

export const vrrpInstance = block({
  usage: 'NAME { ... }',
  help: 'A group of directors of which one holds the virtual addresses.',
  example: EXAMPLE,
  keywords: () => keywords,
  header(statement, reading) {
    if (statement.words.length === 2) return reading.argument(statement, 1, text('NAME'));
    reading.error(statement, 2, 'vrrp_instance takes one name', `for example: ${EXAMPLE}`);
    return undefined;
  },
  finish: (name, values, statement): InstanceDraft => ({ name, values, statement }),
});

/** Completes an instance once the global settings are known. Undefined when it lacks what it cannot do without. */
export function finishInstance(
  { name, values, statement }: InstanceDraft,
  globalVersion: VrrpVersion | null,
  reading: Reading,
): Located<VrrpInstanceConfig> | undefined {
  for (const keyword of ['interface', 'virtual_router_id', 'virtual_ipaddress'] as const) {
    if (!lacks(statement, keyword)) continue;
    const advice = `add, for example: ${keywords[keyword].example}`;
    reading.error(statement, 0, `vrrp_instance ${name} has no ${keyword}`, advice);
  }
  const version = (values.version as VrrpVersion | undefined) ?? globalVersion ?? DEFAULT_VRRP_VERSION;
  checkInterval(values, version, statement, reading);
  const addresses = checkAddresses(values.virtual_ipaddress?.flat() ?? [], statement, reading);
  const preempt = decidePreemption(values, statement, reading);
  const accept = decideAcceptance(values, statement, reading);
  const { interface: device, virtual_router_id: virtualRouterId } = values;
  if (device === 'lo') {
    const advice = 'name the interface of the network they share';
    reading.error(placeOf(statement, 'interface'), 1, 'lo reaches no other director', advice);
  }
  if (device === undefined || virtualRouterId === undefined) return undefined;
  const family = addresses[0] === undefined ? 4 : familyOf(addresses[0].address);
  const value: VrrpInstanceConfig = {
    ...INSTANCE_DEFAULTS,
    name,
    version,
    family,
    multicastGroup: MULTICAST_GROUP[family],
    initialState: values.state ?? keywords.state.default,
    interface: device,
    virtualRouterId,
    priority: values.priority ?? keywords.priority.default,
    advertInterval: values.advert_int ?? keywords.advert_int.default,
    virtualAddresses: addresses.map(each => ({
      ...each,
      interface: each.interface ?? device,
      label: null,
      broadcast: null,
      scope: null,
      tracked: true,
    })),
    preempt,
    accept,
  };
  return { value, statement };
}

/** Version 2 counts whole seconds in a byte, version 3 hundredths in 12 bits (RFC 9568 section 5.2.7). */
function checkInterval(
  { advert_int: interval }: InstanceValues,
  version: VrrpVersion,
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
    reading.error(
      place,
      1,
      'version 3 counts the time between advertisements in hundredths of a second',
      advice,
    );
  }
}

/** keepalived clears nopreempt where it cannot work, and so does this. */
function decidePreemption(values: InstanceValues, statement: Statement, reading: Reading): boolean {
  if (!values.nopreempt) return true;
  const place = placeOf(statement, 'nopreempt');
  if (values.preempt && contradicts('preempt', 'nopreempt', statement, reading) === 'preempt') return true;
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

function decideAcceptance(values: InstanceValues, statement: Statement, reading: Reading): boolean {
  if (!values.no_accept) return true;
  return values.accept === true && contradicts('accept', 'no_accept', statement, reading) === 'accept';
}

/** Warns of two keywords that exclude each other and returns the one that counts. */
function contradicts(one: string, other: string, statement: Statement, reading: Reading): string {
  const last = placeOf(statement, one, other);
  reading.warning(
    last,
    0,
    `${one} and ${other} contradict each other`,
    'the last one counts: delete the other',
  );
  return last.words[0]!;
}
