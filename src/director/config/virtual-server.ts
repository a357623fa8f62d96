// `virtual_server ADDRESS [PORT] { }` and `virtual_server fwmark MARK { }`: a service that IPVS spreads over real servers.

import { type Family, familyOf } from '../address.ts';
import { refused, withoutEffect } from './answers.ts';
import { timingKeywords } from './check-timing.ts';
import type { Forwarding, Protocol, ServiceKey, VirtualServerConfig } from './config.ts';
import { markNumber, PROTOCOLS } from './mark.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import { finishRealServer, forwarding, portOrNone, realServer } from './real-server.ts';
import { checkRealServers } from './real-server-rules.ts';
import type { Statement } from './tree.ts';
import { address, choice, integer, seconds } from './types.ts';
import { block, type Keyword, type Located, synonym, type Values, value, valueOr } from './vocabulary.ts';

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

/** Timers take no more milliseconds than 31 bits hold: 24 days. */
const LONGEST_DELAY_SECONDS = 2_147_483;

const persistence = integer(1, 2_678_400, 'SECONDS');

/** keepalived.conf(5): "default 6 minutes", for the keyword without a number. */
const DEFAULT_PERSISTENCE_SECONDS = 360;

const persistenceTimeout: Keyword<number, 'last'> = {
  ...value(persistence, {
    help: 'Seconds for which a client stays with its real server; 360 without a number.',
    example: 'persistence_timeout 600',
  }),
  usage: '[SECONDS]',
  read(statement, reading) {
    reading.endsAfter(statement, 2);
    if (statement.words.length === 1) return DEFAULT_PERSISTENCE_SECONDS;
    return reading.argument(statement, 1, persistence);
  },
};

const keywords = {
  ...timingKeywords,
  delay_loop: valueOr(seconds(0.000001, LONGEST_DELAY_SECONDS), '60', {
    help: 'Seconds between checks of one real server.',
    example: 'delay_loop 6',
  }),
  lvs_sched: valueOr(choice(SCHEDULERS), 'wlc', {
    help: 'Scheduler: which real server gets the next connection.',
    example: 'lvs_sched wrr',
  }),
  lb_algo: synonym('lvs_sched'),
  lvs_method: { ...forwarding, defaultText: 'NAT' },
  lb_kind: synonym('lvs_method'),
  protocol: value(choice(PROTOCOLS, true), {
    help: 'Protocol of the service.',
    example: 'protocol TCP',
  }),
  persistence_timeout: persistenceTimeout,
  ip_family: value(choice(['inet', 'inet6']), {
    help: 'Family of a firewall mark service; that of its real servers unless set.',
    example: 'ip_family inet6',
  }),
  real_server: realServer,
  quorum: refused('quorum 1', 'delete it: a service has its quorum while one real server is up'),
  smtp_alert: withoutEffect('smtp_alert', 'mail is about instances and sync groups'),
};

type ServerValues = Values<typeof keywords>;

type Header = { readonly address: string; readonly port: number } | { readonly mark: number };

export const virtualServer = block({
  usage: 'ADDRESS [PORT] { ... } | fwmark MARK { ... }',
  help: 'A service that is spread over real servers.',
  example: 'virtual_server 192.0.2.100 80 { ... }',
  keywords: () => keywords,
  header: readHeader,
  finish(header, values, statement, reading): Located<VirtualServerConfig> {
    const isMarked = 'mark' in header;
    const key = isMarked
      ? markKey(header.mark, values, statement, reading)
      : addressKey(header.address, header.port, values, statement, reading);
    warnOfDefaults(statement, reading);
    const inherited = {
      port: isMarked ? 0 : header.port,
      forwarding: values.lvs_method ?? ('NAT' satisfies Forwarding),
      timing: values,
      isMarked,
    };
    const drafts = values.real_server ?? [];
    if (lacks(statement, 'real_server')) {
      const advice = `add, for example: ${realServer.example}`;
      reading.error(statement, 0, 'this virtual server has no real servers', advice);
    }
    const realServers = drafts.map(draft => finishRealServer(draft, inherited, reading));
    checkRealServers(key, drafts, realServers, reading);
    const value: VirtualServerConfig = {
      key,
      scheduler: values.lvs_sched ?? keywords.lvs_sched.default,
      persistenceTimeout: values.persistence_timeout ?? null,
      realServers,
    };
    return { value, statement };
  },
});

