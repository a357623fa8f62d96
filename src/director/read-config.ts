// Loads a configuration through the platform.
import type { Platform } from '../platform/platform.ts';
import { type Loaded, loadConfig } from './config/load.ts';

/** The file and all it includes. Never throws: what cannot be read is a problem. */
export function readConfig({ files }: Platform, path: string): Loaded {
  return loadConfig(path, { read: name => files.readText(name), list: folder => files.list(folder) });
}
