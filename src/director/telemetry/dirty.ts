// Pages in memory that wait to be written to a disk. On a board that writes nothing there are none for long.

/**
 * Bytes: `Dirty` and `Writeback` of /proc/meminfo (proc_meminfo(5)), which are KiB. Pages of tmpfs are not among them. Null when the text has
 * none.
 */
export function parseDirty(meminfo: string): number | null {
  const counts = [...meminfo.matchAll(/^(?:Dirty|Writeback): +(\d+) kB$/gm)].map(([, count]) =>
    Number(count),
  );
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) * 1024;
}
