// The lines of `virtual_routes { }` and `static_routes { }`: written as ip-route(8) has them, without its short forms.
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
import { scope, table } from './route-names.ts';
import type { Statement } from './tree.ts';
import { address, integer, interfaceName, prefixed, text } from './types.ts';
import { type Keyword, type Located, lines } from './vocabulary.ts';
import type { VirtualRouteConfig } from './vrrp-config.ts';

type Hop = {
  -readonly [K in keyof VirtualRouteConfig['hops'][number]]: VirtualRouteConfig['hops'][number][K];
};

/** A route as a line says it. */
export interface RouteLine extends VirtualRouteConfig {
  /** False with `no_track`: an instance does not mind when its interface is down. */
  readonly tracked: boolean;
}

type Draft = { -readonly [K in keyof RouteLine]: RouteLine[K] } & {
  readonly hops: Hop[];
  /** Whether the line names where it leads to. */
  hasDestination: boolean;
  /** With `inet6`, for a `default` without a gateway. */
  family: 4 | 6 | null;
};

const MAIN_TABLE = 254;

const USAGE =
  '[blackhole|unreachable|prohibit] [to] ADDRESS/PREFIX|default [via GATEWAY] [dev INTERFACE] [src ADDRESS] [table TABLE] [metric NUMBER] [scope SCOPE] [mtu BYTES] [nexthop via GATEWAY [dev INTERFACE] [weight NUMBER] ...] [no_track]';

const UINT32 = 4_294_967_295;
const metric = integer(0, UINT32);
/** Between the least MTU of IPv4 (RFC 791) and the longest packet. */
const mtu = integer(68, 65_535, 'BYTES');
/** rtnh_hops holds one less. */
const weight = integer(1, 256);
const anything = text('VALUE');

/** The hop that `via`, `dev` and `weight` belong to. */
function hopOf(draft: Draft): Hop {
  if (draft.hops.length === 0) draft.hops.push(newHop());
  return draft.hops.at(-1)!;
}

function newHop(device: string | null = null): Hop {
  return { gateway: null, interface: device, weight: 1 };
}

function takeGateway(draft: Draft, words: OptionWords): void {
  if (words.peek() === 'inet' || words.peek() === 'inet6') words.index++;
  hopOf(draft).gateway = words.take(address) ?? null;
}

function takeDevice(draft: Draft, words: OptionWords): void {
  hopOf(draft).interface = words.take(interfaceName) ?? null;
}

function takeMetric(draft: Draft, words: OptionWords): void {
  draft.metric = words.take(metric) ?? 0;
}

function kindOf(kind: RouteLine['kind']): Options<Draft>[string] {
  return draft => {
    draft.kind = kind;
  };
}

const NO_TUNING = 'it tunes connections of the director itself: delete it';
const tuning = (): Options<Draft>[string] => (_, words) => {
  words.warning(`${words.statement.words[words.index]} has no effect here`, NO_TUNING);
  if (words.peek() === 'lock') words.index++;
  words.take(anything);
};

const TUNED =
  'rtt rttvar reordering window cwnd ssthresh rto_min initcwnd initrwnd quickack congctl features';

