// What the rules want to know about a world: how long it has been at peace, and how long things may take in it.
import { understands } from './keys.ts';
import { isMaster, type Router, takesPart } from './node.ts';
import type { World } from './world.ts';

/** Parts of a duration that clocks may differ by, and milliseconds of rounding. */
const DRIFT = 3e-4;
const EPSILON = 0.001;

export class Facts {
  readonly world: World;
  /** When something last happened that excuses what the directors do. */
  lastDisturbance = 0;
  /** The greatest of all that were ever configured. */
  #longestInterval = 0;
  #mostAdverts = 0;
  #longestPreemptDelay = 0;
  readonly #note: (text: string) => void;

  constructor(world: World, note: (text: string) => void) {
    this.world = world;
    this.#note = note;
  }

  disturbed(text: string): void {
    this.note(text);
    this.lastDisturbance = this.world.now;
  }

  /** Looks at the settings again. */
  changed(): void {
    for (const { settings } of this.world.routers) {
      this.#longestInterval = Math.max(this.#longestInterval, settings.advertInterval);
      this.#mostAdverts = Math.max(this.#mostAdverts, settings.downTimerAdverts);
      this.#longestPreemptDelay = Math.max(this.#longestPreemptDelay, settings.preemptDelay);
    }
  }

  get now(): number {
    return this.world.now;
  }

  /** Those who take part and run. */
  get active(): Router[] {
    return this.world.routers.filter(router => takesPart(router) && !router.node.isStalled);
  }

  /** Whether a router hears an active master other than itself. */
  hearsMaster(router: Router): boolean {
    return this.active.some(other => other !== router && isMaster(other) && this.hears(router, other));
  }

  /** Whether advertisements of `other` reach `router` and mean something to it. */
  hears(router: Router, other: Router): boolean {
    return this.world.reaches(other, router) && understands(router, other);
  }

  /** True when all of them that are on the same segment hear each other. */
  isMesh(routers: readonly Router[]): boolean {
    return routers.every(one =>
      routers.every(other => one === other || one.segment !== other.segment || this.hears(one, other)),
    );
  }

  /** `duration` by the clocks of others, with a delayed packet and a late timer. */
  atMost(duration: number): number {
    const { quality, maximumLateness } = this.world;
    return duration * (1 + DRIFT) + quality.maximumDelay + maximumLateness + EPSILON;
  }

  atLeast(duration: number): number {
    return duration * (1 - DRIFT) - EPSILON;
  }

  /** RFC 9568, 6.1 and RFC 3768, 6.1, once more and on purpose not with the code under test. */
  skew({ settings }: Router, priority: number, masterInterval: number): number {
    return ((256 - priority) / 256) * (settings.version === 3 ? masterInterval : 1000);
  }

  /** Milliseconds until anybody notices that nobody advertises. */
  get longestSilence(): number {
    const skew = Math.max(
      this.#longestInterval,
      1000 * Number(this.world.routers[0]!.settings.version === 2),
    );
    return this.atMost(this.#mostAdverts * this.#longestInterval + skew);
  }

  /** After this much time without a disturbance nothing changes any more. */
  get settlingTime(): number {
    const delay = this.#longestPreemptDelay;
    const round = this.longestSilence * (delay > 0 ? 2 : 1) + delay + this.atMost(this.#longestInterval) * 2;
    // Who hears only some of the others settles after those who rank higher.
    const { active } = this;
    return this.isMesh(active) ? round : round * active.length;
  }

  /** True while nothing may change. */
  get isPeaceful(): boolean {
    return (
      this.now > this.lastDisturbance + this.settlingTime &&
      !this.world.nodes.some(({ isStalled }) => isStalled)
    );
  }

  note(text: string): void {
    this.#note(text);
  }

  /** A rule is broken. */
  fail(text: string): never {
    this.note(text);
    throw new Error(`at ${this.now.toFixed(3)} ms: ${text}`);
  }
}
