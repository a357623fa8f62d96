// What a board is doing and has left: memory, connections and rates, as the kernel shows them. Pure.

/** Bytes, of /proc/meminfo; null when it does not say (MemAvailable came with Linux 3.14). */
export function parseMemory(text: string): { readonly total: number; readonly free: number } | null {
  const value = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  };
  const total = value('MemTotal');
  const free = value('MemAvailable') ?? value('MemFree');
  return total === null || free === null ? null : { total, free };
}

/** MHz of the first processor; null: a kernel without its time stamp counter does not measure it. */
export function parseClockRate(text: string): number | null {
  const megahertz = /^cpu MHz\s*:\s*([\d.]+)$/m.exec(text)?.[1];
  return megahertz === undefined ? null : Number(megahertz);
}

/** The table of connections, of /proc/net/ip_vs: its buckets, and the connections of all real servers. */
export function parseIpvs(text: string): { readonly buckets: number; readonly connections: number } | null {
  const buckets = /\(size=(\d+)\)/.exec(text)?.[1];
  if (buckets === undefined) return null;
  let connections = 0;
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '->' && words.length === 6) connections += Number(words[4]) + Number(words[5]) || 0;
  }
  return { buckets: Number(buckets), connections };
}

/** A second, of /proc/net/ip_vs_stats, whose last line is in hexadecimal. */
export interface IpvsRates {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export function parseIpvsStatistics(text: string): IpvsRates | null {
  const lines = text.trim().split('\n');
  const words = (lines.at(-1) ?? '').trim().split(/\s+/);
  if (!text.includes('Pkts/s') || words.length !== 5) return null;
  const [connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0] = words.map(word =>
    Number.parseInt(word, 16),
  );
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}
