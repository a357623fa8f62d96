// Hears what the kernel's log says of cards: refused writes become events that name who wrote, complaints are passed on. One that never
// gives up is told once an hour.
import type { Platform } from '../../platform/platform.ts';
import { type Culprit, parseRecord, understand } from '../flash/kernel-message.ts';
import type { Log } from '../log.ts';
import type { CardEvent } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';
import { KernelLog } from '../system/kernel-log.ts';

/** Milliseconds for which a refused write is trouble, and further ones of the same program no news. */
const REMEMBERED = 3_600_000;
/** As many writers are remembered. */
const MOST = 20;

/** Writes of one program to one device. */
interface Attempts {
  readonly text: string;
  /** Monotonic milliseconds of the first. */
  readonly since: number;
  /** Of those that the kernel has told: it passes over some when there are many. */
  readonly count: number;
}

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
  #attempts: ReadonlyMap<string, Attempts> = new Map();

  constructor(platform: Platform, options: KernelWatchOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#path = `${options.runDirectory}/kernel-log.json`;
    this.#told = readKept<number>(platform, this.#path) ?? -1;
  }

  get troubles(): readonly string[] {
    return [...this.#recent.values()].map(({ text, count }) => {
      return `ALARM: ${text}${count > 1 ? `, ${count} times` : ''}`;
    });
  }

  /** True when the kernel has complained of a device that `concerns` us. */
  look(concerns: (device: string | null) => boolean): boolean {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#kernel = KernelLog.open(this.#platform);
    }
    let hasComplained = false;
    const told = this.#told;
    this.#kernel?.read(text => {
      const record = parseRecord(text);
      const message = record && understand(record.text);
      if (record === null || message === null || record.sequence <= this.#told) return;
      if (message.kind === 'complaint') hasComplained ||= concerns(message.device);
      else this.#refused(record.sequence, message.device, message.culprit);
    });
    if (this.#told !== told) keep(this.#platform, this.#path, this.#told);
    return hasComplained;
  }

  get #recent(): ReadonlyMap<string, Attempts> {
    const now = this.#platform.clock.monotonic();
    return new Map([...this.#attempts].filter(([, { since }]) => now - since < REMEMBERED));
  }

  #refused(sequence: number, device: string, culprit: Culprit | null): void {
    const { clock } = this.#platform;
    const { log, happened } = this.#options;
    this.#told = sequence;
    const key = `${device} ${culprit?.name ?? ''}`;
    const recent = this.#recent;
    const before = recent.get(key);
    if (before !== undefined) {
      this.#attempts = new Map([...recent, [key, { ...before, count: before.count + 1 }]]);
      return;
    }
    const who = culprit === null ? 'something' : `${culprit.name}, process ${culprit.pid},`;
    const text = `${who} has tried to write to ${device}, which is read-only: the kernel refused it`;
    this.#attempts = new Map([
      ...[...recent].slice(1 - MOST),
      [key, { text, since: clock.monotonic(), count: 1 }],
    ]);
    log.error(text);
    happened({ subject: 'CARD', device, kind: 'refused write', reason: text, at: clock.wall() });
  }
}
