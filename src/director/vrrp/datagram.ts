// The IPv4 header that a raw socket hands over with each message (raw(7)): the one place that tells the TTL.
import type { Envelope } from './packet.ts';

const MINIMUM_HEADER_LENGTH = 20;

export interface IpDatagram extends Envelope {
  readonly payload: Uint8Array;
}

/** Splits a datagram; views, not copies. Null when it is not a whole IPv4 datagram. Bytes behind its total length are cut off. */
export function parseIpv4(data: Uint8Array): IpDatagram | null {
  if (data.length < MINIMUM_HEADER_LENGTH || data[0]! >> 4 !== 4) return null;
  const headerLength = (data[0]! & 0x0f) * 4;
  const totalLength = data[2]! * 256 + data[3]!;
  if (headerLength < MINIMUM_HEADER_LENGTH || totalLength < headerLength || totalLength > data.length)
    return null;
  return {
    hops: data[8]!,
    source: data.subarray(12, 16),
    destination: data.subarray(16, 20),
    payload: data.subarray(headerLength, totalLength),
  };
}
