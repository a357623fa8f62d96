// One director for each run directory: a listening socket that the kernel closes when its process ends, however it ends.
import { AF_UNIX, SOCK_STREAM } from '../../platform/linux.ts';
import { isSystemError, type Platform } from '../../platform/platform.ts';

/** The run directory belongs to a director that runs. */
export class AlreadyRunning extends Error {
  constructor(runDirectory: string) {
    super(
      `a director runs in ${runDirectory} already: "director stop" ends it, "director reload" changes its configuration, --run-dir DIR starts another`,
    );
    this.name = 'AlreadyRunning';
  }
}

/** True when a director runs in `runDirectory`. */
export function isRunning(platform: Platform, runDirectory: string): boolean {
  const socket = platform.socket(AF_UNIX, SOCK_STREAM, 0);
  try {
    socket.connect({ family: 'unix', path: lockPath(runDirectory) });
    return true;
  } catch (error) {
    // Nobody accepts on this socket: a full queue says, too, that somebody listens.
    if (isSystemError(error, 'EAGAIN')) return true;
    if (isSystemError(error, 'ENOENT', 'ECONNREFUSED', 'ENOTDIR')) return false;
    throw error;
  } finally {
    socket.close();
  }
}

/** Makes the run directory (mode 0700) and takes it for this process. Throws AlreadyRunning. */
export function takeRunDirectory(platform: Platform, runDirectory: string): void {
  if (!platform.files.exists(runDirectory)) platform.files.makeDirectory(runDirectory, 0o700);
  if (isRunning(platform, runDirectory)) throw new AlreadyRunning(runDirectory);
  const path = lockPath(runDirectory);
  if (platform.files.exists(path)) platform.files.remove(path);
  const socket = platform.socket(AF_UNIX, SOCK_STREAM, 0);
  socket.bind({ family: 'unix', path });
  socket.listen(1);
}

function lockPath(runDirectory: string): string {
  return `${runDirectory}/supervisor.sock`;
}
