// The system block of the configuration, on a board: host name, password of the console, time servers.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { SystemConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { createNtpd } from './ntpd.ts';
import { shadowFile } from './shadow.ts';

export interface Board {
  apply(system: SystemConfig): void;
}

/** `etc` is where shadow(5) lies, in memory. */
export function createBoard(platform: Platform, etc: string, runDirectory: string, log: Log): Board {
  const ntpd = createNtpd(platform, runDirectory, log);
  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`${what}: ${error.message}`);
    }
  }
  return {
    apply({ hostName, passwordHash, ntpServers }) {
      if (hostName !== null) attempt('host name', () => platform.processes.setHostName(hostName));
      attempt('password', () => platform.files.replace(`${etc}/shadow`, shadowFile(passwordHash), 0o600));
      ntpd.configure(ntpServers);
    },
  };
}
