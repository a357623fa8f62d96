// The configuration in force, kept in the run directory: a control process that is started again goes on with it, whatever the
// configuration file says by then.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';

const pathIn = (runDirectory: string) => `${runDirectory}/running.json`;

/** A configuration and where it came from. */
export interface Running {
  readonly file: string;
  readonly config: Config;
}

/** Null when nothing is in force yet. */
export function readRunning(platform: Platform, runDirectory: string): Running | null {
  try {
    return JSON.parse(platform.files.readText(pathIn(runDirectory))) as Running;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

export function saveRunning(platform: Platform, runDirectory: string, running: Running): void {
  // It holds a password hash.
  platform.files.replace(pathIn(runDirectory), JSON.stringify(running), 0o600);
}

export function forgetRunning(platform: Platform, runDirectory: string): void {
  if (platform.files.exists(pathIn(runDirectory))) platform.files.remove(pathIn(runDirectory));
}
