// The checker process.
import '../../platform/globals.ts';
import { SIGKILL } from '../../platform/linux.ts';
import { runChecker } from '../check/role.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { createLog } from '../log.ts';
import { startRole } from '../roles.ts';

startRole(
  'checker',
  () => {},
  (platform, { runDirectory }) => {
    platform.processes.dieWithParent(SIGKILL);
    startHeartbeat(platform);
    runChecker(platform, { runDirectory, log: createLog(platform, 'checker') });
  },
);
