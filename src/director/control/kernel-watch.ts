// Hears what the kernel's log says of cards: refused writes become events that name who wrote, complaints are passed on.
import type { Platform } from '../../platform/platform.ts';
import { type Culprit, parseRecord, understand } from '../flash/kernel-message.ts';
import type { Log } from '../log.ts';
import type { CardEvent } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';
import { KernelLog } from '../system/kernel-log.ts';

/** Milliseconds for which a refused write is trouble. */
const REMEMBERED = 3_600_000;

export interface KernelWatchOptions {
  readonly runDirectory: string;
  readonly log: Log;
  happened(event: CardEvent): void;
}

export class KernelWatch {
  readonly #platform: Platform;
  readonly #options: KernelWatchOptions;
  readonly #path: string;
  #kernel: KernelLog | null = null;
  #isOpen = false;
  /** The last record that was told: a process that is started again does not tell it again. */
  #told: number;
  #last: { readonly text: string; readonly at: number } | null = null;

  constructor(platform: Platform, options: KernelWatchOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#path = `${options.runDirectory}/kernel-log.json`;
    this.#told = readKept<number>(platform, this.#path) ?? -1;
  }

  get troubles(): readonly string[] {
    const isFresh = this.#last !== null && this.#platform.clock.monotonic() - this.#last.at < REMEMBERED;
    return isFresh ? [`ALARM: ${this.#last?.text}`] : [];
  }

  /** True when the kernel has complained of a device that `concerns` us. */
  look(concerns: (device: string | null) => boolean): boolean {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#kernel = KernelLog.open(this.#platform);
    }
    let hasComplained = false;
    this.#kernel?.read(text => {
      const record = parseRecord(text);
      const message = record && understand(record.text);
      if (record === null || message === null || record.sequence <= this.#told) return;
      if (message.kind === 'complaint') hasComplained ||= concerns(message.device);
      else this.#refused(record.sequence, message.device, message.culprit);
    });
    return hasComplained;
  }

  #refused(sequence: number, device: string, culprit: Culprit | null): void {
    const { clock } = this.#platform;
    const { log, happened } = this.#options;
    const who = culprit === null ? 'something' : `${culprit.name}, process ${culprit.pid},`;
    const reason = `${who} has tried to write to ${device}, which is read-only: the kernel refused it`;
    this.#told = sequence;
    keep(this.#platform, this.#path, sequence);
    this.#last = { text: reason, at: clock.monotonic() };
    log.error(reason);
    happened({ subject: 'CARD', device, kind: 'refused write', reason, at: clock.wall() });
  }
}
