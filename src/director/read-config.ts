// Loads a configuration on the machine that is to run it.
import type { Files, Platform } from '../platform/platform.ts';
import { type Loaded, loadConfig, type SourceReader } from './config/load.ts';

/** The file and all it includes. Never throws: what cannot be read is a problem, and a program that is not there a warning. */
export function readConfig(platform: Platform, path: string, configId: string | null): Loaded {
  return loadConfig(path, configReader(platform, configId));
}

/** How a configuration is read on this machine. */
export function configReader(platform: Platform, configId: string | null): SourceReader {
  const { files } = platform;
  return {
    ...surroundings(platform, configId),
    read: name => files.readText(name),
    list: folder => files.list(folder),
    troubleOf: program => troubleOf(files, program),
  };
}

/** What conditions and predefined names of a configuration depend on besides its text. `configId`: of `--config-id`, or null. */
export function surroundings(
  { files, processes }: Platform,
  configId: string | null,
): Pick<SourceReader, 'configId' | 'hostName' | 'folder'> {
  const folder = processes.environment('PWD');
  return {
    configId,
    ...(folder !== null && { folder }),
    ...(files.exists(HOST_NAME) && { hostName: files.readText(HOST_NAME).trim() }),
  };
}

const HOST_NAME = '/proc/sys/kernel/hostname';

const ANYBODY_MAY_RUN = 0o111;

function troubleOf(files: Files, program: string): string | null {
  try {
    const { type, mode } = files.status(program);
    if (type === 'link') return null;
    if (type !== 'file') return 'this is no program';
    return (mode & ANYBODY_MAY_RUN) === 0 ? 'this file is not executable' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
