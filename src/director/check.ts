// The checker, a script of its own (src/host/main.c): the supervisor and vrrp do not pay for what its checks speak.
import '../platform/globals.ts';
import { SIGKILL } from '../platform/linux.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { runChecker } from './check/role.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLog } from './log.ts';
import { type Roles, startRole } from './roles.ts';

const roles: Roles = {
  checker(platform, { runDirectory }) {
    platform.processes.dieWithParent(SIGKILL);
    startHeartbeat(platform);
    runChecker(platform, { runDirectory, log: createLog(platform, 'checker') });
  },
};

const platform = createPlatform();
startRole(platform, platform.processes.args.slice(1), roles);
