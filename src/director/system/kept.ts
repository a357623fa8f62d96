// What the control process keeps in the run directory, so that one that is started again goes on where it was.
import { isSystemError, type Platform } from '../../platform/platform.ts';

/** Null when nothing was kept, or what was kept cannot be read. */
export function readKept<T>(platform: Platform, path: string): T | null {
  try {
    return JSON.parse(platform.files.readText(path)) as T;
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

export function keep(platform: Platform, path: string, value: unknown): void {
  platform.files.replace(path, JSON.stringify(value), 0o600);
}

export function forget(platform: Platform, path: string): void {
  if (platform.files.exists(path)) platform.files.remove(path);
}

/** Where it is kept what was wrong with the card when the board started: a list of texts, gone with the next commit. */
export function bootTroubles(runDirectory: string): string {
  return `${runDirectory}/boot.json`;
}
