// The keywords that say when and how often neighbours are told of addresses: of an instance, of `global_defs`, and `garp_group`.
import type { Globals } from './global.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, integer, interfaceName, seconds } from './types.ts';
import {
  block,
  deprecated,
  type Keyword,
  type Located,
  lines,
  noArguments,
  toggle,
  type Values,
  value,
} from './vocabulary.ts';
import type { AnnouncementConfig } from './vrrp-config.ts';
import { DEFAULT_ANNOUNCEMENTS } from './vrrp-defaults.ts';

/** Timers take no more milliseconds than 31 bits hold: 24 days. */
const LONGEST = 2_147_483;

/** More rounds at a time are a flood. */
const MOST_ROUNDS = 1000;

const LONGEST_EXTRA = 86_400;

/** `[all] SECONDS`. Undefined `every` has been told. */
interface Extra {
  readonly all: boolean;
  readonly every: number;
}

const extraTime = integer(0, LONGEST_EXTRA, 'SECONDS');
const all = choice(['all']);

function extra(example: string): Keyword<Extra, 'last'> {
  return {
    help: 'Seconds between announcements on interfaces other than that of the instance (dev); 0: none.',
    example,
    usage: '[all] SECONDS',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      const isAll = all.parse(statement.words[1] ?? '') !== undefined;
      reading.endsAfter(statement, isAll ? 3 : 2);
      const every = reading.argument(statement, isAll ? 2 : 1, extraTime);
      return every === undefined ? undefined : { all: isAll, every: every * 1000 };
    },
  };
}

export const announcementKeywords = () => ({
  garp_master_delay: value(seconds(0, LONGEST), {
    help: 'Seconds after a takeover until neighbours are told again of the addresses; 5 unless set, 0: once only.',
    example: 'garp_master_delay 5',
  }),
  garp_master_repeat: value(integer(1, MOST_ROUNDS), {
    help: 'How often neighbours are told each time; 5 unless set.',
    example: 'garp_master_repeat 5',
  }),
  garp_master_refresh: value(seconds(0, LONGEST), {
    help: 'Seconds between further announcements while master; none unless set.',
    example: 'garp_master_refresh 60',
  }),
  garp_master_refresh_repeat: value(integer(1, MOST_ROUNDS), {
    help: 'How often each of those is repeated; 1 unless set.',
    example: 'garp_master_refresh_repeat 1',
  }),
  garp_lower_prio_delay: value(seconds(0, LONGEST), {
    help: 'As garp_master_delay, after an advertisement of lower priority was heard.',
    example: 'garp_lower_prio_delay 5',
  }),
  garp_lower_prio_repeat: value(integer(0, MOST_ROUNDS), {
    help: 'As garp_master_repeat, after an advertisement of lower priority was heard.',
    example: 'garp_lower_prio_repeat 5',
  }),
  garp_extra_if: extra('garp_extra_if all 100'),
  vmac_garp_intvl: deprecated('garp_extra_if'),
});

/** The same for all instances. */
export function globalAnnouncementKeywords() {
  const own = announcementKeywords();
  return {
    vrrp_garp_master_delay: forAll(own.garp_master_delay),
    vrrp_garp_master_repeat: forAll(own.garp_master_repeat),
    vrrp_garp_master_refresh: forAll(own.garp_master_refresh),
    vrrp_garp_master_refresh_repeat: forAll(own.garp_master_refresh_repeat),
    vrrp_garp_lower_prio_delay: forAll(own.garp_lower_prio_delay),
    vrrp_garp_lower_prio_repeat: forAll(own.garp_lower_prio_repeat),
    vrrp_garp_extra_if: forAll(own.garp_extra_if),
    vrrp_vmac_garp_intvl: deprecated('vrrp_garp_extra_if'),
    vrrp_garp_interval: value(seconds(0, LONGEST), {
      help: 'Least time between two gratuitous ARP packets on an interface; none unless set.',
      example: 'vrrp_garp_interval 0.001',
    }),
    vrrp_gna_interval: value(seconds(0, LONGEST), {
      help: 'Least time between two unsolicited neighbour advertisements on an interface; none unless set.',
      example: 'vrrp_gna_interval 0.001',
    }),
    vrrp_min_garp: toggle({
      help: 'Tell neighbours once only, as is enough for the switches of today.',
      example: 'vrrp_min_garp',
    }),
  };
}

function forAll<T>(keyword: Keyword<T, 'last'>): Keyword<T, 'last'> {
  return { ...keyword, example: `vrrp_${keyword.example}` };
}

export type AnnouncementValues = Values<ReturnType<typeof announcementKeywords>>;

/** `garp_group { }`: pacing for interfaces. */
export interface GarpGroup {
  readonly interfaces: readonly string[];
  /** Milliseconds; null: as vrrp_garp_interval says. */
  readonly arpInterval: number | null;
  readonly naInterval: number | null;
}

