// Which interfaces count as up: what the kernel says of them, once it has lasted as long as is configured.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { InterfaceDelayConfig } from '../config/vrrp-config.ts';
import { type Settling, settle } from './interface-delay.ts';

export class SettledInterfaces {
  readonly #platform: Platform;
  readonly #changed: () => void;
  #delays: readonly InterfaceDelayConfig[] = [];
  /** By name; only of interfaces with a delay. */
  readonly #states = new Map<string, Settling>();
  #timer: Timer | null = null;

  /** `changed`: an interface counts otherwise now, without any news from the kernel. */
  constructor(platform: Platform, changed: () => void) {
    this.#platform = platform;
    this.#changed = changed;
  }

  configure(delays: readonly InterfaceDelayConfig[]): void {
    this.#delays = delays;
    for (const name of [...this.#states.keys()]) if (this.#delayOf(name) === null) this.#states.delete(name);
  }

  /** To be told what an interface is now; returns what it counts as. */
  isUp(name: string, isUp: boolean): boolean {
    const delay = this.#delayOf(name);
    if (delay === null) return isUp;
    const state = settle(this.#states.get(name) ?? null, isUp, delay, this.#platform.clock.monotonic());
    this.#states.set(name, state);
    this.#arm();
    return state.up;
  }

  #delayOf(name: string): InterfaceDelayConfig | null {
    return this.#delays.find(delay => delay.interface === name) ?? null;
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    let due = Number.POSITIVE_INFINITY;
    for (const state of this.#states.values()) if (state.due !== null) due = Math.min(due, state.due);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#platform.after(due - this.#platform.clock.monotonic(), () => {
      this.#timer = null;
      this.#changed();
    });
  }
}
