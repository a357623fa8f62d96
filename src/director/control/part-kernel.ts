// Kernel settings as a part of the machine.
import type { Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { differingSysctls, neededSysctls, writeSysctl } from '../system/sysctls.ts';
import type { Part } from './machine.ts';

export function kernelPart(platform: Platform, log: Log): Part {
  const told = new Set<string>();
  function missing(path: string): void {
    if (told.has(path)) return;
    told.add(path);
    log.warn(`this kernel has no setting ${path}`);
  }
  return {
    name: 'kernel',
    async plan(config) {
      const differing = config === null ? [] : differingSysctls(platform, neededSysctls(config), missing);
      return {
        changes: differing.map(({ path, value }) => `${path.replaceAll('/', '.')} = ${value}`),
        async apply() {
          for (const sysctl of differing) writeSysctl(platform, sysctl);
        },
      };
    },
  };
}
