// The director's console commands, and control, which knows the configuration's language as they do. The others are serve.ts and check.ts.
import '../platform/globals.ts';
import { SIGKILL } from '../platform/linux.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { dispatch } from './console/dispatch.ts';
import { runControl } from './control.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLog } from './log.ts';
import { type Roles, startRole } from './roles.ts';
import type { ToControl } from './supervisor/report.ts';

const roles: Roles = {
  control(platform, { runDirectory, config, configId, etc }) {
    platform.processes.dieWithParent(SIGKILL);
    const log = createLog(platform, 'control');
    let receive: (message: ToControl) => void = () => {};
    const supervisor = startHeartbeat(platform, { onMessage: message => receive(message as ToControl) });
    const options = { runDirectory, configFile: config ?? '', configId, etc };
    const control = runControl(platform, { ...options, log, supervisor });
    receive = control.receive;
  },
};

const platform = createPlatform();
const [first, ...rest] = platform.processes.args;
if (first === 'role') {
  startRole(platform, rest, roles);
} else {
  dispatch(platform, platform.processes.args).then(status => {
    if (status !== null) platform.processes.exit(status);
  });
}