function readHeader(statement: Statement, reading: Reading): Header | undefined {
  const { words } = statement;
  if (words.length > 3) reading.extraWords(statement, 3);
  if (words[1] === 'fwmark') {
    const mark = reading.argument(statement, 2, markNumber);
    return mark === undefined ? undefined : { mark };
  }
  if (words[1] === 'group') {
    const message = 'groups of virtual servers are known to keepalived, but not supported by this version';
    reading.error(statement, 1, message, 'write a virtual_server for each address');
    return undefined;
  }
  const ip = reading.argument(statement, 1, address);
  const port = words.length > 2 ? reading.argument(statement, 2, portOrNone) : 0;
  return ip === undefined || port === undefined ? undefined : { address: ip, port };
}

function addressKey(
  ip: string,
  port: number,
  values: ServerValues,
  statement: Statement,
  reading: Reading,
): ServiceKey {
  if (lacks(statement, 'protocol')) {
    const message = 'this virtual server has no protocol';
    reading.error(
      statement,
      0,
      message,
      'add protocol TCP (without it keepalived 1 took TCP, keepalived 2 takes UDP)',
    );
  }
  if (port === 0 && lacks(statement, 'persistence_timeout')) {
    const advice = 'add a port, or persistence_timeout';
    reading.error(statement, 0, 'a virtual server on all ports must be persistent', advice);
  }
  if (values.ip_family !== undefined && familyNumber(values.ip_family) !== familyOf(ip)) {
    const place = placeOf(statement, 'ip_family');
    reading.error(
      place,
      1,
      `${ip} is not of the family ${values.ip_family}`,
      'delete ip_family: the address tells it',
    );
  }
  return { kind: 'address', protocol: values.protocol ?? ('TCP' satisfies Protocol), address: ip, port };
}

function markKey(mark: number, values: ServerValues, statement: Statement, reading: Reading): ServiceKey {
  if (values.protocol !== undefined) {
    const place = placeOf(statement, 'protocol');
    reading.warning(
      place,
      0,
      'protocol has no effect with fwmark',
      'delete it: the mark tells which packets are meant',
    );
  }
  return { kind: 'fwmark', mark, family: markFamily(values) };
}

/** Packets keep their family but in tunnels. */
function markFamily(values: ServerValues): Family {
  if (values.ip_family !== undefined) return familyNumber(values.ip_family);
  const direct = values.real_server?.find(each => (each.values.lvs_method ?? values.lvs_method) !== 'TUN');
  return direct === undefined ? 4 : familyOf(direct.address);
}

function familyNumber(name: 'inet' | 'inet6'): Family {
  return name === 'inet' ? 4 : 6;
}

/** What keepalived refuses in a test and replaces by a default in service. */
function warnOfDefaults(statement: Statement, reading: Reading): void {
  if (lacks(statement, 'lb_algo', 'lvs_sched')) {
    reading.warning(
      statement,
      0,
      'this virtual server has no lb_algo',
      'wlc is taken: write lb_algo wlc, or what you want',
    );
  }
  const needsMethod = statement.block?.some(
    each => each.words[0] === 'real_server' && lacks(each, 'lvs_method'),
  );
  if (needsMethod && lacks(statement, 'lb_kind', 'lvs_method')) {
    reading.warning(
      statement,
      0,
      'this virtual server has no lb_kind',
      'NAT is taken: write lb_kind NAT, or what you want',
    );
  }
}
