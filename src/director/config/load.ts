// The way in: a path -> the Config it describes, with all that is wrong with it.
import type { Config } from './config.ts';
import { readFiles } from './include.ts';
import { type Problem, Problems } from './problem.ts';
import { readConfig } from './root.ts';
import { Source, type SourceReader } from './source.ts';

export type { Problem, Severity } from './problem.ts';
export type { SourceReader } from './source.ts';

export interface Loaded {
  /** Null when any problem is an error. */
  readonly config: Config | null;
  /** In the order of the files and of the places in them. */
  readonly problems: readonly Problem[];
  /** What conditions (`@id`) were compared with, empty when there is no config id; null when there are no conditions. */
  readonly comparedWith: string | null;
}

/** Reads a configuration file and all it includes. Never throws: what cannot be read is a problem too. */
export function loadConfig(path: string, reader: SourceReader): Loaded {
  const problems = new Problems();
  const { statements, comparedWith } = readFiles(path, reader, problems);
  const config = readConfig(statements, problems, reader);
  if (statements.length === 0 && !problems.hasErrors) {
    const advice = 'write at least one block: virtual_server, vrrp_instance, interface, ...';
    problems.error(new Source(path, ''), 0, 'the file says nothing', advice);
  }
  return { config: problems.hasErrors ? null : config, problems: problems.located(), comparedWith };
}
