// `lvs_sync_threshold` and its like: kernel settings that say which connections are synchronised, and when. Ours, not keepalived's;
// each is named by the setting below net.ipv4.vs (Documentation/networking/ipvs-sysctl.rst of Linux) that it sets.
import type { Statement } from './tree.ts';
import { choice, integer } from './types.ts';
import { type Documentation, type Keyword, type Values, value } from './vocabulary.ts';
import type { SyncSettingConfig } from './vrrp-config.ts';

const LARGEST = 2_147_483_647;

const count = integer(0, LARGEST);

const threshold: Keyword<string, 'last'> = {
  usage: 'NUMBER [PERIOD]',
  help: 'Packets of a connection until it is told, and every how many it is told again; 3 and 50 in the kernel, period 0: only once.',
  example: 'lvs_sync_threshold 3 50',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, 3);
    const first = reading.argument(statement, 1, count);
    const period = statement.words[2] === undefined ? 50 : reading.argument(statement, 2, count);
    if (first === undefined || period === undefined) return undefined;
    if (period === 0 || first < period) return `${first} ${period}`;
    const advice = 'the kernel takes a number below the period only';
    reading.error(statement, 1, `${first} is not below the period of ${period}`, advice);
    return undefined;
  },
};

/** `ip_vs_sync.h`: as many daemons, each with a port of its own. */
const PORTS = ['1', '2', '4', '8', '16', '32', '64'] as const;

function number(type: ReturnType<typeof integer>, documentation: Documentation): Keyword<string, 'last'> {
  const keyword = value(type, documentation);
  return {
    ...keyword,
    read(statement: Statement, reading) {
      const given = keyword.read(statement, reading);
      return given === undefined ? undefined : String(given);
    },
  };
}

export const syncSettingKeywords = () => ({
  lvs_sync_threshold: threshold,
  lvs_sync_refresh_period: number(integer(0, 2_147_483, 'SECONDS'), {
    help: 'Tell a connection when its timer has changed by this much, instead of by packets; 0, as in the kernel: by packets.',
    example: 'lvs_sync_refresh_period 30',
  }),
  lvs_sync_retries: number(integer(0, 3), {
    help: 'How often that is told again, an eighth of the period apart; 0 in the kernel.',
    example: 'lvs_sync_retries 2',
  }),
  lvs_sync_ports: value(choice(PORTS), {
    help: 'Number of daemons, each with a UDP port of its own, the same on all directors; 1 in the kernel.',
    example: 'lvs_sync_ports 2',
  }),
  lvs_sync_qlen_max: number(integer(0, LARGEST, 'MESSAGES'), {
    help: 'Messages that may wait to be sent; by the memory of the board unless set.',
    example: 'lvs_sync_qlen_max 4096',
  }),
  lvs_sync_sock_size: number(integer(0, LARGEST, 'BYTES'), {
    help: 'Size of the buffers of the sockets; 0, as in the kernel: the default of all sockets.',
    example: 'lvs_sync_sock_size 262144',
  }),
  lvs_sync_persist_mode: value(choice(['0', '1']), {
    help: 'With 1, tell of persistent services the template alone and not each connection; 0 in the kernel.',
    example: 'lvs_sync_persist_mode 1',
  }),
});

type SettingValues = Values<ReturnType<typeof syncSettingKeywords>>;

const WORDS = [
  'lvs_sync_threshold',
  'lvs_sync_refresh_period',
  'lvs_sync_retries',
  'lvs_sync_ports',
  'lvs_sync_qlen_max',
  'lvs_sync_sock_size',
  'lvs_sync_persist_mode',
] as const satisfies readonly (keyof SettingValues)[];

/** What is set, by its name in the kernel. */
export function finishSyncSettings(values: SettingValues): SyncSettingConfig[] {
  return WORDS.flatMap(word => {
    const given = values[word];
    return given === undefined ? [] : [{ name: word.slice('lvs_'.length), value: given }];
  });
}
