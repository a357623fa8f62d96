// QEMU's record of all writes and flushes of a disk (driver blklogwrites), in the format of dm-log-writes
// (Documentation/admin-guide/device-mapper/log-writes.rst; drivers/md/dm-log-writes.c).

/** "j6sfwjs" of the kernel's WRITE_LOG_MAGIC. */
const MAGIC = 0x6a736677736872n;
const VERSION = 1n;
const FLUSH = 1n;
const FUA = 2n;
const DISCARD = 4n;

export type LoggedWrite =
  | { readonly kind: 'write' /** Of 512 bytes. */; readonly sector: number; readonly data: Uint8Array }
  | { readonly kind: 'flush' };

/** What is in the log, in order. Throws an Error for anything that is no such log, or that holds what nobody here does. */
export function readWriteLog(log: Buffer): LoggedWrite[] {
  if (log.length < 28 || log.readBigUInt64LE(0) !== MAGIC || log.readBigUInt64LE(8) !== VERSION) {
    throw new Error('this is no log of writes');
  }
  const entries = Number(log.readBigUInt64LE(16));
  const sectorSize = log.readUInt32LE(24);
  const writes: LoggedWrite[] = [];
  let at = sectorSize;
  for (let entry = 0; entry < entries; entry++) {
    const sector = Number(log.readBigUInt64LE(at));
    const sectors = Number(log.readBigUInt64LE(at + 8));
    const flags = log.readBigUInt64LE(at + 16);
    at += sectorSize;
    if (flags & (FUA | DISCARD)) throw new Error(`entry ${entry} of the log has flags ${flags}`);
    if (flags & FLUSH) writes.push({ kind: 'flush' });
    if (sectors === 0) continue;
    const length = sectors * sectorSize;
    const data = log.subarray(at, at + length);
    if (data.length < length) throw new Error(`entry ${entry} of the log is cut off`);
    writes.push({ kind: 'write', sector: (sector * sectorSize) / 512, data });
    at += length;
  }
  return writes;
}