const groupKeywords = () => ({
  garp_interval: value(seconds(0, LONGEST), {
    help: 'Least time between two gratuitous ARP packets.',
    example: 'garp_interval 0.001',
  }),
  gna_interval: value(seconds(0, LONGEST), {
    help: 'Least time between two unsolicited neighbour advertisements.',
    example: 'gna_interval 0.001',
  }),
  interface: value(interfaceName, { help: 'Interface it holds for.', example: 'interface eth0' }),
  interfaces: lines({
    usage: '{ INTERFACE ... }',
    help: 'Interfaces it holds for, one a line.',
    example: 'interfaces { eth0 }',
    readLine(line, reading): string | undefined {
      if (line.words.length > 1 || line.block !== null) reading.endsAfter(line, 1);
      const name = interfaceName.parse(line.words[0]!);
      if (name === undefined) reading.wrongWord(line, 0, interfaceName.description, 'for example: eth0');
      return name;
    },
  }),
});

export const garpGroup = block({
  usage: '{ ... }',
  help: 'How fast neighbours may be told of addresses on some interfaces.',
  example: 'garp_group { ... }',
  keywords: groupKeywords,
  header: noArguments,
  finish(_, values, statement, reading): Located<GarpGroup> | undefined {
    const interfaces = [
      ...(values.interface ? [values.interface] : []),
      ...(values.interfaces?.flat() ?? []),
    ];
    if (lacks(statement, 'interface', 'interfaces')) {
      reading.error(statement, 0, 'garp_group has no interface', 'add, for example: interface eth0');
    }
    if (lacks(statement, 'garp_interval', 'gna_interval')) {
      reading.error(statement, 0, 'garp_group sets no interval', 'add, for example: garp_interval 0.001');
    }
    if (values.interfaces !== undefined && interfaces.length > 1) {
      const message = 'the interfaces of this garp_group are paced each by itself';
      const place = placeOf(statement, 'interfaces');
      reading.warning(place, 0, message, 'use longer intervals if they lead to one switch');
    }
    const { garp_interval: arp = null, gna_interval: na = null } = values;
    return { value: { interfaces, arpInterval: arp, naInterval: na }, statement };
  },
});

/** An interface is in one group. */
export function checkGarpGroups(groups: readonly Located<GarpGroup>[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { value: group, statement } of groups) {
    for (const name of group.interfaces) {
      if (seen.has(name))
        reading.error(statement, 0, `${name} is in a garp_group already`, 'delete one of them');
      seen.add(name);
    }
  }
}

export function finishAnnouncements(
  values: AnnouncementValues,
  globals: Globals,
  groups: readonly GarpGroup[],
  device: string,
  strict: boolean,
  statement: Statement,
  reading: Reading,
): AnnouncementConfig {
  const few = strict || globals.vrrp_min_garp === true;
  const { delay, repeat } = few ? { delay: 0, repeat: 1 } : DEFAULT_ANNOUNCEMENTS;
  const group = groups.find(({ interfaces }) => interfaces.includes(device));
  const globalDelay = globals.vrrp_garp_master_delay ?? delay;
  const globalRepeat = globals.vrrp_garp_master_repeat ?? repeat;
  const announcements: AnnouncementConfig = {
    delay: values.garp_master_delay ?? globalDelay,
    repeat: values.garp_master_repeat ?? globalRepeat,
    refresh: values.garp_master_refresh ?? globals.vrrp_garp_master_refresh ?? 0,
    refreshRepeat: values.garp_master_refresh_repeat ?? globals.vrrp_garp_master_refresh_repeat ?? 1,
    lowerPriorityDelay: values.garp_lower_prio_delay ?? globals.vrrp_garp_lower_prio_delay ?? globalDelay,
    lowerPriorityRepeat: values.garp_lower_prio_repeat ?? globals.vrrp_garp_lower_prio_repeat ?? globalRepeat,
    arpInterval: group?.arpInterval ?? globals.vrrp_garp_interval ?? 0,
    naInterval: group?.naInterval ?? globals.vrrp_gna_interval ?? 0,
    extraRefresh: extraRefresh(values.garp_extra_if ?? globals.vrrp_garp_extra_if),
  };
  if (values.garp_extra_if !== undefined && !values.garp_extra_if.all && values.garp_extra_if.every > 0) {
    const place = placeOf(statement, 'garp_extra_if', 'vmac_garp_intvl');
    const message = `${place.words[0]} has no effect without all`;
    reading.warning(place, 0, message, 'there are no virtual MACs on other interfaces: write all');
  }
  return announcements;
}

function extraRefresh(value: Extra | undefined): number {
  return value?.all ? value.every : 0;
}
