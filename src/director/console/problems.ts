// Reads a configuration for a console command, and tells what is wrong with it.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { Problem } from '../config/problem.ts';

/** `config` is null when an error forbids it. */
export interface ReadConfig {
  readonly config: Config | null;
  readonly problems: readonly Problem[];
}

export function readConfig(platform: Platform, file: string): ReadConfig {
  const { config, problems } = loadConfig(file, platform.files);
  return { config: problems.some(({ severity }) => severity === 'error') ? null : config, problems };
}

/** `site.conf:3:5: error: MESSAGE`, and the advice below it. */
export function describeProblem({ file, line, column, severity, message, advice }: Problem): string {
  const place = `${file}:${line}:${column}: ${severity}: ${message}\n`;
  return advice === '' ? place : `${place}  ${advice}\n`;
}
