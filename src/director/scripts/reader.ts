// Reads a configuration for the control process, and ends.
import '../../platform/globals.ts';
import { SIGKILL } from '../../platform/linux.ts';
import { leaveAnswer } from '../control/reader.ts';
import { readConfig } from '../read-config.ts';
import { startRole } from '../roles.ts';

startRole(
  'reader',
  () => {},
  (platform, { runDirectory, config, configId }) => {
    platform.processes.dieWithParent(SIGKILL);
    leaveAnswer(platform, runDirectory, readConfig(platform, config ?? '', configId));
    platform.processes.exit(0);
  },
);
