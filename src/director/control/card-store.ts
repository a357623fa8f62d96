// The configurations on the card: what a person commits is written there, and what was committed can be had again.
import type { Platform } from '../../platform/platform.ts';
import { writeBootArguments } from '../flash/boot-arguments.ts';
import type { CardIo } from '../flash/card-io.ts';
import { loadCodec } from '../flash/codec.ts';
import { commitOf, configOf, historyOf, newestOf, planCommit } from '../flash/commit.ts';
import { type Card, findCard, readStore } from '../flash/disk.ts';
import { serialNumberOf } from '../flash/identity.ts';
import { readKernel } from '../flash/kernel.ts';
import {
  advance,
  type Distance,
  decodeOdometer,
  encodeOdometer,
  type Odometer,
  odometerOf,
  withCommit,
  withErasures,
} from '../flash/odometer.ts';
import type { EraseCount } from '../flash/smart.ts';
import { type Decoded, SEED_LENGTH, type Snapshot } from '../flash/store.ts';
import type { WriteGate } from '../flash/write-gate.ts';
import { sectorsFor, writeSnapshot } from '../flash/writer.ts';
import type { CardOdometer } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';

/** What is to be committed. */
export interface CommitContent {
  readonly config: Uint8Array;
  readonly comment: string;
  /** What the card says of its erasures before it; null when it does not. */
  readonly erased: EraseCount | null;
}

/** What became of a commit. */
export interface Committed {
  readonly sequence: number;
  /** Where it is: the device and which of the two copies, 1 or 2. */
  readonly device: string;
  readonly copy: number;
  /** Sectors of 512 bytes that were written; 0 when the card held this configuration already. */
  readonly sectors: number;
}

/** A commit that the card can give back. */
export interface KnownCommit {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly comment: string;
}

export interface StoreStatus {
  readonly device: string;
  /** The state of each copy, in words. */
  readonly copies: readonly string[];
  /** Newest first. */
  readonly commits: readonly KnownCommit[];
}

/** What is kept of the odometer while the board runs. */
interface Kept {
  /** Counters of this boot that it holds already. */
  readonly counted: Distance;
  readonly disk: string;
  /** The card is not read for it again: what is damaged there meanwhile says less. */
  readonly odometer: Odometer;
  /** The number of the last commit. */
  readonly sequence: number;
}

const NOTHING: Distance = { sectors: 0, writes: 0, powered: 0 };

export class CardStore {
  readonly #platform: Platform;
  readonly #path: string;
  readonly #io: CardIo;

  constructor(platform: Platform, runDirectory: string, io: CardIo) {
    this.#platform = platform;
    this.#io = io;
    this.#path = `${runDirectory}/odometer.json`;
  }

  /**
   * Writes `config` to the card unless it is what the card holds. Rejects with an Error that says what is wrong with the card, or with what
   * the gate rejects with: then nothing was written.
   */
  async commit({ config, comment, erased }: CommitContent, gate: WriteGate): Promise<Committed> {
    const platform = this.#platform;
    const card = this.#card();
    const copies = readStore(platform, card.store);
    const newest = newestOf(copies);
    if (newest !== null && isSame(newest.config, config)) {
      return { sequence: newest.sequence, device: card.store, copy: copyOf(copies, newest), sectors: 0 };
    }
    const codec = await loadCodec();
    const total = this.#total(card);
    const request = {
      config,
      comment,
      time: Math.round(platform.clock.wall()),
      seed: platform.random(SEED_LENGTH),
      odometer: new Uint8Array(0),
      after: this.#kept?.sequence ?? 0,
    };
    const before = withErasures(this.#advanced(card, newest, total), erased);
    const planFor = (sectors: number) => {
      const odometer = encodeOdometer(withCommit(before, sectors, request.time));
      return planCommit(copies, { ...request, odometer }, codec);
    };
    const sectors = sectorsFor(planFor(0).snapshot);
    const plan = planFor(sectors);
    const devices = [card.disk, card.store.slice('/dev/'.length)];
    await gate.open(devices, sectors);
    try {
      await writeSnapshot(platform, this.#io, card, plan);
      this.#keep(card, plan.snapshot, {
        ...total,
        sectors: total.sectors + sectors,
        writes: total.writes + 1,
      });
    } finally {
      this.#io.whenOver(() => gate.close());
    }
    return { sequence: plan.snapshot.sequence, device: card.store, copy: plan.copy + 1, sectors };
  }

