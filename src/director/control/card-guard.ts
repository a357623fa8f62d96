// Carries out what flash/card-watch.ts decides. Whatever may have to wait for a card that hangs is done by children, so that the
// control process goes on; only a card that has just been read is looked at from here.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import {
  type CardEffect,
  type CardInput,
  type CardWatch,
  newCardWatch,
  type Recognition,
  troubleOf,
  watchCard,
} from '../flash/card-watch.ts';
import { closeDisk } from '../flash/close-disk.ts';
import { findDisks, kernelParameter, readSignature, readStore, storeDevice } from '../flash/disk.ts';
import { serialNumberOf } from '../flash/identity.ts';
import { type CardMarks, type FoundCard, marksOf, recognise } from '../flash/recognition.ts';
import type { Log } from '../log.ts';
import type { CardEvent } from '../protocol.ts';
import { bootTroubles, forget, keep, readKept } from '../system/kept.ts';
import type { CardChildren } from './card-children.ts';
import { KernelWatch } from './kernel-watch.ts';

/** Milliseconds between two looks at the clock and the kernel's log. */
const TICK = 5000;
const READ = 'exec dd if="/dev/$1" of=/dev/null bs=512 count=1 skip="$2" 2>/dev/null';
const RESCAN = `{ [ "$2" = keep ] || echo 1 >"/sys/block/$1/device/delete"
  for host in /sys/class/scsi_host/*/scan; do echo '- - -' >"$host"; done; } 2>/dev/null; exit 0`;

export interface CardGuardOptions {
  readonly runDirectory: string;
  readonly log: Log;
  readonly children: Pick<CardChildren, 'run'>;
  happened(event: CardEvent): void;
}

export class CardGuard {
  readonly #platform: Platform;
  readonly #options: CardGuardOptions;
  readonly #kernel: KernelWatch;
  readonly #path: string;
  #known: CardMarks | null = null;
  /** What was wrong with it when the board started. */
  #damage: readonly string[] = [];
  #watch: CardWatch;
  #waiting: (() => void)[] = [];

  constructor(platform: Platform, options: CardGuardOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#path = `${options.runDirectory}/card.json`;
    this.#watch = newCardWatch(platform.clock.monotonic());
    this.#kernel = new KernelWatch(platform, options);
  }

