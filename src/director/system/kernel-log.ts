// Follows the kernel's log: /dev/kmsg gives one record to each read(2), the oldest first.
import { isSystemError, type OpenFile, type Platform } from '../../platform/platform.ts';

const PATH = '/dev/kmsg';
/** Bytes: the longest record (PRINTK_MESSAGE_MAX of linux/printk.h). */
const LONGEST = 2048;
/** Records of one look: a kernel that has no end of complaints must not keep anybody from his work. */
const MOST = 500;

export class KernelLog {
  readonly #file: OpenFile;
  readonly #buffer = new Uint8Array(LONGEST);

  private constructor(file: OpenFile) {
    this.#file = file;
  }

  /** Null where there is none, or for whom it is not. */
  static open({ files }: Platform): KernelLog | null {
    try {
      return new KernelLog(files.open(PATH, 'poll'));
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
  }

  /** What came since the last look, from the start of the kernel on at the first. */
  read(take: (record: string) => void): void {
    for (let count = 0; count < MOST; count++) {
      const length = this.#next();
      if (length === 0) return;
      if (length !== null) take(new TextDecoder().decode(this.#buffer.subarray(0, length)));
    }
  }

  /** 0: nothing waits; null: some were lost. */
  #next(): number | null {
    try {
      return this.#file.readAt(this.#buffer, 0);
    } catch (error) {
      // Written over before they were read.
      if (isSystemError(error, 'EPIPE')) return null;
      throw error;
    }
  }
}
