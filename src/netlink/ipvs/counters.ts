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

/** Reads the nested STATS64 (all 64 bits), or STATS of kernels before 4.1 (only bytes are). */
export function decodeCounters(attributes: Attributes | null): Counters {
  const count = (type: number) => {
    const length = attributes?.bytes(type)?.length ?? 0;
    return (length === 8 ? attributes?.u64(type) : attributes?.u32(type)) ?? 0;
  };
  return {
    connections: count(IPVS_STATS_ATTR_CONNS),
    packetsIn: count(IPVS_STATS_ATTR_INPKTS),
    packetsOut: count(IPVS_STATS_ATTR_OUTPKTS),
    bytesIn: count(IPVS_STATS_ATTR_INBYTES),
    bytesOut: count(IPVS_STATS_ATTR_OUTBYTES),
  };
}
