// Reads netlink messages and attributes out of a received datagram. Every length is checked before it is used.
import { NetlinkError } from './errors.ts';

/** linux/netlink.h: message types that every family shares. */
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

/** linux/netlink.h: NLA_TYPE_MASK, what is left of nla_type without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

const decoder = new TextDecoder();

/** One received message. `payload` is a view into the receive buffer: copy what must outlive the callback. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly port: number;
  /** What follows the nlmsghdr. */
  readonly payload: Uint8Array;
}

/** Calls `visit` with each message of a datagram. Throws a NetlinkError (`EBADMSG`) at the first that does not fit. */
export function readMessages(datagram: Uint8Array, visit: (message: Message) => void): void {
  let at = 0;
  while (at < datagram.length) {
    if (at + 16 > datagram.length) throw new NetlinkError('EBADMSG', 'message header is cut off');
    const length = read32(datagram, at);
    if (length < 16 || at + length > datagram.length) {
      throw new NetlinkError('EBADMSG', `message length ${length} does not fit`);
    }
    visit({
      type: read16(datagram, at + 4),
      flags: read16(datagram, at + 6),
      sequence: read32(datagram, at + 8),
      port: read32(datagram, at + 12),
      payload: datagram.subarray(at + 16, at + length),
    });
    at += (length + 3) & ~3;
  }
}

/**
 * The attributes of one level, found by type; of a type that repeats, the last counts. A missing attribute reads as null,
 * one that is too short for its type throws a NetlinkError (`EBADMSG`).
 */
export class Attributes {
  readonly #bytes: Uint8Array;
  /** The type of each attribute and where its header starts: two dense arrays, which QuickJS keeps and searches best. */
  readonly #types: number[] = [];
  readonly #starts: number[] = [];

  /** `bytes` are attributes from `offset` (the length of the family's fixed part) to the end. */
  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    eachAttribute(bytes, offset, (type, start) => {
      this.#types.push(type);
      this.#starts.push(start);
    });
  }

  /** True when there is no attribute at all. */
  get isEmpty(): boolean {
    return this.#types.length === 0;
  }

  has(type: number): boolean {
    return this.#types.includes(type);
  }

  u8(type: number): number | null {
    const at = this.#find(type, 1);
    return at < 0 ? null : this.#bytes[at]!;
  }

  u16(type: number): number | null {
    const at = this.#find(type, 2);
    return at < 0 ? null : read16(this.#bytes, at);
  }

  u32(type: number): number | null {
    const at = this.#find(type, 4);
    return at < 0 ? null : read32(this.#bytes, at);
  }

  /** Exact up to 2^53. */
  u64(type: number): number | null {
    const at = this.#find(type, 8);
    return at < 0 ? null : read32(this.#bytes, at) + read32(this.#bytes, at + 4) * 0x1_0000_0000;
  }

  be16(type: number): number | null {
    const at = this.#find(type, 2);
    return at < 0 ? null : (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  be32(type: number): number | null {
    const at = this.#find(type, 4);
    return at < 0 ? null : readBig32(this.#bytes, at);
  }

  /** Exact up to 2^53. */
  be64(type: number): number | null {
    const at = this.#find(type, 8);
    return at < 0 ? null : readBig32(this.#bytes, at) * 0x1_0000_0000 + readBig32(this.#bytes, at + 4);
  }

  /** A string, up to its NUL if it has one. */
  text(type: number): string | null {
    const bytes = this.bytes(type);
    if (bytes === null) return null;
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** The payload: a view, valid as long as the message is. */
  bytes(type: number): Uint8Array | null {
    const start = this.#starts[this.#types.lastIndexOf(type)];
    return start === undefined ? null : this.#bytes.subarray(start + 4, start + read16(this.#bytes, start));
  }

  nested(type: number): Attributes | null {
    const bytes = this.bytes(type);
    return bytes === null ? null : new Attributes(bytes);
  }

  /** The nested attributes of a list (`NFTA_LIST_ELEM`), each opened. */
  list(type: number): Attributes[] {
    const bytes = this.bytes(type);
    const elements: Attributes[] = [];
    if (bytes === null) return elements;
    eachAttribute(bytes, 0, (_type, start) => {
      elements.push(new Attributes(bytes.subarray(start + 4, start + read16(bytes, start))));
    });
    return elements;
  }

  #find(type: number, width: number): number {
    const start = this.#starts[this.#types.lastIndexOf(type)];
    if (start === undefined) return -1;
    if (read16(this.#bytes, start) < 4 + width) {
      throw new NetlinkError('EBADMSG', `attribute ${type} is too short`);
    }
    return start + 4;
  }
}

function eachAttribute(
  bytes: Uint8Array,
  offset: number,
  visit: (type: number, start: number) => void,
): void {
  let at = offset;
  if (at > bytes.length) throw new NetlinkError('EBADMSG', 'message is shorter than its fixed part');
  // Up to three bytes of padding may close a message.
  while (at + 4 <= bytes.length) {
    const length = read16(bytes, at);
    if (length < 4 || at + length > bytes.length) {
      throw new NetlinkError('EBADMSG', `attribute length ${length} does not fit`);
    }
    visit(read16(bytes, at + 2) & TYPE_MASK, at);
    at += (length + 3) & ~3;
  }
}

/** Unsigned 16 bits in host order. The caller has checked the length. */
export function read16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** Unsigned 32 bits in host order. The caller has checked the length. */
export function read32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function readBig32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
