// Keeps the supervisor's copy of the last will as it should be: tells what changed, once for all that happens in one turn of the loop.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { InstanceState } from './instance.ts';
import { abridge, type Bequest, type WillChange } from './will.ts';

/** An instance as far as its will is concerned: a VirtualRouter. */
export interface Testate {
  readonly config: { readonly name: string };
  readonly state: InstanceState;
  /** Null unless it is master. */
  bequest(): Bequest | null;
}

/** Milliseconds until a change that the supervisor could not take is offered again. */
const RETRY = 100;

export class Testator {
  readonly #platform: Platform;
  /** False: not taken now. */
  readonly #tell: (change: WillChange) => boolean;
  readonly #keys = new Map<Testate, number>();
  /** JSON of what was told last, of those that are master. */
  readonly #told = new Map<number, string>();
  readonly #doubtful = new Set<Testate>();
  #nextKey = 1;
  #isComing = false;
  #retry: Timer | null = null;

  constructor(platform: Platform, tell: (change: WillChange) => boolean) {
    this.#platform = platform;
    this.#tell = tell;
  }

  /** An instance has taken a step. Most are of no consequence here: an advertisement sent, one heard. */
  stepped(router: Testate, before: InstanceState): void {
    const { state } = router;
    if (state.phase !== 'MASTER' && before.phase !== 'MASTER') return;
    if (
      state.phase !== before.phase ||
      state.settings !== before.settings ||
      state.link !== before.link ||
      state.checksumForm !== before.checksumForm
    ) {
      this.review(router);
    }
  }

  /** What the instance holds or sends may have changed. */
  review(router: Testate): void {
    this.#doubtful.add(router);
    if (this.#isComing) return;
    this.#isComing = true;
    this.#platform.soon(() => {
      this.#isComing = false;
      this.#write();
    });
  }

  /** Tells at once what is to be told: for a process that is about to end, whose will would be executed as it stands. */
  flush(): void {
    this.#write();
  }

  #write(): void {
    this.#retry?.cancel();
    this.#retry = null;
    for (const router of this.#doubtful) {
      if (!this.#writeFor(router)) {
        this.#retry = this.#platform.after(RETRY, () => this.#write());
        return;
      }
      this.#doubtful.delete(router);
    }
  }

  #writeFor(router: Testate): boolean {
    const key = this.#keyOf(router);
    const bequest = router.bequest();
    const change = { key, instance: router.config.name, bequest: bequest && abridge(bequest) };
    const text = bequest === null ? undefined : JSON.stringify(change);
    if (text === this.#told.get(key)) return true;
    if (!this.#tell(change)) return false;
    if (text === undefined) this.#forget(router, key);
    else this.#told.set(key, text);
    return true;
  }

  #keyOf(router: Testate): number {
    const known = this.#keys.get(router);
    if (known !== undefined) return known;
    const key = this.#nextKey++;
    this.#keys.set(router, key);
    return key;
  }

  #forget(router: Testate, key: number): void {
    this.#told.delete(key);
    this.#keys.delete(router);
  }
}