const OPTIONS: Options<Draft> = {
  unicast: kindOf('unicast'),
  blackhole: kindOf('blackhole'),
  unreachable: kindOf('unreachable'),
  prohibit: kindOf('prohibit'),
  to(draft, words) {
    const word = words.take(anything);
    if (word !== undefined && !takeDestination(draft, word)) {
      words.reading.wrongWord(words.statement, words.index, prefixed.description, `a line is: ${USAGE}`);
    }
  },
  via: takeGateway,
  gw: takeGateway,
  or(draft, words) {
    draft.hops.push(newHop(draft.hops.at(-1)?.interface ?? null));
    takeGateway(draft, words);
  },
  dev: takeDevice,
  oif: takeDevice,
  nexthop(draft) {
    draft.hops.push(newHop());
  },
  weight(draft, words) {
    hopOf(draft).weight = words.take(weight) ?? 1;
  },
  src(draft, words) {
    draft.source = words.take(address) ?? null;
  },
  table(draft, words) {
    draft.table = words.take(table) ?? MAIN_TABLE;
  },
  metric: takeMetric,
  priority: takeMetric,
  preference: takeMetric,
  scope(draft, words) {
    draft.scope = words.take(scope) ?? null;
  },
  mtu(draft, words) {
    if (words.peek() === 'lock') {
      words.index++;
      words.warning('lock has no effect here', 'delete it: paths with a smaller MTU are found');
    }
    draft.mtu = words.take(mtu) ?? null;
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
  add: optionWithoutEffect('a route of the same destination and metric is replaced: delete it'),
  append: optionWithoutEffect('a route of the same destination and metric is replaced: delete it'),
  prepend: optionWithoutEffect('a route of the same destination and metric is replaced: delete it'),
  protocol: optionWithoutEffect('routes carry the mark of the director: delete it', anything),
  track_group: optionWithoutEffect('a static route that goes missing is set again: delete it', anything),
  ...Object.fromEntries(TUNED.split(' ').map(word => [word, tuning()])),
  onlink: refusedOption('give the interface an address in the network of the gateway'),
  tos: refusedOption('mark the packets, and choose a table by virtual_rules', anything),
  dsfield: refusedOption('mark the packets, and choose a table by virtual_rules', anything),
  throw: refusedOption('leave the route out of that table'),
  local: refusedOption('list the address in virtual_ipaddress { ... }'),
  ...Object.fromEntries(
    'advmss hoplimit realms expires pref vrf encap ttl-propagate fastopen_no_cookie'
      .split(' ')
      .map(word => [word, refusedOption<Draft>('delete it, and see whether it is needed', anything)]),
  ),
};

/** False when the word is no destination. */
function takeDestination(draft: Draft, word: string): boolean {
  const isDefault = word === 'default' || word === 'any' || word === 'all';
  const given = isDefault ? null : parseNetwork(word);
  if (given === undefined || draft.hasDestination) return false;
  draft.hasDestination = true;
  if (given !== null) draft.destination = given;
  return true;
}

function parseNetwork(word: string): Prefixed | undefined {
  // `0.0.0.0/0` is no address of a host.
  if (/^(?:0\.0\.0\.0|::)\/0$/.test(word)) return { address: word.slice(0, -2), prefix: 0 };
  const given = prefixed.parse(word);
  return given && networkOf(given);
}

const NOWHERE: Prefixed = { address: '', prefix: 0 };

/** The lines of a block. */
export function routeLines(documentation: {
  readonly help: string;
  readonly example: string;
}): Keyword<Located<RouteLine>[], 'all'> {
  const place: OptionsPlace = { owner: 'a route takes', usage: USAGE };
  return lines({
    ...documentation,
    usage: `{ ${USAGE} ... }`,
    readLine(line, reading): Located<RouteLine> | undefined {
      if (line.block !== null) reading.error(line, 0, 'a route takes no block', 'delete the braces');
      const draft: Draft = {
        kind: 'unicast',
        destination: NOWHERE,
        hops: [],
        source: null,
        table: MAIN_TABLE,
        metric: 0,
        scope: null,
        mtu: null,
        tracked: true,
        hasDestination: false,
        family: null,
      };
      const isRead = readOptions(line, 0, OPTIONS, draft, reading, place, takeDestination);
      return isRead ? finishRoute(draft, line, reading) : undefined;
    },
  });
}

function finishRoute(
  { hasDestination, family, ...draft }: Draft,
  line: Statement,
  reading: Reading,
): Located<RouteLine> | undefined {
  const advice = `a line is: ${USAGE}`;
  if (!hasDestination) {
    reading.error(line, 0, 'the route leads nowhere', advice);
    return undefined;
  }
  const { kind, hops, source } = draft;
  if (kind === 'unicast' && hops.length === 0) {
    reading.error(line, 0, 'the route has neither a gateway (via) nor an interface (dev)', advice);
  } else if (kind !== 'unicast' && hops.length > 0) {
    reading.error(line, 0, `a ${kind} route has no gateway or interface`, 'delete via and dev');
  } else if (hops.some(hop => hop.gateway === null && hop.interface === null)) {
    reading.error(line, 0, 'a nexthop has neither a gateway (via) nor an interface (dev)', advice);
  }
  const isDefault = draft.destination === NOWHERE;
  const gateway = hops.find(hop => hop.gateway !== null)?.gateway ?? null;
  const guess = gateway ?? source;
  const own = isDefault
    ? (family ?? (guess === null ? 4 : familyOf(guess)))
    : familyOf(draft.destination.address);
  if (isDefault) draft.destination = { address: own === 4 ? '0.0.0.0' : '::', prefix: 0 };
  // IPv4 may have a gateway of IPv6 (RFC 5549), not the other way round.
  const isWrong = (ip: string | null) => ip !== null && familyOf(ip) !== own;
  if (isWrong(source) || (own === 6 && hops.some(hop => isWrong(hop.gateway)))) {
    const sameFamily = 'use IPv4 with IPv4, IPv6 with IPv6';
    reading.error(line, 0, 'the route mixes IPv4 and IPv6', sameFamily);
  }
  return { value: draft, statement: line };
}

/** Of `virtual_routes`. */
export const virtualRoutes = routeLines({
  help: 'Routes that are set while this director is master, one a line.',
  example: 'virtual_routes { 198.51.100.0/24 via 192.0.2.254 dev eth0 }',
});
