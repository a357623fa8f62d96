// The lines of `virtual_rules { }` and `static_rules { }`: written as ip-rule(8) has them, without its short forms.
import { familyOf, networkOf, type Prefixed } from '../address.ts';
import {
  type Options,
  type OptionsPlace,
  type OptionWords,
  optionWithoutEffect,
  readOptions,
  refusedOption,
} from './options.ts';
import type { Reading } from './reading.ts';
import { table } from './route-names.ts';
import type { Statement } from './tree.ts';
import { integer, interfaceName, prefixed, text } from './types.ts';
import { type Keyword, type Located, lines, type ValueType } from './vocabulary.ts';
import type { VirtualRuleConfig } from './vrrp-config.ts';

/** A rule as a line says it. */
export interface RuleLine extends VirtualRuleConfig {
  /** False with `no_track`: an instance does not mind when its interfaces are down. */
  readonly tracked: boolean;
}

type Draft = { -readonly [K in keyof Omit<RuleLine, 'family' | 'action'>]: RuleLine[K] } & {
  family: 4 | 6 | null;
  action: RuleLine['action'] | null;
};

const MAIN_TABLE = 254;

const USAGE =
  '[from ADDRESS/PREFIX] [to ADDRESS/PREFIX] [iif INTERFACE] [oif INTERFACE] [fwmark MARK[/MASK]] [preference NUMBER] table TABLE|blackhole|unreachable|prohibit [inet6] [no_track]';

const UINT32 = 4_294_967_295;
const preference = integer(0, UINT32);
const anything = text('VALUE');

/** Null: any. */
const selector: ValueType<Prefixed | null> = {
  name: 'ADDRESS/PREFIX',
  description: prefixed.description,
  parse(word) {
    if (word === 'all' || word === 'any' || word === 'default') return null;
    const given = prefixed.parse(word);
    return given && networkOf(given);
  },
};

function unsigned(word: string): number {
  const number = /^(?:[0-9]+|0x[0-9a-f]+)$/i.test(word) ? Number(word) : -1;
  return number <= UINT32 ? number : -1;
}

/** `N` or `N/MASK`, in decimal or hexadecimal. */
const mark: ValueType<NonNullable<RuleLine['mark']>> = {
  name: 'MARK[/MASK]',
  description: 'a firewall mark, perhaps with a mask',
  parse(word) {
    const [first = '', second] = word.split('/');
    const value = unsigned(first);
    const mask = second === undefined ? UINT32 : unsigned(second);
    return value < 0 || mask < 0 ? undefined : { value, mask };
  },
};

function takeTable(draft: Draft, words: OptionWords): void {
  draft.action = { kind: 'table', table: words.take(table) ?? MAIN_TABLE };
}

function takePreference(draft: Draft, words: OptionWords): void {
  draft.priority = words.take(preference) ?? null;
}

function takeIn(draft: Draft, words: OptionWords): void {
  draft.inInterface = words.take(interfaceName) ?? null;
}

function discard(kind: 'blackhole' | 'unreachable' | 'prohibit'): Options<Draft>[string] {
  return draft => {
    draft.action = { kind };
  };
}

const NOT_NEEDED = 'choose the packets by address, interface or fwmark';

const OPTIONS: Options<Draft> = {
  from(draft, words) {
    draft.from = words.take(selector) ?? null;
  },
  to(draft, words) {
    draft.to = words.take(selector) ?? null;
  },
  iif: takeIn,
  dev: takeIn,
  oif(draft, words) {
    draft.outInterface = words.take(interfaceName) ?? null;
  },
  fwmark(draft, words) {
    draft.mark = words.take(mark) ?? null;
  },
  preference: takePreference,
  priority: takePreference,
  order: takePreference,
  table: takeTable,
  lookup: takeTable,
  blackhole: discard('blackhole'),
  unreachable: discard('unreachable'),
  prohibit: discard('prohibit'),
  type() {
    // What follows says which.
  },
  inet(draft) {
    draft.family = 4;
  },
  inet6(draft) {
    draft.family = 6;
  },
  no_track(draft) {
    draft.tracked = false;
  },
  protocol: optionWithoutEffect('rules carry the mark of the director: delete it', anything),
  track_group: optionWithoutEffect('it is for static rules: delete it', anything),
  not: refusedOption('write rules for the other packets'),
  nop: refusedOption('delete the rule: it does nothing'),
  unicast: refusedOption('write table and its name'),
  l3mdev: refusedOption('delete the rule: the board has no VRFs'),
  goto: refusedOption('repeat the selectors in each rule', anything),
  ...Object.fromEntries(
    'realms tos dsfield uidrange suppress_prefixlength suppress_ifgroup tun_id ip_proto sport dport'
      .split(' ')
      .map(word => [word, refusedOption<Draft>(NOT_NEEDED, anything)]),
  ),
};

/** Of `virtual_rules`. */
export const virtualRules: Keyword<Located<RuleLine>[], 'all'> = lines({
  usage: `{ ${USAGE} ... }`,
  help: 'Rules of policy routing that are set while this director is master, one a line.',
  example: 'virtual_rules { from 198.51.100.0/24 table 100 preference 1000 }',
  readLine(line, reading): Located<RuleLine> | undefined {
    if (line.block !== null) reading.error(line, 0, 'a rule takes no block', 'delete the braces');
    const draft: Draft = {
      family: null,
      from: null,
      to: null,
      inInterface: null,
      outInterface: null,
      mark: null,
      priority: null,
      action: null,
      tracked: true,
    };
    const place: OptionsPlace = { owner: 'a rule takes', usage: USAGE };
    return readOptions(line, 0, OPTIONS, draft, reading, place)
      ? finishRule(draft, line, reading)
      : undefined;
  },
});

function finishRule(draft: Draft, line: Statement, reading: Reading): Located<RuleLine> {
  const { from, to, action } = draft;
  const families = [from, to].flatMap(each => (each === null ? [] : [familyOf(each.address)]));
  const family = families[0] ?? draft.family ?? 4;
  if ([...families, draft.family ?? family].some(each => each !== family)) {
    reading.error(line, 0, 'the rule mixes IPv4 and IPv6', 'use IPv4 with IPv4, IPv6 with IPv6');
  }
  if (draft.priority === null) {
    const advice = 'add preference and a number: the lowest is asked first';
    reading.warning(line, 0, 'the place of the rule among the others is left to the kernel', advice);
  }
  const value = { ...draft, family, action: action ?? { kind: 'table' as const, table: MAIN_TABLE } };
  return { value, statement: line };
}
