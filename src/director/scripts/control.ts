// The control process.
import '../../platform/globals.ts';
import { SIGKILL } from '../../platform/linux.ts';
import { runControl } from '../control.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { createLog } from '../log.ts';
import { startRole } from '../roles.ts';
import type { ToControl } from '../supervisor/report.ts';

startRole(
  'control',
  () => {},
  (platform, { runDirectory, config, configId, etc }) => {
    platform.processes.dieWithParent(SIGKILL);
    const log = createLog(platform, 'control');
    let receive: (message: ToControl) => void = () => {};
    const supervisor = startHeartbeat(platform, { onMessage: message => receive(message as ToControl) });
    const options = { runDirectory, configFile: config ?? '', configId, etc };
    receive = runControl(platform, { ...options, log, supervisor }).receive;
  },
);
