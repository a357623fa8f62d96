// The keywords of `global_defs` that hold for all virtual servers.
import { withoutEffect } from './answers.ts';
import type { GlobalConfig, IpvsTimeoutsConfig } from './config.ts';
import type { Globals } from './global.ts';
import { type Options, readOptions } from './options.ts';
import { integer, text } from './types.ts';
import { adoptManualWeights } from './virtual-server.ts';
import { deprecated, flag, type Keyword, type ValueType, value } from './vocabulary.ts';

type Draft = { -readonly [K in keyof IpvsTimeoutsConfig]: number };

const duration = integer(0, 2_678_400, 'SECONDS');

/** 0 leaves it as it is, as in the kernel. */
function option(name: keyof IpvsTimeoutsConfig): Options<Draft>[string] {
  return (draft, words) => {
    const seconds = words.take(duration);
    if (seconds) draft[name] = seconds;
  };
}

const OPTIONS: Options<Draft> = { tcp: option('tcp'), tcpfin: option('tcpFin'), udp: option('udp') };

const USAGE = '[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]';

const timeouts: Keyword<IpvsTimeoutsConfig, 'last'> = {
  usage: USAGE,
  help: 'How long IPVS keeps connections on which nothing is sent: open ones, ones that were closed, and those of UDP.',
  example: 'lvs_timeouts tcp 900 tcpfin 120 udp 300',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, statement.words.length);
    const draft: Draft = {};
    const place = { owner: 'lvs_timeouts takes', usage: `lvs_timeouts ${USAGE}` };
    if (!readOptions(statement, 1, OPTIONS, draft, reading, place)) return undefined;
    if (statement.words.length > 1) return draft;
    reading.error(statement, 1, 'lvs_timeouts names no timeout', `for example: ${timeouts.example}`);
    return undefined;
  },
};

const folder: ValueType<string> = {
  ...text('PATH'),
  description: 'an absolute path',
  parse: word => (word.startsWith('/') ? text('PATH').parse(word) : undefined),
};

const EXACT = 'the table is always exactly the configured one';
const STOP = 'a director that stops takes its services out whole';
const BY_ADDRESS = 'a group is a service for each of its addresses';

/** One firewall mark for all of a group. It matters to clients with persistence: see service-rules.ts. */
const markedGroups: Keyword<true, 'last'> = {
  ...withoutEffect('nftables_ipvs', BY_ADDRESS),
  read(statement, reading) {
    reading.warning(statement, 0, 'nftables_ipvs has no effect here', `delete it: ${BY_ADDRESS}`);
    return true;
  },
};

export const globalServiceKeywords = () => ({
  adopt_manual_weights: adoptManualWeights,
  maintenance_dir: value(folder, {
    help: 'Folder in which a file called as a real server, by name or address, puts it in maintenance.',
    example: 'maintenance_dir /run/maintenance',
  }),
  lvs_timeouts: timeouts,
  lvs_flush: withoutEffect('lvs_flush', EXACT),
  lvs_flush_on_stop: withoutEffect('lvs_flush_on_stop', STOP),
  lvs_flush_onstop: deprecated('lvs_flush_on_stop'),
  rs_init_notifies: flag({
    help: 'Programs and mail are told of real servers that are up for the first time too.',
    example: 'rs_init_notifies',
  }),
  no_checker_emails: withoutEffect(
    'no_checker_emails',
    'mail is about real servers, never about one of several checks',
  ),
  nftables_ipvs: markedGroups,
  nftables_ipvs_priority: withoutEffect('nftables_ipvs_priority -1', 'nftables_ipvs is not done here'),
  nftables_ipvs_start_fwmark: withoutEffect(
    'nftables_ipvs_start_fwmark 1000',
    'nftables_ipvs is not done here',
  ),
});

/** What of it is not said in each virtual server. */
export function finishGlobals(globals: Globals): GlobalConfig {
  const { lvs_timeouts, maintenance_dir } = globals;
  return {
    routerId: globals.router_id ?? null,
    ...(lvs_timeouts !== undefined && Object.keys(lvs_timeouts).length > 0 && { ipvsTimeouts: lvs_timeouts }),
    ...(maintenance_dir !== undefined && { maintenanceDirectory: maintenance_dir }),
  };
}
