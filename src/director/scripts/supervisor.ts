// The supervisor: `director run`.
import '../../platform/globals.ts';
import { createPlatform } from '../../platform/quickjs.ts';
import { perform } from '../console/perform.ts';
import { run } from '../console/run.ts';

const platform = createPlatform();
perform(platform, platform.processes.args.slice(1), () => run).then(status => {
  if (status !== null) platform.processes.exit(status);
});
