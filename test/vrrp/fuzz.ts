// Packets that nobody should send and events in any order, against the decoder and the instance; every step is judged by the rules.
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import type { Authentication } from '../../src/director/vrrp/authentication.ts';
import { NO_DEVIATIONS, OUR_DEVIATIONS } from '../../src/director/vrrp/deviations.ts';
import {
  type InstanceEvent,
  type InstanceSettings,
  type InstanceState,
  newInstance,
  nextTimer,
  step,
} from '../../src/director/vrrp/instance.ts';
import { compareAddresses } from '../../src/director/vrrp/order.ts';
import { messageEnd, writeChecksum } from '../../src/director/vrrp/packet.ts';
import { clockSequence } from '../../src/director/vrrp/sequence.ts';
import { Random } from '../simulation/random.ts';
import { SETTINGS } from './bench.ts';

const WALL = 1_700_000_000_000;
/** Inputs to one instance before another is drawn. */
const LIFE = 500;
const KEYS = [1, 2].map(id => ({ id, bytes: new Uint8Array(32).fill(id) }));

/** Plays `rounds` inputs; throws an Error that names the round when a rule is broken. */
export function fuzz(seed: number, rounds: number): void {
  const random = new Random(seed);
  let life = new Life(random);
  for (let round = 0; round < rounds; round++) {
    if (round % LIFE === 0) life = new Life(random);
    try {
      life.input();
    } catch (error) {
      throw new Error(`round ${round}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** One instance and the senders around it. */
class Life {
  readonly #random: Random;
  readonly #settings: InstanceSettings;
  #state: InstanceState;
  #now = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#settings = drawSettings(random);
    const link = { up: true, address: this.#address(random.integer(1, 5)) };
    this.#state = newInstance(this.#settings, link, this.#now);
    this.#step({ kind: 'start' });
  }

  input(): void {
    const random = this.#random;
    this.#now += random.chance(0.1) ? random.between(0, 5000) : random.between(0, 100);
    if (random.chance(0.15)) this.#step(this.#drawEvent());
    else this.#hear();
    const due = nextTimer(this.#state);
    if (due !== null && due <= this.#now) this.#step({ kind: 'timer' });
  }

  #hear(): void {
    const random = this.#random;
    const source = this.#address(random.integer(1, 5));
    const destination = this.#settings.destinations[0]!;
    const original = this.#seal(source, destination);
    const message = random.chance(0.1) ? drawBytes(random, random.integer(0, 80)) : mutated(random, original);
    if (random.chance(0.6)) repair(message, source, destination);
    const hops = random.chance(0.05) ? random.integer(0, 255) : 255;
    const event = readAdvertisement(
      this.#state,
      message,
      { source, destination, hops },
      this.#wall(),
      this.#now,
    );
    if (event.kind !== 'advertisement' && event.kind !== 'malformed') throw new Error(`a ${event.kind}`);
    if (event.kind === 'advertisement') {
      judgeContent(event, message, source);
      this.#judgeOrigin(message, original);
    }
    this.#step(event);
  }

  /** What is authenticated cannot have been changed where it counts. */
  #judgeOrigin(message: Uint8Array, original: Uint8Array): void {
    if (this.#settings.authentication.kind !== 'HMAC') return;
    for (let at = 0; at < original.length; at++) {
      if (at !== 6 && at !== 7 && message[at] !== original[at]) throw new Error(`byte ${at} was changed`);
    }
  }

  #seal(source: Uint8Array, destination: Uint8Array): Uint8Array {
    const random = this.#random;
    const { version, family, authentication } = this.#settings;
    const settings: InstanceSettings = {
      ...this.#settings,
      version: random.chance(0.1) && family === 4 ? random.pick([2, 3]) : version,
      advertInterval: random.pick([10, 100, 1000, 2000, 40_950]),
      authentication: authentication.kind === 'none' ? NONE : random.pick([authentication, NONE]),
      addresses: random.chance(0.2) ? [source, destination] : this.#settings.addresses,
    };
    const checksumForm = random.pick(['plain', 'pseudo-header'] as const);
    const sequence = clockSequence(this.#wall());
    return sealAdvertisement(
      { settings, checksumForm },
      random.integer(0, 255),
      source,
      destination,
      sequence,
    );
  }

  #drawEvent(): InstanceEvent {
    const random = this.#random;
    const address = random.chance(0.9) ? this.#address(random.integer(1, 5)) : null;
    return random.pick<InstanceEvent>([
      { kind: 'start' },
      { kind: 'start' },
      { kind: 'stop' },
      { kind: 'timer' },
      { kind: 'link', link: { up: random.chance(0.8), address } },
      { kind: 'tracking', adjustment: random.integer(-300, 300), faults: random.chance(0.2) ? ['why'] : [] },
      { kind: 'promote', reason: 'why' },
      { kind: 'demote', reason: 'why' },
      { kind: 'trouble', text: `trouble ${random.integer(1, 20)}` },
      { kind: 'settings', settings: { ...this.#settings, priority: random.integer(1, 255) } },
    ]);
  }

  #step(event: InstanceEvent): void {
    const before = this.#state;
    const { state, effects } = step(before, event, this.#now);
    this.#state = state;
    const wanted = effects.map(({ kind }) => kind).filter(kind => kind !== 'report' && kind !== 'alarm');
    if (event.kind === 'malformed') judgeMalformed(before, state, wanted);
    if (event.kind === 'advertisement') judgeAdvertisement(event, before, state, wanted);
    judgeState(state, this.#now);
  }

  #address(last: number): Uint8Array {
    if (this.#settings.family === 4) return Uint8Array.of(10, 99, 0, last);
    return Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
  }

  #wall(): number {
    return WALL + this.#now;
  }
}

const NONE: Authentication = { kind: 'none' };
const PASS: Authentication = { kind: 'PASS', password: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
const HMAC: Authentication = {
  kind: 'HMAC',
  keys: KEYS,
  active: KEYS[0]!,
  window: 5000,
  enforces: true,
};

function drawSettings(random: Random): InstanceSettings {
  const family = random.pick([4, 4, 6] as const);
  const version = family === 6 ? 3 : random.pick([2, 3] as const);
  const group = new Uint8Array(family === 4 ? 4 : 16).fill(0xe0);
  const signs = random.chance(0.1) ? HMAC : NONE;
  return {
    ...SETTINGS,
    family,
    version,
    priority: random.pick([1, 100, 254, 255]),
    advertInterval: version === 2 ? 1000 : 100,
    preempt: random.chance(0.7),
    preemptDelay: random.pick([0, 0, 3000]),
    addresses: [group],
    destinations: [group],
    checksum: random.pick(['auto', 'keepalived', 'rfc9568']),
    authentication: version === 2 && random.chance(0.3) ? PASS : signs,
    ownerIgnoresAdverts: random.chance(0.2),
    synced: random.chance(0.3),
    deviations: random.pick([OUR_DEVIATIONS, NO_DEVIATIONS]),
  };
}

function drawBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

/** A copy with some of its bytes, or its end, changed. */
function mutated(random: Random, original: Uint8Array): Uint8Array {
  const message = original.slice();
  for (let count = random.integer(0, 2); count > 0; count--) {
    message[random.integer(0, message.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.1) ? message.subarray(0, random.integer(0, message.length)) : message;
}

/** Gives a message a right checksum, so that what is wrong with it otherwise is looked at. */
function repair(message: Uint8Array, source: Uint8Array, destination: Uint8Array): void {
  if (message.length < 8) return;
  const length = Math.min(messageEnd(message, source.length), message.length);
  writeChecksum(message, length, source, destination, 'pseudo-header');
}

/** What may change when a message is discarded. */
const OF_NO_CONSEQUENCE = new Set(['counters', 'trouble', 'complaints', 'rival', 'duplicate']);

function judgeMalformed(before: InstanceState, after: InstanceState, wanted: readonly string[]): void {
  if (wanted.length > 0) throw new Error(`a malformed message wants ${wanted.join(' ')}`);
  for (const key of Object.keys(before) as (keyof InstanceState)[]) {
    if (!OF_NO_CONSEQUENCE.has(key) && before[key] !== after[key])
      throw new Error(`a malformed message changed ${key}`);
  }
  if (after.counters.discarded !== before.counters.discarded + 1) throw new Error('it was not counted');
}

/** What the rules of RFC 9568, 7.1 let through. */
function judgeContent({ advertisement }: Heard, message: Uint8Array, source: Uint8Array): void {
  const { interval, addresses, version } = advertisement;
  if (interval <= 0 || interval > (version === 2 ? 255_000 : 40_950)) throw new Error(`interval ${interval}`);
  if (addresses.length === 0 || addresses.length !== message[3]! * source.length)
    throw new Error('addresses');
  if (messageEnd(message, source.length) > message.length) throw new Error('it ends too early');
}

type Heard = Extract<InstanceEvent, { kind: 'advertisement' }>;

function judgeAdvertisement(
  { advertisement, sender }: Heard,
  before: InstanceState,
  after: InstanceState,
  wanted: readonly string[],
): void {
  const isActive = before.phase === 'BACKUP' || before.phase === 'MASTER';
  const counted = (state: InstanceState) => state.counters.received + state.counters.discarded;
  if (counted(after) !== counted(before) + (isActive ? 1 : 0)) throw new Error('it was not counted');
  if (wanted.includes('hold')) throw new Error('an advertisement made a master');
  if (before.phase !== 'MASTER' && wanted.length > 0) throw new Error(`${before.phase} answers`);
  if (after.phase === before.phase) return;
  const { priority } = advertisement;
  const order = compareAddresses(sender, before.link.address!);
  const wins = priority > before.priority || (priority === before.priority && order > 0);
  if (before.phase !== 'MASTER' || after.phase !== 'BACKUP' || !wins)
    throw new Error(`priority ${priority} made ${before.phase} ${after.phase}`);
}

/** The timers that the phases have, and lists that end. */
function judgeState(state: InstanceState, now: number): void {
  const { phase, timer, settings, priority, masterInterval } = state;
  const isActive = phase === 'BACKUP' || phase === 'MASTER';
  if (isActive !== (timer !== null)) throw new Error(`${phase} with timer ${timer}`);
  if ((phase === 'MASTER') !== (state.announcing !== null)) throw new Error(`${phase} announces`);
  if (phase !== 'BACKUP' && state.willing) throw new Error(`${phase} is willing`);
  if (phase !== 'MASTER' && (state.duplicate ?? state.rival) !== null)
    throw new Error(`${phase} has a rival`);
  const longest = phase === 'MASTER' ? settings.advertInterval : 4 * Math.max(masterInterval, 1000);
  if (timer !== null && timer > now + longest + 1000) throw new Error(`timer in ${timer - now} ms`);
  if (priority < 1 || (priority === 255) !== (settings.priority === 255)) throw new Error(`${priority}`);
  if (state.complaints.length > 8 || state.marks.length > 8) throw new Error('a list grows');
}
