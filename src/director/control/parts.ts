// The parts of the machine that the control process keeps right: kernel settings, network, filter rules, tuning.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import { compareFilter } from '../filter/compare.ts';
import { compareTimeouts } from '../ipvs/timeouts.ts';
import type { Log } from '../log.ts';
import { compareNetwork } from '../network/compare.ts';
import { differingSysctls, neededSysctls, writeSysctl } from '../system/sysctls.ts';
import type { Part, PartPlan } from './machine.ts';
import { filterSlice } from './slices.ts';
import { createTuning } from './tuning.ts';

/** In the order they are brought about: interfaces come up with their settings right. */
export function machineParts(platform: Platform, runDirectory: string, log: Log): readonly Part[] {
  const told = new Set<string>();
  function missing(path: string): void {
    // An interface that is not there yet: when it comes it has what is set as `default`.
    if (told.has(path) || path.startsWith('net/ipv4/conf/')) return;
    told.add(path);
    log.warn(`this kernel has no setting ${path}`);
  }
  return [
    { name: 'kernel', plan: config => compareKernel(platform, runDirectory, config, missing) },
    { name: 'network', plan: config => compareNetwork(platform, config?.interfaces ?? []) },
    { name: 'filter', plan: config => compareFilter(platform, config && filterSlice(config)) },
    createTuning(platform, runDirectory, log),
  ];
}

async function compareKernel(
  platform: Platform,
  runDirectory: string,
  config: Config | null,
  missing: (path: string) => void,
): Promise<PartPlan> {
  const differing = config === null ? [] : differingSysctls(platform, neededSysctls(config), missing);
  const timeouts = await compareTimeouts(
    platform,
    runDirectory,
    config && (config.globals.ipvsTimeouts ?? {}),
  );
  return {
    changes: [
      ...differing.map(({ path, value }) => `${path.replaceAll('/', '.')} = ${value}`),
      ...timeouts.changes,
    ],
    async apply() {
      for (const sysctl of differing) writeSysctl(platform, sysctl);
      if (timeouts.changes.length > 0) await timeouts.apply();
    },
  };
}
