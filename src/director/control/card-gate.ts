// What the telemetry process is told of the card: what is configured, what the odometer says, and each write before it is made, since a
// write that was not announced is an alarm.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { Verdict, WriteRequest } from '../flash/budget.ts';
import { SECTOR_BYTES } from '../flash/counters.ts';
import { UNKNOWN_CARD } from '../flash/profiles.ts';
import { announcedIn, type WriteGate } from '../flash/write-gate.ts';
import type { Log } from '../log.ts';
import type { CardOdometer, TelemetrySlice } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';
import type { CardStore } from './card-store.ts';
import type { RoleLink } from './role-link.ts';

export interface CardGateOptions {
  readonly runDirectory: string;
  readonly log: Log;
  readonly store: Pick<CardStore, 'odometer'>;
  readonly telemetry: Pick<RoleLink, 'configure' | 'amend' | 'ask'>;
}

export class CardGate {
  readonly #platform: Platform;
  readonly #options: CardGateOptions;
  readonly #path: string;
  #slice: TelemetrySlice;

  constructor(platform: Platform, options: CardGateOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#path = announcedIn(options.runDirectory);
    const announced = readKept<TelemetrySlice['announced']>(platform, this.#path) ?? {};
    this.#slice = { budget: null, profile: UNKNOWN_CARD, card: this.#odometer(), announced };
  }

  configure({ flash }: Config): void {
    const { perDay: budget = null, card: profile = UNKNOWN_CARD } = flash ?? {};
    if (budget !== null && this.#slice.card === null) {
      this.#options.log.warn(
        'per_day of flash_budget has no effect: the director was not started from a card',
      );
    }
    this.#slice = { ...this.#slice, budget, profile };
    this.#options.telemetry.configure(this.#slice);
  }

  /** For one write; `overBudget`: somebody has said that it is to be made in any case. */
  for(who: string, overBudget: boolean): WriteGate {
    return {
      open: async (devices, sectors) => {
        if (!overBudget) await this.#ask({ kind: 'commit', who, size: sectors * SECTOR_BYTES });
        await this.#announce(devices, sectors);
      },
      close: () => {
        this.#tell('settle', null);
        this.#slice = { ...this.#slice, card: this.#odometer() };
        this.#options.telemetry.configure(this.#slice);
      },
    };
  }

  /** A telemetry process that does not answer has nothing to say about it. */
  async #ask(request: WriteRequest): Promise<void> {
    const verdict = (await this.#tell('judge', request)) as Verdict | null;
    if (verdict === null || verdict.answer === 'allowed') return;
    throw new Error(`${verdict.reason}; --over-budget writes it all the same`);
  }

  async #announce(devices: readonly string[], sectors: number): Promise<void> {
    const announced = { ...this.#slice.announced };
    for (const device of devices) announced[device] = (announced[device] ?? 0) + sectors;
    this.#slice = { ...this.#slice, announced };
    keep(this.#platform, this.#path, announced);
    this.#options.telemetry.amend(this.#slice);
    // One that does not answer learns it with its configuration, before it looks.
    await this.#tell('announce', announced);
  }

  /** Null when it does not answer. */
  #tell(command: string, argument: unknown): Promise<unknown> {
    return this.#options.telemetry.ask(command, argument).catch(() => null);
  }

  #odometer(): CardOdometer | null {
    try {
      return this.#options.store.odometer();
    } catch (error) {
      this.#options.log.warn(
        `the odometer cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
      return null;
    }
  }
}
