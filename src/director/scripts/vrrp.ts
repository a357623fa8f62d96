// The vrrp process.
import '../../platform/globals.ts';
import { SIGTERM } from '../../platform/linux.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { startRole } from '../roles.ts';
import { takeStart } from '../supervisor/vrrp-start.ts';
import { runVrrp } from '../vrrp/role.ts';

startRole('vrrp', takeStart, (platform, { runDirectory }, start) => {
  // Not killed but asked, so that it says goodbye to its peers.
  platform.processes.dieWithParent(SIGTERM);
  runVrrp(platform, {
    runDirectory,
    ...start,
    supervisor: startHeartbeat(platform, {
      onOrphaned: () => platform.processes.kill(platform.processes.pid, SIGTERM),
    }),
  });
});
