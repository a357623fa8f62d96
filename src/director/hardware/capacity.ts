// How much a board can balance: what connections and packets cost, and what is left. Pure; every number has its source, and those
// that nobody has measured on the board are ranges.

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What one connection and one packet cost. */
export interface Costs {
  /** Bytes of memory, its part of a page included: `npm run bench -- footprint` at 60,000 of them. */
  readonly bytesPerConnection: number;
  /** Bytes of one bucket of the table of connections: a pointer. */
  readonly bytesPerBucket: number;
  /** Of a packet that is forwarded by direct routing, from interrupt to interrupt. */
  readonly instructionsPerPacket: Range;
  readonly cyclesPerInstruction: Range;
  /** Part of the processor that forwarding may take. */
  readonly share: number;
  /** Bytes that stay free: what IPVS calls short of memory (amemthresh, 4 MiB), and as much again for packets. */
  readonly reserve: number;
}

/** `npm run bench -- forwarding` measures instructions: 3,600 at saturation, 6,800 when packets come singly, 4,000 a second of them. */
export const COSTS: Costs = {
  bytesPerConnection: 196,
  bytesPerBucket: 4,
  instructionsPerPacket: { least: 3600, most: 6800 },
  cyclesPerInstruction: { least: 1, most: 2.5 },
  share: 0.8,
  reserve: 8 << 20,
};

/** Where each comes from, in words. */
export const SOURCES: readonly string[] = [
  '196 bytes a connection: measured on this kernel with 60,000 of them (npm run bench -- footprint)',
  '3,600 instructions a packet at saturation to 6,800 for one that comes alone: direct routing, measured in a model of the processor (npm run bench -- forwarding)',
  '1 to 2.5 cycles an instruction: assumed for a processor that works in order with 16 to 128 KB of cache',
  'a fifth of the processor is kept for VRRP, checks and the console, 8 MiB of memory for packets',
];

/** Seconds that IPVS keeps a connection whose client has said goodbye (FIN_WAIT, net/netfilter/ipvs/ip_vs_proto_tcp.c). */
const FIN_WAIT = 120;
/** Seconds of the calculation in the LVS-HOWTO, section 3.5. */
const MINUTE = 60;
/** Packets of a client for one request on a connection of its own: SYN, ACK, request, FIN, ACK. */
const PACKETS_PER_REQUEST = 5;
/** Bytes of an answer that are acknowledged together: two full segments. */
const ACKNOWLEDGED = 2 * 1460;
/** Entries of the table. */
const LEAST_BITS = 8;
const MOST_BITS = 20;

/** Room on a board. */
export interface Room {
  /** MHz. */
  readonly megahertz: number;
  /** Bytes that are free now. */
  readonly free: number;
  /** Connections that are there now. */
  readonly connections: number;
  /** Buckets of the table of connections. */
  readonly buckets: number;
  /** Packets forwarded a second now. */
  readonly packets: number;
}

export interface Capacity {
  /** Connections that fit altogether. */
  readonly connections: number;
  /** Packets a second altogether. */
  readonly packets: Range;
  /** What is left of them. */
  readonly packetsLeft: Range;
  /** Connections in each bucket when all that fit are there. */
  readonly perBucket: number;
  /** conn_tab_bits with which there is one in each, as far as it may be set. */
  readonly bits: number;
  /** New connections a second at which memory is full when each stays for a minute, and for two behind its end. */
  readonly newPerSecond: Range;
}

export function capacityOf(
  { megahertz, free, connections, buckets, packets }: Room,
  costs: Costs = COSTS,
): Capacity {
  const room = Math.max(0, Math.floor((free - costs.reserve) / costs.bytesPerConnection));
  const total = connections + room;
  const rate = packetRate(megahertz, costs);
  const left = (value: number) => Math.max(0, value - packets);
  return {
    connections: total,
    packets: rate,
    packetsLeft: { least: left(rate.least), most: left(rate.most) },
    perBucket: Math.round((total / buckets) * 10) / 10,
    bits: bitsFor(total),
    newPerSecond: { least: Math.floor(total / FIN_WAIT), most: Math.floor(total / MINUTE) },
  };
}

/** Packets a second that a processor forwards. */
export function packetRate(megahertz: number, costs: Costs = COSTS): Range {
  const { instructionsPerPacket: instructions, cyclesPerInstruction: cycles, share } = costs;
  const rate = (perPacket: number) => Math.floor((megahertz * 1e6 * share) / perPacket);
  return {
    least: rate(instructions.most * cycles.most),
    most: rate(instructions.least * cycles.least),
  };
}

/** The smallest table with a bucket for each of so many connections, between the smallest and the largest that there is. */
export function bitsFor(connections: number): number {
  return Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.ceil(Math.log2(Math.max(1, connections)))));
}

/** What somebody wants to balance. */
export interface Demand {
  /** New connections a second, one request each. */
  readonly requests: number;
  /** Bytes a second of all answers: with direct routing they do not come by here. */
  readonly answers: number;
}

export interface Need {
  readonly packetsPerRequest: number;
  /** A second. */
  readonly packets: number;
  readonly connections: number;
  /** Bytes. */
  readonly memory: number;
  readonly bits: number;
  /** Part of the processor. */
  readonly processor: Range;
}

/** What the demand takes of a board with this clock rate. */
export function needOf({ requests, answers }: Demand, megahertz: number, costs: Costs = COSTS): Need {
  const perRequest = PACKETS_PER_REQUEST + Math.max(1, Math.ceil(answers / requests / ACKNOWLEDGED));
  const packets = requests * perRequest;
  const connections = requests * FIN_WAIT;
  const bits = bitsFor(connections);
  const rate = packetRate(megahertz, { ...costs, share: 1 });
  return {
    packetsPerRequest: perRequest,
    packets,
    connections,
    memory: connections * costs.bytesPerConnection + 2 ** bits * costs.bytesPerBucket,
    bits,
    processor: { least: packets / rate.most, most: packets / rate.least },
  };
}

/** Bytes when each packet is a new client that is kept for a minute: the calculation in the LVS-HOWTO, section 3.5. */
export function memoryOfClients(packets: number, costs: Costs = COSTS): number {
  return packets * MINUTE * costs.bytesPerConnection;
}
