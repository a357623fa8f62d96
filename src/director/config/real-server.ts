// `real_server ADDRESS [PORT] { }`: one of the servers behind a virtual server.

import { refused } from './answers.ts';
import { shorten } from './characters.ts';
import { type TimingValues, timingKeywords } from './check-timing.ts';
import { checkBlocks } from './checks/checks.ts';
import type { CheckConfig, Forwarding, RealServerConfig } from './config.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, choice, integer } from './types.ts';
import { block, type Keyword, type Values, value, valueOr } from './vocabulary.ts';

/** Port 0 stands for none: that of the virtual server. */
export const portOrNone = integer(0, 65535, 'PORT');

const method = choice(['DR', 'NAT', 'TUN']);

/** How packets reach a real server: `lvs_method` of a real server, `lb_kind` of a virtual server. */
export const forwarding: Keyword<Forwarding, 'last'> = {
  ...value(method, {
    help: 'How packets reach the real server: routed (DR), translated (NAT) or tunnelled (TUN).',
    example: 'lvs_method DR',
  }),
  read(statement, reading) {
    const word = statement.words[2];
    if (word !== undefined) {
      const isType = statement.words[1] === 'TUN' && word === 'type';
      const advice = isType ? 'tunnels are ipip: delete it' : 'DR, NAT and TUN take nothing more';
      const message = isType
        ? 'types of tunnels are not supported by this version'
        : `"${shorten(word)}" has no place here`;
      reading.error(statement, 2, message, advice);
    }
    reading.endsAfter(statement, statement.words.length);
    return reading.argument(statement, 1, method);
  },
};

const keywords = {
  ...timingKeywords,
  weight: valueOr(integer(0, 65535), '1', {
    help: 'Share of the connections, beside the weights of the others; 0 gives it no new ones.',
    example: 'weight 10',
  }),
  lvs_method: forwarding,
  ...checkBlocks,
  SSL_GET: refused(
    'SSL_GET { url { path / } }',
    'use TCP_CHECK, or MISC_CHECK with a program that speaks TLS: no check here does yet',
  ),
  BFD_CHECK: refused(
    'BFD_CHECK { name A }',
    'use PING_CHECK or TCP_CHECK with a short delay_loop: there is no BFD here',
  ),
};

const CHECK_NAMES = Object.keys(checkBlocks) as (keyof typeof checkBlocks)[];

/** A real server with all but what it takes from its virtual server. */
export interface RealServerDraft {
  readonly address: string;
  /** 0: none given. */
  readonly port: number;
  readonly values: Values<typeof keywords>;
  readonly statement: Statement;
}

export const realServer = block({
  usage: 'ADDRESS [PORT] { ... }',
  help: 'A server behind the virtual server.',
  example: 'real_server 10.0.0.10 80 { ... }',
  keywords: () => keywords,
  header(statement, reading) {
    const { words } = statement;
    if (words.length > 3) reading.extraWords(statement, 3);
    const ip = reading.argument(statement, 1, address);
    const port = words.length > 2 ? reading.argument(statement, 2, portOrNone) : 0;
    return ip === undefined || port === undefined ? undefined : { address: ip, port };
  },
  finish: ({ address: ip, port }, values, statement): RealServerDraft => ({
    address: ip,
    port,
    values,
    statement,
  }),
});

/** What a real server takes from its virtual server. */
export interface Inherited {
  /** 0 for a firewall mark and for a service on all ports. */
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly timing: TimingValues;
  readonly isMarked: boolean;
}

/** Completes a real server. */
export function finishRealServer(
  draft: RealServerDraft,
  inherited: Inherited,
  reading: Reading,
): RealServerConfig {
  const { values, address: ip } = draft;
  const port = draft.port === 0 ? inherited.port : draft.port;
  const levels = [values, inherited.timing] as const;
  const weight = values.weight ?? keywords.weight.default;
  const context = { address: ip, port, weight, levels, reading };
  const checks: CheckConfig[] = [];
  for (const name of CHECK_NAMES) {
    const drafts = values[name];
    if (drafts !== undefined) for (const draft of drafts) checks.push(...draft.complete(context));
  }
  return {
    address: ip,
    port: inherited.isMarked ? 0 : port,
    weight,
    forwarding: values.lvs_method ?? inherited.forwarding,
    checks,
  };
}
