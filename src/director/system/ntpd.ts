// Keeps busybox's ntpd running for the configured time servers; it lives and ends with the control process.
import { SIGTERM } from '../../platform/linux.ts';
import { isSystemError, type Platform, type Timer } from '../../platform/platform.ts';
import type { Log } from '../log.ts';

const BUSYBOX = '/bin/busybox';

/** Milliseconds before one that ended is started again. */
const RESTART_DELAY = 10_000;

export interface Ntpd {
  /** Uses these servers from now on; none stops it. */
  configure(servers: readonly string[]): void;
}

/** `runDirectory` keeps its pid, so that a control process that is started again finds the one it had. */
export function createNtpd(platform: Platform, runDirectory: string, log: Log): Ntpd {
  const { files, processes } = platform;
  const pidFile = `${runDirectory}/ntpd.pid`;
  let wanted: readonly string[] = [];
  let pid: number | null = null;
  let restart: Timer | null = null;
  let replaced = false;

  function start(): void {
    restart = null;
    if (wanted.length === 0) return;
    const servers = wanted.flatMap(server => ['-p', server]);
    try {
      pid = processes.spawn(BUSYBOX, ['ntpd', '-n', ...servers], [-1, -1, -1]);
      files.replace(pidFile, `${pid}\n`, 0o600);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      log.error(`the clock is not kept right: ${error.message}`);
      restart = platform.after(RESTART_DELAY, start);
    }
  }

  function endOrphan(): void {
    if (!files.exists(pidFile)) return;
    const orphan = Number(files.readText(pidFile));
    files.remove(pidFile);
    if (isNtpd(platform, orphan)) processes.kill(orphan, SIGTERM);
  }

  processes.onExit(exit => {
    if (exit.pid !== pid) return;
    pid = null;
    restart = platform.after(replaced ? 0 : RESTART_DELAY, start);
    replaced = false;
  });
  endOrphan();
  return {
    configure(servers) {
      if (servers.join() === wanted.join()) return;
      wanted = servers;
      restart?.cancel();
      restart = null;
      // Its end starts the next one; without one there is nothing to wait for.
      replaced = pid !== null;
      if (pid !== null) processes.kill(pid, SIGTERM);
      else start();
    },
  };
}

function isNtpd(platform: Platform, pid: number): boolean {
  const path = `/proc/${pid}/cmdline`;
  return platform.files.exists(path) && platform.files.readText(path).startsWith('ntpd\0');
}
