// `real_server ADDRESS [PORT] { }`: one of the servers behind a virtual server.

import { refused } from './answers.ts';
import { type TimingValues, timingKeywords } from './check-timing.ts';
import { checkBlocks, completeChecks } from './checks/checks.ts';
import { command, runAs } from './command.ts';
import type { RealServerConfig } from './config.ts';
import { type Method, methodKeyword } from './forwarding.ts';
import { scriptUser } from './notify.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, integer, label } from './types.ts';
import { block, toggle, type Values, value, valueOr } from './vocabulary.ts';

/** Port 0 stands for none: that of the virtual server. */
export const portOrNone = integer(0, 65535, 'PORT');

const connections = integer(0, 0xffffffff, 'CONNECTIONS');

/** Of a real server, and of a virtual server for all of its own. */
export const inhibitOnFailure = toggle({
  help: 'A server that is down stays in the table with weight 0: its connections go on, and clients with persistence wait for it.',
  example: 'inhibit_on_failure',
});

const keywords = {
  ...timingKeywords,
  weight: valueOr(integer(0, 65535), '1', {
    help: 'Share of the connections, beside the weights of the others; 0 gives it no new ones.',
    example: 'weight 10',
  }),
  lvs_method: methodKeyword({
    help: 'How packets reach the real server: routed (DR), translated (NAT) or tunnelled (TUN).',
    example: 'lvs_method DR',
  }),
  name: value(label, {
    help: 'What it is called in status, notifications and director drain; the same name in several services is one machine.',
    example: 'name web1',
  }),
  snmp_name: value(label, {
    help: 'As name, which counts before it.',
    example: 'snmp_name web1',
  }),
  uthreshold: value(connections, {
    help: 'Connections at which it gets no more; 0 is no limit.',
    example: 'uthreshold 1000',
  }),
  lthreshold: value(connections, {
    help: 'Connections below which it gets them again; three quarters of uthreshold unless set.',
    example: 'lthreshold 800',
  }),
  inhibit_on_failure: inhibitOnFailure,
  notify_up: command({
    help: 'Run when it is up again.',
    example: 'notify_up "/usr/local/sbin/notify up"',
  }),
  notify_down: command({
    help: 'Run when it is down.',
    example: 'notify_down "/usr/local/sbin/notify down"',
  }),
  smtp_alert: toggle({
    help: 'Mail when it comes and goes; smtp_alert_checker, then smtp_alert of global_defs unless set, else on.',
    example: 'smtp_alert',
  }),
  ...checkBlocks,
  BFD_CHECK: refused(
    'BFD_CHECK { name A }',
    'use PING_CHECK or TCP_CHECK with a short delay_loop: there is no BFD here',
  ),
};

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
  /** 0 for a firewall mark, for a service on all ports and for a group with several. */
  readonly port: number;
  readonly method: Method;
  readonly timing: TimingValues;
  /** It answers on firewall marks alone: packets keep their port. */
  readonly isMarked: boolean;
  readonly inhibitsOnFailure: boolean;
  /** Mail tells of its quorum; null: there is nobody to write to. */
  readonly mail: boolean | null;
}

/** Completes a real server. */
export function finishRealServer(
  { values, address: ip, port: own, statement }: RealServerDraft,
  inherited: Inherited,
  reading: Reading,
): RealServerConfig {
  const port = own === 0 ? inherited.port : own;
  const levels = [values, inherited.timing] as const;
  const weight = values.weight ?? keywords.weight.default;
  const checks = completeChecks(values, { address: ip, port, weight, levels, reading }, statement);
  const { forwarding, tunnel } = values.lvs_method ?? inherited.method;
  const server: Writable<RealServerConfig> = {
    address: ip,
    port: inherited.isMarked ? 0 : port,
    weight,
    forwarding,
    checks,
  };
  // There may be thousands, of which few say more.
  const { globals } = reading.shared;
  const name = values.name ?? values.snmp_name;
  if (name !== undefined) server.name = name;
  if (tunnel !== null && tunnel.type !== 'ipip') server.tunnel = tunnel;
  if (values.inhibit_on_failure ?? inherited.inhibitsOnFailure) server.inhibitsOnFailure = true;
  if (values.notify_up !== undefined) server.onUp = runAs(values.notify_up, scriptUser(globals));
  if (values.notify_down !== undefined) server.onDown = runAs(values.notify_down, scriptUser(globals));
  if (values.uthreshold !== undefined || values.lthreshold !== undefined)
    addThresholds(server, values, statement, reading);
  if (inherited.mail !== null) {
    const mail = values.smtp_alert ?? globals.smtp_alert_checker ?? globals.smtp_alert ?? true;
    if (mail !== inherited.mail) server.mail = mail;
  }
  return server;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The kernel refuses a lower one above the upper one, also when there is no upper one. */
function addThresholds(
  server: Writable<RealServerConfig>,
  { uthreshold: upper = 0, lthreshold: lower = 0 }: RealServerDraft['values'],
  statement: Statement,
  reading: Reading,
): void {
  if (upper > 0) server.upperThreshold = upper;
  if (lower === 0) return;
  const place = placeOf(statement, 'lthreshold');
  if (upper === 0) {
    const advice = 'add uthreshold: it says when the server gets no more connections';
    reading.warning(place, 0, 'lthreshold has no effect without uthreshold', advice);
  } else if (lower > upper) {
    reading.error(place, 1, `lthreshold ${lower} is above uthreshold ${upper}`, 'exchange the two');
  } else {
    server.lowerThreshold = lower;
  }
}
