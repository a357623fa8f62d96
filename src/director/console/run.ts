// director run: starts the director in the foreground; this process becomes its supervisor.
import type { Platform } from '../../platform/platform.ts';
import { forgetAttendants } from '../control/attendants.ts';
import { forgetRunning } from '../control/running.ts';
import { forgetTrial } from '../control/trial.ts';
import { createLog } from '../log.ts';
import { purgeVirtual } from '../network/purge.ts';
import { takeRunDirectory } from '../supervisor/lock.ts';
import { runSupervisor } from '../supervisor.ts';
import { UsageError } from './arguments.ts';
import type { Command, Invocation } from './command.ts';

const USAGE = '--config FILE [--config-id ID] [--run-dir DIR] [--etc DIR]';

export const run: Command = {
  name: 'run',
  usage: USAGE,
  summary: 'starts the director in the foreground; --etc: this machine is its board',
  operands: { least: 0, most: 0 },
  run(platform, invocation) {
    const { runDirectory, config } = invocation;
    if (config === null) throw new UsageError(`usage: director run ${USAGE}`);
    takeRunDirectory(platform, runDirectory);
    // What an earlier director in this directory ran is not what this one was started with.
    forgetRunning(platform, runDirectory);
    forgetAttendants(platform, runDirectory);
    forgetTrial(platform, runDirectory);
    platform.processes.setName('director: supervisor');
    runSupervisor(platform, {
      log: createLog(platform, 'supervisor'),
      roleArguments: roleArguments(invocation, config),
      ownsMachine: invocation.etc !== null,
      purge: () => purge(platform),
    });
    return null;
  },
};

function roleArguments({ runDirectory, etc, configId }: Invocation, config: string): string[] {
  const id = configId === null ? [] : ['--config-id', configId];
  const board = etc === null ? [] : ['--etc', etc];
  return ['--config', config, '--run-dir', runDirectory, ...id, ...board];
}

async function purge(platform: Platform): Promise<void> {
  await purgeVirtual(platform);
}
