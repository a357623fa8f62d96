// Supervisor and vrrp, which need nothing of the language of the configuration. The binary has them as a script of their own
// (src/host/main.c), since each process pays for every function of its script.
import '../platform/globals.ts';
import { SIGTERM } from '../platform/linux.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { perform } from './console/perform.ts';
import { run } from './console/run.ts';
import { startHeartbeat } from './heartbeat.ts';
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
