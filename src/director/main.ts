// The director's one program: argv -> a console command, or a role when the supervisor started it as one.
import '../platform/globals.ts';
import { createPlatform } from '../platform/quickjs.ts';
import { dispatch } from './console/dispatch.ts';
import { startRole } from './roles.ts';

const platform = createPlatform();
const [first, ...rest] = platform.processes.args;
if (first === 'role') {
  startRole(platform, rest);
} else {
  dispatch(platform, platform.processes.args).then(status => {
    if (status !== null) platform.processes.exit(status);
  });
}
