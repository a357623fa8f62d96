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
 * The attributes of one level, found by type. A missing attribute reads as null; one that is too short for its type, or whose
 * length does not fit, throws a NetlinkError (`EBADMSG`). Looking attributes up in the order they were sent costs least.
 */
export class Attributes {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  /** Where the next search begins: behind the attribute that was found last. */
  #cursor: number;

  /** The attributes in `bytes` from `start` (behind the family's fixed part) to `end`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (start > end) throw new NetlinkError('EBADMSG', 'message is shorter than its fixed part');
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#cursor = start;
  }

  /** True when there is no attribute at all. */
  get isEmpty(): boolean {
    return this.#start + 4 > this.#end;
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

  /** A string, up to its NUL if it has one. */
  text(type: number): string | null {
    const bytes = this.bytes(type);
    if (bytes === null) return null;
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** The payload: a view, valid as long as the message is. */
  bytes(type: number): Uint8Array | null {
    const at = this.#find(type, 0);
    return at < 0 ? null : this.#bytes.subarray(at, at - 4 + read16(this.#bytes, at - 4));
  }

  nested(type: number): Attributes | null {
    const at = this.#find(type, 0);
    return at < 0 ? null : new Attributes(this.#bytes, at, at - 4 + read16(this.#bytes, at - 4));
  }

  /** The nested attributes of a list (`NFTA_LIST_ELEM`), each opened. */
  list(type: number): Attributes[] {
    const list = this.nested(type);
    const elements: Attributes[] = [];
    if (list === null) return elements;
    for (let at = list.#start; at + 4 <= list.#end; ) {
      const size = list.#size(at);
      elements.push(new Attributes(list.#bytes, at + 4, at + size));
      at += (size + 3) & ~3;
    }
    return elements;
  }

  /** Where the payload of an attribute with at least `width` bytes starts; -1 when there is none of that type. */
  #find(type: number, width: number): number {
    const bytes = this.#bytes;
    const begin = this.#cursor;
    let at = begin;
    let limit = this.#end;
    for (let wrapped = false; ; ) {
      // Up to three bytes of padding may close a message.
      if (at + 4 > limit) {
        if (wrapped || begin === this.#start) return -1;
        wrapped = true;
        at = this.#start;
        limit = begin;
      }
      const size = this.#size(at);
      const next = at + ((size + 3) & ~3);
      if (((bytes[at + 2]! | (bytes[at + 3]! << 8)) & TYPE_MASK) === type) {
        if (size < 4 + width) throw new NetlinkError('EBADMSG', `attribute ${type} is too short`);
        this.#cursor = next;
        return at + 4;
      }
      at = next;
    }
  }

  /** nla_len of the attribute there, which has been seen to fit. */
  #size(at: number): number {
    const size = this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
    if (size < 4 || at + size > this.#end) {
      throw new NetlinkError('EBADMSG', `attribute length ${size} does not fit`);
    }
    return size;
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
