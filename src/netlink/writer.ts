// Builds one netlink message: header, the family's fixed part, attributes. Little endian, as every board is (netlink uses host order).

/** linux/netlink.h: flags of nlmsg_flags. */
export const NLM_F_REQUEST = 0x01;
export const NLM_F_MULTI = 0x02;
export const NLM_F_ACK = 0x04;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

/** linux/netlink.h: marks an attribute whose payload is attributes. */
export const NLA_F_NESTED = 0x8000;

const encoder = new TextEncoder();

/**
 * Writes one message. First the fixed part with the `put` methods, then attributes; `finish` returns the bytes with
 * sequence and port 0, which the connection fills in. A value is cut to its width: ranges are the caller's to keep.
 */
export class MessageWriter {
  #bytes: Uint8Array;
  /** The same memory: attributes start on multiples of four, and two stores for a number are a quarter of eight. */
  #words: Uint32Array;
  #length = 16;

  /** `type` is nlmsg_type; NLM_F_REQUEST is always set beside `flags`. */
  constructor(type: number, flags: number) {
    this.#bytes = new Uint8Array(256);
    this.#words = new Uint32Array(this.#bytes.buffer);
    this.#words[1] = type | ((flags | NLM_F_REQUEST) << 16);
  }

  put8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
    return this;
  }

  put16(value: number): this {
    return this.put8(value).put8(value >>> 8);
  }

  put32(value: number): this {
    return this.put16(value).put16(value >>> 16);
  }

  putBytes(value: Uint8Array): this {
    // Not in one expression, here and below: reserving the room may replace the memory.
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  u8(type: number, value: number): this {
    return this.#number(5 | (type << 16), value & 0xff);
  }

  u16(type: number, value: number): this {
    return this.#number(6 | (type << 16), value & 0xffff);
  }

  u32(type: number, value: number): this {
    return this.#number(8 | (type << 16), value);
  }

  /** Network order. */
  be16(type: number, value: number): this {
    return this.#number(6 | (type << 16), ((value & 0xff) << 8) | ((value >>> 8) & 0xff));
  }

  /** Network order, as nf_tables wants all its numbers. */
  be32(type: number, value: number): this {
    const swapped = (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
    return this.#number(8 | (type << 16), swapped);
  }

  /** A string with its closing NUL. */
  text(type: number, value: string): this {
    const bytes = encoder.encode(value);
    // The memory is all zeros, so the NUL is already there.
    const at = this.#attribute(type, bytes.length + 1);
    this.#bytes.set(bytes, at);
    return this;
  }

  bytes(type: number, value: Uint8Array): this {
    const at = this.#attribute(type, value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** An attribute that holds the attributes that `content` writes. */
  nest(type: number, content: () => void): this {
    const start = this.#attribute(type | NLA_F_NESTED, 0) - 4;
    content();
    this.#words[start >>> 2] = (this.#length - start) | ((type | NLA_F_NESTED) << 16);
    return this;
  }

  /** The whole message. The writer must not be used afterwards. */
  finish(): Uint8Array {
    this.#words[0] = this.#length;
    return this.#bytes.subarray(0, this.#length);
  }

  /** An attribute of up to four bytes; `header` is nla_len and nla_type. Messages are made of these: no further call. */
  #number(header: number, value: number): this {
    const word = this.#length >>> 2;
    this.#length += 8;
    if (this.#length > this.#bytes.length) this.#enlarge();
    const words = this.#words;
    words[word] = header;
    words[word + 1] = value;
    return this;
  }

  /** Reserves an attribute with its padding and returns where its payload starts. */
  #attribute(type: number, length: number): number {
    const at = this.#reserve(4 + ((length + 3) & ~3));
    this.#words[at >>> 2] = (length + 4) | (type << 16);
    return at + 4;
  }

  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) this.#enlarge();
    return at;
  }

  #enlarge(): void {
    const larger = new Uint8Array(Math.max((this.#length + 3) & ~3, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#words = new Uint32Array(larger.buffer);
  }
}
