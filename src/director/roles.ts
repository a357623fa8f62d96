// What every child of the supervisor does before it becomes its role: beat, and not outlive the supervisor.
import { SIGHUP, SIGINT, SIGKILL, SIGTERM } from '../platform/linux.ts';
import type { Platform } from '../platform/platform.ts';
import { runChecker } from './check/role.ts';
import { parseArguments } from './console/arguments.ts';
import { runControl } from './control.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLog } from './log.ts';
import type { ToControl } from './supervisor/report.ts';
import { takeStart } from './supervisor/vrrp-start.ts';
import { runVrrp } from './vrrp/role.ts';

/** Becomes the role that `words` (behind `director role`) name. */
export function startRole(platform: Platform, words: readonly string[]): void {
  const [role, ...options] = words;
  const vrrpStart = takeStart(options);
  platform.neverWaitForOutput();
  const { config, runDirectory, etc } = parseArguments(options);
  platform.processes.setName(`director: ${role}`);
  // These two come to a whole terminal; only the supervisor acts on them.
  for (const signal of [SIGINT, SIGHUP]) platform.processes.onSignal(signal, () => {});
  switch (role) {
    case 'vrrp':
      // Not killed but asked, so that it says goodbye to its peers.
      platform.processes.dieWithParent(SIGTERM);
      runVrrp(platform, {
        runDirectory,
        ...vrrpStart,
        supervisor: startHeartbeat(platform, {
          onOrphaned: () => platform.processes.kill(platform.processes.pid, SIGTERM),
        }),
      });
      break;
    case 'checker':
      platform.processes.dieWithParent(SIGKILL);
      startHeartbeat(platform);
      runChecker(platform, { runDirectory, log: createLog(platform, role) });
      break;
    case 'control': {
      platform.processes.dieWithParent(SIGKILL);
      const log = createLog(platform, role);
      let receive: (message: ToControl) => void = () => {};
      const supervisor = startHeartbeat(platform, { onMessage: message => receive(message as ToControl) });
      const control = runControl(platform, { runDirectory, configFile: config ?? '', etc, log, supervisor });
      receive = control.receive;
      break;
    }
    default:
      platform.printError(`director: there is no role ${role}\n`);
      platform.processes.exit(2);
  }
}
