// `global_defs { }`: what holds for the whole director.
import { globalCheckKeywords } from './checks/global-checks.ts';
import { globalNotifyKeywords } from './global-notify.ts';
import { globalServiceKeywords } from './global-service.ts';
import { unusedGlobals } from './global-unused.ts';
import { globalVrrpKeywords } from './global-vrrp.ts';
import { includeCheck } from './include-check.ts';
import { syncDaemon } from './sync-daemon.ts';
import { syncSettingKeywords } from './sync-settings.ts';
import { block, type Located, noArguments, type Values } from './vocabulary.ts';

const keywords = () => ({
  ...globalVrrpKeywords(),
  ...globalNotifyKeywords(),
  lvs_sync_daemon: syncDaemon,
  ...syncSettingKeywords(),
  ...globalServiceKeywords(),
  ...globalCheckKeywords(),
  include_check: includeCheck,
  ...unusedGlobals(),
});

/** What all `global_defs` blocks say, by keyword. */
export type Globals = Values<ReturnType<typeof keywords>>;

export const globalDefs = block({
  usage: '{ ... }',
  help: 'Settings of the whole director.',
  example: 'global_defs { ... }',
  keywords,
  header: noArguments,
  finish: (_, values, statement): Located<Globals> => ({ value: values, statement }),
});

/** Blocks may be split; of what is said twice the last counts, as in keepalived. */
export function mergeGlobals(blocks: readonly Globals[]): Globals {
  const merged: Record<string, unknown> = {};
  for (const block of blocks) {
    for (const [word, value] of Object.entries(block)) {
      const earlier = merged[word];
      merged[word] = Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value;
    }
  }
  return merged as Globals;
}
