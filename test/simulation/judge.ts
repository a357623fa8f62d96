// Watches a world and throws when the directors break a promise.
import type { Phase } from '../../src/director/vrrp/instance.ts';
import type { Node, Observer, World } from './world.ts';

/** Milliseconds of rounding. */
const EPSILON = 0.001;

/**
 * The promises hold for every set of nodes that all hear each other and nobody else, counted from the last disturbance:
 * - no moment without a master after the longest down interval,
 * - no two masters for longer than an interval and a delay,
 * - no change of phase at all once both of these are over.
 */
export class Judge implements Observer {
  readonly #world: World;
  readonly #trace: string[] | null;
  #lastDisturbance = 0;
  #nobodySince = 0;
  #twoSince = 0;
  #watched = Number.POSITIVE_INFINITY;
  #longestInterval = 0;
  /** The last disturbance was a master, or somebody, that left in peace: then nobody has to wait for a silence. */
  #farewell = false;

  constructor(world: World, trace: string[] | null) {
    this.#world = world;
    this.#trace = trace;
  }

  /** Milliseconds without a master that the timers explain: three intervals and the skew time, or that alone after a farewell. */
  get longestSilence(): number {
    const { maximumDelay, maximumLateness } = this.#world.medium;
    const silence = this.#farewell ? 0 : 3 * this.#longestInterval;
    return silence + this.#longestSkew() + maximumDelay + maximumLateness;
  }

  get longestDuel(): number {
    const { maximumDelay, maximumLateness } = this.#world.medium;
    return this.#longestInterval + maximumDelay + maximumLateness;
  }

  /** After this much peace nothing changes any more. */
  get settlingTime(): number {
    const { maximumDelay } = this.#world.medium;
    return 3 * this.#longestInterval + this.#longestSkew() + this.longestDuel + 2 * maximumDelay;
  }

  disturbed(what: string): void {
    this.judge();
    this.note(what);
    const peace = this.#world.now > this.#lastDisturbance + this.settlingTime && this.#claims();
    const { minimumDelay, maximumDelay } = this.#world.medium;
    // An advertisement that the farewell overtook on its way starts the long wait again.
    this.#farewell = peace && what.endsWith('stops') && minimumDelay === maximumDelay;
    this.#lastDisturbance = this.#world.now;
  }

  changed(): void {
    for (const { settings } of this.#world.nodes) {
      this.#longestInterval = Math.max(this.#longestInterval, settings.advertInterval);
    }
    this.judge();
  }

  stepped(node: Node, before: Phase | null): void {
    const phase = node.state?.phase ?? null;
    if (node.holdsAddresses !== (phase === 'MASTER'))
      this.#fail(`node ${node.index} is ${phase} and holds addresses: ${node.holdsAddresses}`);
    if (phase === before) return;
    this.note(`node ${node.index}: ${before} -> ${phase}`);
    if (this.#claims() && this.#world.now > this.#lastDisturbance + this.settlingTime + EPSILON) {
      this.#fail(`node ${node.index} changes from ${before} to ${phase} in peace`);
    }
    this.judge();
  }

  /** To be called often enough to notice what does not happen. */
  judge(): void {
    const { now } = this.#world;
    this.#check(now);
    const masters = this.#mastersPerSegment();
    if (!masters.includes(0)) this.#nobodySince = Number.POSITIVE_INFINITY;
    else if (this.#nobodySince === Number.POSITIVE_INFINITY) this.#nobodySince = now;
    if (!masters.some(count => count > 1)) this.#twoSince = Number.POSITIVE_INFINITY;
    else if (this.#twoSince === Number.POSITIVE_INFINITY) this.#twoSince = now;
    this.#watched = now;
  }

  /** At the end of peace: with everybody preempting, the highest priority is master. */
  conclude(): void {
    this.judge();
    const alive = this.#alive();
    const masters = alive.filter(node => node.state?.phase === 'MASTER');
    if (masters.length !== 1) this.#fail(`${masters.length} masters in the end`);
    if (!alive.every(({ settings }) => settings.preempt)) return;
    const highest = Math.max(...alive.map(({ settings }) => settings.priority));
    if (masters[0]!.settings.priority !== highest)
      this.#fail('the highest priority is not master in the end');
  }

  note(text: string): void {
    this.#trace?.push(`${this.#world.now.toFixed(3)} ${text}`);
  }

  // What was the case since the last look lasted until now.
  #check(now: number): void {
    if (this.#watched === Number.POSITIVE_INFINITY || !this.#claims()) return;
    const nobody = now - Math.max(this.#nobodySince, this.#lastDisturbance);
    if (nobody > this.longestSilence + EPSILON) this.#fail(`no master for ${nobody} ms`);
    const two = now - Math.max(this.#twoSince, this.#lastDisturbance);
    if (two > this.longestDuel + EPSILON) this.#fail(`two masters for ${two} ms`);
  }

  #longestSkew(): number {
    const skews = this.#world.nodes.map(({ settings }) => {
      const scale = settings.version === 2 ? 1000 : this.#longestInterval;
      return ((256 - settings.priority) / 256) * scale;
    });
    return Math.max(...skews);
  }

  #alive(): Node[] {
    return this.#world.nodes.filter(
      node => node.state !== null && node.linkUp && node.state.phase !== 'INITIALIZE',
    );
  }

  /** False while somebody hears without being heard, or three do not all hear each other: VRRP cannot promise anything then. */
  #claims(): boolean {
    if (this.#world.nodes.some(node => node.stalled)) return false;
    const alive = this.#alive();
    return alive.every(one =>
      alive.every(other => {
        if (one === other) return true;
        if (this.#world.reaches(one, other) !== this.#world.reaches(other, one)) return false;
        return alive.every(
          third =>
            this.#isNeighbour(one, third) === this.#isNeighbour(other, third) ||
            !this.#isNeighbour(one, other),
        );
      }),
    );
  }

  #isNeighbour(one: Node, other: Node): boolean {
    return one === other || this.#world.reaches(one, other);
  }

  #mastersPerSegment(): number[] {
    const alive = this.#alive();
    return alive.map(
      one => alive.filter(other => this.#isNeighbour(one, other) && other.state?.phase === 'MASTER').length,
    );
  }

  #fail(text: string): never {
    this.note(text);
    throw new Error(`at ${this.#world.now.toFixed(3)} ms: ${text}`);
  }
}
