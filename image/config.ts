// A site's configuration on its way to the card: checked here, so that no board has to find out that it is wrong.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../src/director/config/load.ts';
import { describeProblem } from '../src/director/console/problems.ts';
import { MAXIMUM_TEXT } from '../src/director/flash/store.ts';
import { DEFAULT_NAME } from '../src/director/system/etc.ts';
import { InputError } from './board.ts';

export interface SiteConfig {
  /** The file's bytes, whatever their encoding. */
  readonly bytes: Uint8Array;
  /** What to tell about it all the same. */
  readonly warnings: readonly string[];
}

/** Reads and checks a configuration. Throws an InputError that tells every error with its place. */
export function readSiteConfig(file: string): SiteConfig {
  const { config, problems } = loadConfig(file, {
    read: path => {
      // The card holds one text; there would be no other file beside it.
      if (resolve(path) !== resolve(file)) throw new Error('a card carries one file: put its text in here');
      return readFileSync(path, 'utf8');
    },
    hostName: DEFAULT_NAME,
  });
  const lines = problems.map(problem => describeProblem(problem).trimEnd());
  if (config === null) throw new InputError(lines);
  const bytes = readFileSync(file);
  if (bytes.length > MAXIMUM_TEXT) {
    throw new InputError([`${file}: ${bytes.length} bytes are over the limit of ${MAXIMUM_TEXT}`]);
  }
  return { bytes, warnings: lines };
}
