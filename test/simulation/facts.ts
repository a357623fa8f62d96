// What the rules want to know about a world: how long it has been at peace, and how long things may take in it.
import { isMaster, type Node, takesPart, understands } from './node.ts';
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
    for (const { settings } of this.world.nodes) {
      this.#longestInterval = Math.max(this.#longestInterval, settings.advertInterval);
      this.#mostAdverts = Math.max(this.#mostAdverts, settings.downTimerAdverts);
      this.#longestPreemptDelay = Math.max(this.#longestPreemptDelay, settings.preemptDelay);
    }
  }

  get now(): number {
    return this.world.now;
  }

  /** Those who take part and run. */
  get active(): Node[] {
    return this.world.nodes.filter(node => takesPart(node) && !node.stalled);
  }

  /** Active masters other than `node` that it hears. */
  mastersHeardBy(node: Node): Node[] {
    return this.active.filter(other => other !== node && isMaster(other) && this.hears(node, other));
  }

  /** Whether advertisements of `other` reach `node` and mean something to it. */
  hears(node: Node, other: Node): boolean {
    return this.world.reaches(other, node) && understands(node, other);
  }

  /** True when all of them hear each other. */
  isMesh(nodes: readonly Node[]): boolean {
    return nodes.every(one => nodes.every(other => one === other || this.hears(one, other)));
  }

  /** `duration` by the clocks of others, with a delayed packet and a late timer. */
  atMost(duration: number): number {
    const { network, maximumLateness } = this.world;
    return duration * (1 + DRIFT) + network.quality.maximumDelay + maximumLateness + EPSILON;
  }

  atLeast(duration: number): number {
    return duration * (1 - DRIFT) - EPSILON;
  }

  /** RFC 9568, 6.1 and RFC 3768, 6.1, once more and on purpose not with the code under test. */
  skew({ settings }: Node, priority: number, masterInterval: number): number {
    return ((256 - priority) / 256) * (settings.version === 3 ? masterInterval : 1000);
  }

  /** Milliseconds until anybody notices that nobody advertises. */
  get longestSilence(): number {
    const skew = Math.max(this.#longestInterval, 1000 * Number(this.world.nodes[0]!.settings.version === 2));
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
      this.now > this.lastDisturbance + this.settlingTime && !this.world.nodes.some(({ stalled }) => stalled)
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
