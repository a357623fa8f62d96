// What the processes of this machine write, as /proc shows it.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Device } from '../flash/counters.ts';
import {
  deviceOf,
  isOpenForWriting,
  type Mount,
  parseMounts,
  parseWritten,
  type Share,
  type Writer,
  type Written,
} from './writers.ts';

/** Of a process that has many files open as many are looked at. */
const MOST_FILES = 64;

/** What every process has written so far. Empty where the kernel does not count it (CONFIG_TASK_IO_ACCOUNTING). */
export function readWritten({ files }: Platform): Written {
  const written = new Map<number, number>();
  for (const name of files.list('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const bytes = unlessGone(() => parseWritten(files.readText(`/proc/${name}/io`)));
    if (bytes !== null) written.set(pid, bytes);
  }
  return written;
}

/** Who it was that wrote. Those that have ended since are left out. */
export function findWriters(
  platform: Platform,
  shares: readonly Share[],
  devices: readonly Device[],
): Writer[] {
  if (shares.length === 0) return [];
  const { files } = platform;
  const mounts = parseMounts(files.readText('/proc/self/mountinfo'), devices);
  return shares.flatMap(share => {
    const name = unlessGone(() => nameOf(files, share.pid));
    if (name === null) return [];
    const open = openFile(platform, share.pid, devices, mounts);
    return [{ ...share, name, file: open?.file ?? null, device: open?.device ?? null }];
  });
}

/** Names that the kernel keeps end after 15 bytes (TASK_COMM_LEN). */
const SHORT = 15;
/** Characters of a name that are shown. */
const LONGEST = 40;

/** The kernel's name of a process; of one whose name was cut off, what its arguments begin with when that goes on as the name does. */
function nameOf(files: Platform['files'], pid: number): string {
  const name = files.readText(`/proc/${pid}/comm`).trimEnd();
  if (name.length < SHORT) return name;
  const title = files.readText(`/proc/${pid}/cmdline`).split('\0', 1)[0]!;
  const program = title.slice(title.lastIndexOf('/') + 1).slice(0, LONGEST);
  return program.startsWith(name) ? program : name;
}

function openFile(
  { files }: Platform,
  pid: number,
  devices: readonly Device[],
  mounts: readonly Mount[],
): { file: string; device: string } | null {
  for (const fd of (unlessGone(() => files.list(`/proc/${pid}/fd`)) ?? []).slice(0, MOST_FILES)) {
    const file = unlessGone(() => files.readLink(`/proc/${pid}/fd/${fd}`));
    const device = file === null ? null : deviceOf(file, devices, mounts);
    if (file === null || device === null) continue;
    const info = unlessGone(() => files.readText(`/proc/${pid}/fdinfo/${fd}`));
    if (info !== null && isOpenForWriting(info)) return { file, device };
  }
  return null;
}

/** Null: it has ended meanwhile, or the kernel does not tell of it. */
function unlessGone<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return null;
    throw error;
  }
}
