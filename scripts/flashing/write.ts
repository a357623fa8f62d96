// Copies an image to an open device and reads it back.
import { fsyncSync, readSync, writeSync } from 'node:fs';

const CHUNK = 1 << 20;

/** Told how many bytes are done. */
export type Tell = (done: number) => void;

/** Writes all of `image` (an open file of `length` bytes) to the start of `target` and waits until it is on the medium. */
export function copyImage(image: number, target: number, length: number, tell: Tell): void {
  eachChunk(length, (size, at) => {
    const chunk = readExactly(image, size, at);
    for (let done = 0; done < size; ) done += writeSync(target, chunk, done, size - done, at + done);
    tell(at + size);
  });
  fsyncSync(target);
}

/** The offset of the first byte in which `target` differs from `image`, or null. */
export function firstDifference(image: number, target: number, length: number, tell: Tell): number | null {
  let difference: number | null = null;
  eachChunk(length, (size, at) => {
    if (difference !== null) return;
    const wanted = readExactly(image, size, at);
    const found = readExactly(target, size, at);
    if (!wanted.equals(found)) difference = at + wanted.findIndex((byte, index) => found[index] !== byte);
    tell(at + size);
  });
  return difference;
}

function eachChunk(length: number, action: (size: number, at: number) => void): void {
  for (let at = 0; at < length; at += CHUNK) action(Math.min(CHUNK, length - at), at);
}

function readExactly(file: number, size: number, at: number): Buffer {
  const chunk = Buffer.alloc(size);
  for (let done = 0; done < size; ) {
    const count = readSync(file, chunk, done, size - done, at + done);
    if (count === 0) throw new Error(`it ends at byte ${at + done}`);
    done += count;
  }
  return chunk;
}
