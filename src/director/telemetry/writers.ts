// Who wrote: what each process has had the kernel write to disks, and where the files lie that it has open. Pure.
import type { Device } from '../flash/counters.ts';

/** Bytes by process id, since each process began. */
export type Written = ReadonlyMap<number, number>;

/** What a process wrote between two looks. */
export interface Share {
  readonly pid: number;
  readonly bytes: number;
}

/** Who it was, as far as that can be found out. */
export interface Writer extends Share {
  readonly name: string;
  /** A file of it on a disk, or the disk itself, open for writing; null when it has none open any more. */
  readonly file: string | null;
  /** The device that this file is on. */
  readonly device: string | null;
}

/**
 * `write_bytes` of /proc/PID/io (proc_pid_io(5)): counted when the process makes pages dirty that are to be written, so before they reach a
 * disk, and whether or not they ever do; what goes to tmpfs is not in it. Null when the text has none.
 */
export function parseWritten(text: string): number | null {
  const count = /^write_bytes: (\d+)$/m.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}

/** What was written since the look before; of a process that has come since, all. Nothing without a look before. */
export function differWriters(before: Written | null, after: Written): Share[] {
  if (before === null) return [];
  const shares: Share[] = [];
  for (const [pid, bytes] of after) {
    const earlier = before.get(pid) ?? 0;
    // One that has written less than it had is another one with its number.
    const more = bytes >= earlier ? bytes - earlier : bytes;
    if (more > 0) shares.push({ pid, bytes: more });
  }
  return shares;
}

/** Where a file system can be seen. */
export interface Mount {
  readonly device: string;
  /** Its folder, without a slash at the end; the root is ''. */
  readonly path: string;
}

/** The mounts of /proc/self/mountinfo (proc_pid_mountinfo(5)) that are on these devices, longest path first. */
export function parseMounts(text: string, devices: readonly Device[]): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [, , number, , path] = line.split(' ');
    const device = devices.find(({ major, minor }) => number === `${major}:${minor}`);
    if (device !== undefined && path !== undefined) {
      mounts.push({ device: device.name, path: plainPath(path).replace(/\/$/, '') });
    }
  }
  return mounts.sort((a, b) => b.path.length - a.path.length);
}

/** The device that a file of this path is, or is on; null when it is on none of these. */
export function deviceOf(path: string, devices: readonly Device[], mounts: readonly Mount[]): string | null {
  const itself = devices.find(({ name }) => path === `/dev/${name}`);
  if (itself !== undefined) return itself.name;
  // What is below /dev, /proc and the like lies in memory, whatever the root is on.
  if (!path.startsWith('/') || /^\/(dev|proc|sys|run)\//.test(path)) return null;
  return mounts.find(mount => path.startsWith(`${mount.path}/`))?.device ?? null;
}

/** Whether /proc/PID/fdinfo/FD says that it is open for writing: the last two bits of the flags (fcntl.h), which are octal. */
export function isOpenForWriting(fdinfo: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(fdinfo)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}

/** `evil (pid 77, /dev/sda1)`. */
export function describeWriter({ name, pid, file }: Writer): string {
  return `${name} (pid ${pid}${file === null ? '' : `, ${file}`})`;
}

/** Spaces and the like are octal there. */
function plainPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