  /** Does nothing where the kernel was not told of a card: on a workstation. */
  start(): void {
    this.#damage = readKept<string[]>(this.#platform, bootTroubles(this.#options.runDirectory)) ?? [];
    if (kernelParameter(this.#platform, 'director.disk') === null) return;
    this.#known = readKept<CardMarks>(this.#platform, this.#path);
    if (this.#known === null) this.#learn();
    this.#tick();
  }

  /** What is wrong with the card now, in words. */
  get troubles(): readonly string[] {
    const trouble = this.#known && troubleOf(this.#watch, this.#platform.clock.monotonic());
    return [
      ...(trouble === null ? [] : [`${this.#known?.disk}: ${trouble}`]),
      ...this.#damage.map(text => `at boot: ${text}`),
      ...this.#kernel.troubles,
    ];
  }

  /** Resolves when the card answers and is ours. Rejects with an Error that says why nothing may be written to it. */
  async ready(): Promise<void> {
    if (this.#known === null) return;
    this.#take({ kind: 'asked' });
    if (this.#watch.due === Number.POSITIVE_INFINITY) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    if (this.#watch.state === 'good') return;
    throw new Error(this.troubles[0] ?? 'the card does not answer');
  }

  /** A commit is about to be written: the card may hold it from now on, whatever becomes of it. */
  committing(): void {
    if (this.#known !== null) this.#know({ ...this.#known, isBegun: true });
  }

  /** A commit was written: the card is known by that from now on. */
  committed(): void {
    if (this.#known !== null) this.#learn();
    // It was written over the damaged copy, if there was one.
    this.#damage = [];
    forget(this.#platform, bootTroubles(this.#options.runDirectory));
  }

  /** A commit has failed. */
  suspect(): void {
    if (this.#known !== null) this.#take({ kind: 'asked' });
  }

  #tick(): void {
    const isAboutCard = (device: string | null) =>
      device === null || device.startsWith(this.#known?.disk ?? '');
    if (this.#kernel.look(isAboutCard)) this.#take({ kind: 'complaint' });
    if (this.#known === null) this.#learn();
    else this.#take({ kind: 'time' });
    this.#platform.after(TICK, () => this.#tick());
  }

  #take(input: CardInput): void {
    if (this.#known === null) return;
    const now = this.#platform.clock.monotonic();
    const { watch, effects } = watchCard(this.#watch, input, now, this.#known.size);
    this.#watch = watch;
    for (const effect of effects) this.#perform(effect, this.#known);
    if (this.#watch.due !== Number.POSITIVE_INFINITY)
      for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #perform(effect: CardEffect, { disk }: CardMarks): void {
    const run: CardChildren['run'] = (...job) => this.#options.children.run(...job);
    switch (effect.kind) {
      case 'read': {
        const { sector } = effect;
        run(READ, [disk, `${sector}`], reason => {
          const isThere = this.#platform.files.exists(`/dev/${disk}`);
          const failure =
            reason === null ? null : isThere ? `reading sector ${sector}: ${reason}` : `${disk} is gone`;
          this.#take({ kind: 'read', sector, failure });
        });
        break;
      }
      case 'rescan':
        run(RESCAN, [disk, effect.detach ? 'detach' : 'keep'], () => this.#take({ kind: 'rescanned' }));
        break;
      case 'recognise':
        // Not within the step that asks for it.
        this.#platform.soon(() => this.#take({ kind: 'recognised', as: this.#recognise() }));
        break;
      case 'tell':
        this.#tell(effect.what, effect.reason, disk);
    }
  }

  #tell(kind: CardEvent['kind'], reason: string, device: string): void {
    const { log, happened } = this.#options;
    const text = `card ${device}: ${kind === 'unreadable' ? 'damaged' : kind}: ${reason}`;
    if (kind === 'back') log.warn(text);
    else log.error(text);
    happened({ subject: 'CARD', device, kind, reason, at: this.#platform.clock.wall() });
  }

  /** The marks of the card as it is now, or null when it cannot be found. */
  #learn(): CardMarks | null {
    const found = this.#find();
    return typeof found === 'string' ? null : this.#know(marksOf(found));
  }

  #know(marks: CardMarks): CardMarks {
    this.#known = marks;
    keep(this.#platform, this.#path, marks);
    return marks;
  }

  #recognise(): Recognition {
    const found = this.#find();
    if (typeof found === 'string' || this.#known === null) {
      return { kind: 'unknown', reason: typeof found === 'string' ? found : 'it was never known' };
    }
    const { serial, isBegun, commit } = this.#known;
    const as = recognise(this.#known, found);
    if (as.kind === 'ours') {
      // It may have come back by another name, or with a commit that was begun.
      const marks = marksOf(found);
      const isOpen = isBegun === true && marks.commit?.sequence === commit?.sequence;
      this.#know({ ...marks, serial: marks.serial || serial, isBegun: isOpen });
    }
    return as;
  }

  /** The card, or why there is none. A disk that was found anew is closed first. */
  #find(): FoundCard | string {
    const platform = this.#platform;
    try {
      const expected = kernelParameter(platform, 'director.disk') ?? '';
      const disk = findDisks(platform, expected)[0] ?? this.#known?.disk;
      if (disk === undefined) return `no disk has the signature ${expected}`;
      closeDisk(platform, disk);
      const signature = readSignature(platform, disk);
      if (signature === null) return `${disk} cannot be read`;
      const store = storeDevice(platform, disk);
      return {
        disk,
        signature,
        serial: serialNumberOf(platform, disk),
        size: Number(platform.files.readText(`/sys/block/${disk}/size`)),
        copies: store === null ? [] : readStore(platform, store),
      };
    } catch (error) {
      if (isSystemError(error)) return error.message;
      throw error;
    }
  }
}