  /** What the card's odometer says; null without a card. Throws a SystemError when it cannot be read. */
  odometer(): CardOdometer | null {
    const kept = this.#kept;
    if (kept !== null) return sayingsOf(kept);
    const card = findCard(this.#platform, () => {});
    if ('missing' in card) return null;
    return sayingsOf(this.#keep(card, newestOf(readStore(this.#platform, card.store)), NOTHING));
  }

  /** Has GRUB start the kernel with `words`, in place of those with one of `names`. Resolves with the sectors written. Rejects as `commit`. */
  async boot(words: readonly string[], names: readonly string[], gate: WriteGate): Promise<number> {
    return writeBootArguments(this.#platform, this.#io, this.#card().disk, words, names, gate);
  }

  /** Rejects with an Error that says what is wrong with the card. */
  async status(): Promise<StoreStatus> {
    const card = this.#card();
    const copies = readStore(this.#platform, card.store);
    const newest = newestOf(copies);
    return {
      device: card.store,
      copies: copies.map(stateOf),
      commits: newest === null ? [] : [commitOf(newest), ...historyOf(newest, await loadCodec())].map(known),
    };
  }

  /** The configuration of a commit. Rejects with an Error when the card does not have it. */
  async config(sequence: number): Promise<Uint8Array> {
    const newest = newestOf(readStore(this.#platform, this.#card().store));
    const config = newest && configOf(newest, sequence, await loadCodec());
    if (!config) throw new Error(`the card has no commit ${sequence}: director history lists what it has`);
    return config;
  }

  #card(): Card {
    const card = findCard(this.#platform, () => {});
    if ('missing' in card) throw new Error(`there is no card to commit to: ${card.missing}`);
    return card;
  }

  #keep(card: Card, newest: Snapshot | null, counted: Distance): Kept {
    const odometer = this.#stored(card, newest);
    const kept: Kept = { counted, disk: card.disk, odometer, sequence: newest?.sequence ?? 0 };
    keep(this.#platform, this.#path, kept);
    return kept;
  }

  #total({ disk }: Card): Distance {
    const { reading } = readKernel(path => this.#platform.files.readText(path));
    const device = reading.devices.find(({ name }) => name === disk);
    const { sectorsWritten = 0, writes = 0 } = device?.counters ?? {};
    return { sectors: sectorsWritten, writes, powered: reading.uptime };
  }

  /** The card's odometer as it is now; what earlier commits of this boot have counted is not counted again. */
  #advanced(card: Card, newest: Snapshot | null, total: Distance): Odometer {
    const kept = this.#kept;
    const counted = kept?.counted ?? NOTHING;
    const since = {
      sectors: Math.max(0, total.sectors - counted.sectors),
      writes: Math.max(0, total.writes - counted.writes),
      powered: Math.max(0, total.powered - counted.powered),
    };
    const serial = serialNumberOf(this.#platform, card.disk);
    const known = kept === null ? this.#stored(card, newest) : odometerOf(serial, kept.odometer);
    return advance(known, since, this.#platform.clock.wall());
  }

  #stored({ disk }: Card, newest: Snapshot | null): Odometer {
    const stored = newest?.odometer === undefined ? null : decodeOdometer(newest.odometer);
    return odometerOf(serialNumberOf(this.#platform, disk), stored);
  }

  get #kept(): Kept | null {
    return readKept<Kept>(this.#platform, this.#path);
  }
}

function sayingsOf({ counted, disk, odometer: { sectors, day, spent, erased } }: Kept): CardOdometer {
  return { disk, sectors, day, spent, erased: erased ?? null, counted: counted.sectors };
}

function known({ sequence, time, comment }: KnownCommit): KnownCommit {
  return { sequence, time, comment };
}

function copyOf(copies: readonly Decoded[], { sequence }: Snapshot): number {
  return copies.findIndex(copy => copy.state === 'valid' && copy.snapshot.sequence === sequence) + 1;
}

function stateOf(copy: Decoded): string {
  return copy.state === 'valid' ? `commit ${copy.snapshot.sequence}` : `${copy.state}: ${copy.reason}`;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
