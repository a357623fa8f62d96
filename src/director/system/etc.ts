// The files in /etc that depend on the configuration; on the board they are links into memory.
import type { Platform } from '../../platform/platform.ts';
import { loadConfig } from '../config/load.ts';
import { kernelParameter } from '../flash/disk.ts';
import { VERSION } from '../version.ts';
import { shadowFile } from './shadow.ts';

/** What a board is called whose configuration gives it no name. */
export const DEFAULT_NAME = 'director';

/**
 * Writes shadow, hostname and issue below `etc` and sets the host name, from the configuration at `path`. Of one that this version
 * cannot read, the password still counts, or an unreadable line elsewhere would open the console. Throws a SystemError.
 */
export function prepareEtc(
  platform: Platform,
  path: string,
  etc: string,
  trouble: (text: string) => void,
): void {
  const { files, processes } = platform;
  const text = files.readText(path);
  const { config, problems } = loadConfig(path, {
    read: name => files.readText(name),
    hostName: DEFAULT_NAME,
  });
  const first = problems.find(problem => problem.severity === 'error');
  if (first) trouble(`the configuration has errors, the first in line ${first.line}: ${first.message}`);
  const hash = config ? config.system.passwordHash : passwordIn(text);
  const name = config?.system.hostName ?? DEFAULT_NAME;
  files.replace(`${etc}/shadow`, shadowFile(hash), 0o600);
  files.replace(`${etc}/hostname`, `${name}\n`);
  files.replace(`${etc}/issue`, `Compact Director ${VERSION}${place(platform)}\n\n`);
  processes.setHostName(name);
}

function passwordIn(text: string): string | null {
  return /^[^#!\n]*\bpassword_hash\s+["']?([^\s"']+)/m.exec(text)?.[1] ?? null;
}

function place(platform: Platform): string {
  const board = kernelParameter(platform, 'director.board');
  const slot = kernelParameter(platform, 'director.slot');
  return board && slot ? `, ${board}, slot ${slot}` : '';
}
