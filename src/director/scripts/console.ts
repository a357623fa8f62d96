// The console commands.
import '../../platform/globals.ts';
import { createPlatform } from '../../platform/quickjs.ts';
import { dispatch } from '../console/dispatch.ts';

const platform = createPlatform();
dispatch(platform, platform.processes.args).then(status => {
  if (status !== null) platform.processes.exit(status);
});
