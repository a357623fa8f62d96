// Counters and rates that IPVS keeps for each service and each destination (IPVS_STATS_ATTR_* of linux/ip_vs.h).
import type { Attributes } from '../reader.ts';

const IPVS_STATS_ATTR_CONNS = 1;
const IPVS_STATS_ATTR_INPKTS = 2;
const IPVS_STATS_ATTR_OUTPKTS = 3;
const IPVS_STATS_ATTR_INBYTES = 4;
const IPVS_STATS_ATTR_OUTBYTES = 5;

/** Since the entry was made. Outgoing packets are seen only with NAT. */
export interface Counters {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Reads the nested IPVS_SVC_ATTR_STATS64 or IPVS_DEST_ATTR_STATS64, which every kernel since 4.1 sends. */
export function decodeCounters(stats: Attributes | null): Counters {
  return {
    connections: stats?.u64(IPVS_STATS_ATTR_CONNS) ?? 0,
    packetsIn: stats?.u64(IPVS_STATS_ATTR_INPKTS) ?? 0,
    packetsOut: stats?.u64(IPVS_STATS_ATTR_OUTPKTS) ?? 0,
    bytesIn: stats?.u64(IPVS_STATS_ATTR_INBYTES) ?? 0,
    bytesOut: stats?.u64(IPVS_STATS_ATTR_OUTBYTES) ?? 0,
  };
}
