// Looks at the machine every few seconds, and keeps what it has seen.
import type { Platform, Timer } from '../../platform/platform.ts';
import { judgeWrite, type Verdict, type WriteRequest } from '../flash/budget.ts';
import { isMemory } from '../flash/counters.ts';
import { type KernelReading, readKernel } from '../flash/kernel.ts';
import { announcedIn } from '../flash/write-gate.ts';
import type { Log } from '../log.ts';
import type {
  BudgetStatus,
  CardEvent,
  FlashState,
  Samples,
  TelemetrySlice,
  TelemetryStatus,
} from '../protocol.ts';
import { readKept } from '../system/kept.ts';
import { parseDirty } from './dirty.ts';
import type { StoreKeeper } from './keeper.ts';
import { findWriters, readWritten } from './processes.ts';
import {
  configure,
  look,
  NEW_WATCH,
  settled,
  troublesOf,
  type Watch,
  type WatchStep,
  writtenInLife,
} from './watch.ts';
import { differWriters, type Written } from './writers.ts';

/** Milliseconds between two looks. */
export const INTERVAL = 5000;
/** The same while the board is too hot for more; no longer, as who wrote is known for a minute. */
export const RESTING_INTERVAL = 60_000;
/** Looks between two times that what was seen is saved: when the process dies, a difference over this time is all that is lost. */
const SAVED_EVERY = 12;

export interface SamplerOptions {
  readonly runDirectory: string;
  readonly log: Log;
  readonly keeper: StoreKeeper;
  happened(event: CardEvent): void;
}

export class Sampler {
  readonly #platform: Platform;
  readonly #options: SamplerOptions;
  #slice: TelemetrySlice | null = null;
  #watch: Watch = NEW_WATCH;
  #kernel: KernelReading | null = null;
  #written: Written | null = null;
  #looks = 0;
  #told: Samples = { values: {}, resting: false };
  #timer: Timer | null = null;
  /** Why there was no last look, in words. */
  #trouble: string | null = null;

  constructor(platform: Platform, options: SamplerOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#watch = options.keeper.load();
  }

  /** What applies from now on. The first one starts it all: without it nobody knows what was announced. */
  configure(slice: TelemetrySlice): void {
    this.#slice = slice;
    if (this.#timer === null) this.#tick();
    this.#take(configure(this.#watch, slice, this.#wall));
  }

  announce(announced: TelemetrySlice['announced']): void {
    if (this.#slice !== null) this.#slice = { ...this.#slice, announced };
  }

  /** What another process has measured, such as temperatures; it counts from look to look until it is told anew. */
  sample(samples: Samples): void {
    const wasResting = this.#told.resting;
    this.#told = samples;
    // At once, so that the heat for which it rests is seen as well as its end.
    if (wasResting !== samples.resting && this.#timer !== null) {
      this.#timer.cancel();
      this.#tick();
    }
  }

  /** What was announced is over: what has not been seen of it will not be. */
  settle(): void {
    if (this.#slice === null) return;
    this.#tryLook(this.#slice);
    this.#watch = settled(this.#watch, this.#slice);
  }

  /** Whether a write fits the budget; without a budget every write does. */
  judge(request: WriteRequest): Verdict {
    const { budget } = this.#watch;
    return budget === null ? { answer: 'allowed' } : judgeWrite(budget, request, this.#wall);
  }

  get status(): TelemetryStatus {
    const { trouble } = this.#options.keeper;
    const troubles = troublesOf(this.#watch);
    return {
      budget: this.#budget,
      troubles: [...troubles, ...[this.#trouble, trouble].filter(each => each !== null)],
    };
  }

  get flash(): FlashState {
    const { monitor, gauges, guarded } = this.#watch;
    const { last, histories } = monitor;
    const readOnly = this.#kernel?.readOnly ?? null;
    const card = this.#slice?.card ?? null;
    return {
      uptime: last?.time ?? 0,
      boot: last?.boot ?? null,
      histories: [...histories],
      sizes: [...(this.#kernel?.sizes ?? [])].filter(([name]) => histories.has(name)),
      readOnly: readOnly && [...readOnly].filter(name => histories.has(name)),
      guarded: [...guarded],
      profile: this.#slice?.profile ?? null,
      card: card?.disk ?? null,
      written: writtenInLife(this.#watch, card),
      erased: card?.erased ?? null,
      budget: this.#budget,
      gauges: [...gauges],
      writers: this.#options.keeper.with(store => store.writers) ?? [],
      notes: this.#options.keeper.with(store => store.notes) ?? [],
    };
  }

  close(): void {
    this.#timer?.cancel();
    if (this.#timer !== null) this.#save();
    this.#options.keeper.close();
  }

  /** Whole milliseconds. */
  get #wall(): number {
    return Math.round(this.#platform.clock.wall());
  }

  get #budget(): BudgetStatus | null {
    const { budget } = this.#watch;
    return budget && { perDay: budget.perDay, spent: budget.spent };
  }

  #tick(): void {
    const interval = this.#told.resting ? RESTING_INTERVAL : INTERVAL;
    this.#timer = this.#platform.after(interval, () => this.#tick());
    this.#hear();
    this.#tryLook(this.#slice!);
    if (this.#looks++ % SAVED_EVERY === 0) this.#save();
  }

  /** An announcement that waits to be heard while this process was held up is for a write that may be over. */
  #hear(): void {
    const announced = readKept<TelemetrySlice['announced']>(
      this.#platform,
      announcedIn(this.#options.runDirectory),
    );
    if (announced !== null) this.announce(announced);
  }

  #tryLook(slice: TelemetrySlice): void {
    try {
      this.#look(slice);
      this.#trouble = null;
    } catch (error) {
      const trouble = `disks cannot be watched: ${error instanceof Error ? error.message : String(error)}`;
      if (trouble !== this.#trouble) this.#options.log.error(trouble);
      this.#trouble = trouble;
    }
  }

  #look(slice: TelemetrySlice): void {
    const { files } = this.#platform;
    const wall = this.#wall;
    const kernel = readKernel(path => files.readText(path));
    this.#kernel = kernel;
    const { reading, readOnly } = kernel;
    const written = readWritten(this.#platform);
    const disks = reading.devices.filter(({ name }) => !isMemory(name));
    const writers = findWriters(this.#platform, differWriters(this.#written, written), disks);
    this.#written = written;
    const dirty = parseDirty(files.readText('/proc/meminfo'));
    const own = dirty === null ? {} : { dirty };
    const samples = new Map(Object.entries({ ...own, ...this.#told.values }));
    if (writers.length > 0) this.#options.keeper.with(store => store.addWriters(writers, wall));
    this.#take(look(this.#watch, { reading, readOnly, samples, writers, wall }, slice));
  }

  #take({ watch, events }: WatchStep): void {
    this.#watch = watch;
    const { log, keeper, happened } = this.#options;
    for (const event of events) {
      const text = event.reason;
      if (event.kind === 'alarm') log.error(text);
      else log.warn(text);
      keeper.with(store => store.addNote(event.at, text));
      happened(event);
    }
  }

  #save(): void {
    this.#options.keeper.with(store => store.save(this.#watch));
  }
}
