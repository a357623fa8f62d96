// The processes that do without the language of the configuration: supervisor, vrrp and checker. The binary has them as
// a program of their own (src/host/main.c), since each process pays for every function of its program.
import '../platform/globals.ts';
import { SIGKILL, SIGTERM } from '../platform/linux.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { runChecker } from './check/role.ts';
import { perform } from './console/perform.ts';
import { run } from './console/run.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLog } from './log.ts';
import { type Roles, startRole } from './roles.ts';
import { runVrrp } from './vrrp/role.ts';

const roles: Roles = {
  vrrp(platform, { runDirectory, vrrpStart }) {
    // Not killed but asked, so that it says goodbye to its peers.
    platform.processes.dieWithParent(SIGTERM);
    runVrrp(platform, {
      runDirectory,
      ...vrrpStart,
      supervisor: startHeartbeat(platform, {
        onOrphaned: () => platform.processes.kill(platform.processes.pid, SIGTERM),
      }),
    });
  },
  checker(platform, { runDirectory }) {
    platform.processes.dieWithParent(SIGKILL);
    startHeartbeat(platform);
    runChecker(platform, { runDirectory, log: createLog(platform, 'checker') });
  },
};

const platform = createPlatform();
const [first, ...rest] = platform.processes.args;
if (first === 'role') {
  startRole(platform, rest, roles);
} else {
  perform(platform, rest, () => run).then(status => {
    if (status !== null) platform.processes.exit(status);
  });
}
