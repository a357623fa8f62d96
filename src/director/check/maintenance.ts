// The maintenance directory, as ldirectord has it: a real server whose name is that of a file in it is in maintenance.
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { RealServerConfig } from '../config/config.ts';
import { destinationId } from '../ipvs/table.ts';

/** Milliseconds between two looks. */
const ROUND = 2000;

export interface MaintenanceDirectory {
  /** Null: there is none. Looked at before this returns. */
  watch(path: string | null): void;
  /** Name of the file that is about this server, or null. */
  fileOf(config: Pick<RealServerConfig, 'address' | 'port' | 'name'>): string | null;
  close(): void;
}

export interface MaintenanceListener {
  /** Other files are there than before. */
  changed(): void;
  /** The directory cannot be read, in words: then what it said last goes on; null: it can again. */
  trouble(text: string | null): void;
}

/** Looks into the directory for ever. One that does not exist says nothing of anybody. */
export function createMaintenanceDirectory(
  platform: Platform,
  listener: MaintenanceListener,
): MaintenanceDirectory {
  let path: string | null = null;
  let names: ReadonlySet<string> = new Set();
  let trouble: string | null = null;
  let timer: Timer | null = null;

  function look(): void {
    const found = list();
    if (found === null || (found.size === names.size && [...found].every(name => names.has(name)))) return;
    names = found;
    listener.changed();
  }

  /** Null: it cannot be read. */
  function list(): ReadonlySet<string> | null {
    if (path === null) return new Set();
    try {
      const found = new Set(platform.files.list(path));
      tell(null);
      return found;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'ENOENT') {
        tell(null);
        return new Set();
      }
      tell(`${path} cannot be read: ${error.code}`);
      return null;
    }
  }

  function tell(text: string | null): void {
    if (text === trouble) return;
    trouble = text;
    listener.trouble(text);
  }

  function round(): void {
    timer = platform.after(ROUND, () => {
      look();
      round();
    });
  }

  return {
    watch(next) {
      path = next;
      look();
      timer?.cancel();
      timer = null;
      if (path !== null) round();
    },
    fileOf(config) {
      if (names.size === 0) return null;
      return namesOf(config).find(name => names.has(name)) ?? null;
    },
    close() {
      timer?.cancel();
    },
  };
}

/** What a person may call a real server: `10.0.0.11:80`, `10.0.0.11`, `web1:80`, `web1`. */
export function namesOf({
  address,
  port,
  name,
}: Pick<RealServerConfig, 'address' | 'port' | 'name'>): string[] {
  const names = [destinationId({ address, port }), address];
  if (name !== undefined) names.push(`${name}:${port}`, name);
  return names;
}
