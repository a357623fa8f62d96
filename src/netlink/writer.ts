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
  #length = 16;

  /** `type` is nlmsg_type; NLM_F_REQUEST is always set beside `flags`. */
  constructor(type: number, flags: number) {
    this.#bytes = new Uint8Array(128);
    this.#store16(4, type);
    this.#store16(6, flags | NLM_F_REQUEST);
  }

  put8(value: number): this {
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  put16(value: number): this {
    this.#store16(this.#grow(2), value);
    return this;
  }

  put32(value: number): this {
    this.#store32(this.#grow(4), value);
    return this;
  }

  putBytes(value: Uint8Array): this {
    // Not in one expression, here and below: reserving the room may replace the buffer.
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  u8(type: number, value: number): this {
    const at = this.#attribute(type, 1);
    this.#bytes[at] = value;
    return this;
  }

  u16(type: number, value: number): this {
    this.#store16(this.#attribute(type, 2), value);
    return this;
  }

  u32(type: number, value: number): this {
    this.#store32(this.#attribute(type, 4), value);
    return this;
  }

  /** Network order. */
  be16(type: number, value: number): this {
    const at = this.#attribute(type, 2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  /** Network order, as nf_tables wants all its numbers. */
  be32(type: number, value: number): this {
    this.#storeBig32(this.#attribute(type, 4), value);
    return this;
  }

  /** Network order; `value` is a whole number of 0..2^53. */
  be64(type: number, value: number): this {
    const at = this.#attribute(type, 8);
    this.#storeBig32(at, Math.floor(value / 0x1_0000_0000));
    this.#storeBig32(at + 4, value);
    return this;
  }

  /** A string with its closing NUL. */
  text(type: number, value: string): this {
    const bytes = encoder.encode(value);
    // The buffer is all zeros, so the NUL is already there.
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
    this.#store16(start, this.#length - start);
    return this;
  }

  /** The whole message. The writer must not be used afterwards. */
  finish(): Uint8Array {
    this.#store32(0, this.#length);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Reserves an attribute with its padding and returns where its payload starts. */
  #attribute(type: number, length: number): number {
    const at = this.#grow(4 + ((length + 3) & ~3));
    this.#store16(at, 4 + length);
    this.#store16(at + 2, type);
    return at + 4;
  }

  #grow(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  #store16(at: number, value: number): void {
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
  }

  #store32(at: number, value: number): void {
    this.#store16(at, value);
    this.#store16(at + 2, value >>> 16);
  }

  #storeBig32(at: number, value: number): void {
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
  }
}
