// The telemetry process.
import '../../platform/globals.ts';
import { SIGKILL } from '../../platform/linux.ts';
import { startHeartbeat } from '../heartbeat.ts';
import { createLog } from '../log.ts';
import { startRole } from '../roles.ts';
import { runTelemetry } from '../telemetry/role.ts';

startRole(
  'telemetry',
  () => {},
  (platform, { runDirectory }) => {
    platform.processes.dieWithParent(SIGKILL);
    startHeartbeat(platform);
    runTelemetry(platform, { runDirectory, log: createLog(platform, 'telemetry') });
  },
);
