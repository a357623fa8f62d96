// The programs of a site that are run before and after settings change.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { HooksConfig } from '../config/config.ts';
import type { Commands } from '../system/commands.ts';

/** Runs what lies in the folder `moment`, by name, one after the other. Resolves with what went wrong, in words. */
export async function runHooks(
  platform: Platform,
  commands: Commands,
  { folder, timeout }: HooksConfig,
  moment: 'before' | 'after',
): Promise<string[]> {
  const troubles: string[] = [];
  if (!platform.files.exists(folder))
    return moment === 'before' ? [`hooks: there is no folder ${folder}`] : [];
  for (const program of programsIn(platform, `${folder}/${moment}`)) {
    const reason = await new Promise<string | null>(resolve => {
      commands.start(
        { words: [program], user: 'root', group: null },
        { words: [moment], timeout, done: end => resolve(end.status === 0 ? null : end.reason) },
      );
    });
    if (reason !== null) troubles.push(`${program}: ${reason}`);
  }
  return troubles;
}

/** What begins with a dot is none. */
function programsIn(platform: Platform, folder: string): string[] {
  try {
    const names = platform.files.list(folder).filter(name => !name.startsWith('.'));
    return names.sort().map(name => `${folder}/${name}`);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
