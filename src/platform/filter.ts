// Socket filters (classic BPF, Documentation/networking/filter.rst) as the kernel takes them.
import type { FilterInstruction } from './platform.ts';

/** linux/filter.h: the instructions that the director's filters are made of. Numbers are read in network order. */
export const BPF_LD_IMMEDIATE = 0x00;
export const BPF_LD_WORD = 0x20;
export const BPF_LD_HALF = 0x28;
export const BPF_LD_BYTE_INDIRECT = 0x50;
export const BPF_LDX_IMMEDIATE = 0x01;
export const BPF_TAX = 0x07;
export const BPF_JUMP_EQUAL = 0x15;
export const BPF_JUMP_SET = 0x45;
export const BPF_RETURN = 0x06;

/** Loading a word from here finds a netlink attribute: of type X, from offset A on; its offset, or 0. */
export const SKF_AD_NLATTR = 0xffff_f00c;

/** What a filter returns to keep the whole packet. */
export const KEEP = 0xffff_ffff;

/** An array of struct sock_filter. */
export function encodeFilter(program: readonly FilterInstruction[]): Uint8Array {
  const bytes = new Uint8Array(8 * program.length);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, jumpTrue, jumpFalse, k], index) => {
    view.setUint16(8 * index, code, true);
    view.setUint8(8 * index + 2, jumpTrue);
    view.setUint8(8 * index + 3, jumpFalse);
    view.setUint32(8 * index + 4, k, true);
  });
  return bytes;
}
