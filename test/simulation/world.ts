// Directors on one network segment under a virtual clock. They are the real state machines, and the packets the real bytes.
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import {
  type InstanceEvent,
  type InstanceSettings,
  type InstanceState,
  newInstance,
  nextTimer,
  type Step,
  step,
} from '../../src/director/vrrp/instance.ts';
import { VRRP_GROUP } from '../../src/director/vrrp/packet.ts';
import { nextSequence } from '../../src/director/vrrp/sequence.ts';
import { Agenda } from './agenda.ts';
import { Network, type Quality } from './network.ts';
import type { Happening, Node } from './node.ts';
import type { Random } from './random.ts';

export interface Observer {
  /** After every event at a node. */
  happened(happening: Happening): void;
  /** Before something that excuses what the directors do for a while; `node` is whom it befalls. */
  disturbed(kind: Disturbance, node: Node | null, text: string): void;
  /** After it. */
  changed(): void;
}

export type Disturbance =
  | 'boot'
  | 'crash'
  | 'link'
  | 'reach'
  | 'settings'
  | 'tracking'
  | 'stop'
  | 'start'
  | 'stall'
  | 'loss'
  | 'corruption';

/** What a state machine does; the real one is `step`. */
export type Machine = (state: InstanceState, event: InstanceEvent, now: number) => Step;

/** Parts of a second that a clock may be fast or slow in a second. */
const DRIFT = 1e-4;
/** Wall clocks at the start, in milliseconds since 1970. */
const WALL = Date.UTC(2026, 0, 1);

export class World {
  readonly agenda = new Agenda();
  readonly network: Network;
  readonly nodes: readonly Node[];
  /** Milliseconds that a timer may be late. */
  readonly maximumLateness: number;
  readonly #random: Random;
  readonly #machine: Machine;
  observer: Observer = { happened: () => {}, disturbed: () => {}, changed: () => {} };

  constructor(
    random: Random,
    quality: Quality,
    maximumLateness: number,
    settings: readonly InstanceSettings[],
    machine: Machine = step,
  ) {
    this.#random = random;
    this.#machine = machine;
    this.network = new Network(this.agenda, random, quality);
    this.maximumLateness = maximumLateness;
    this.nodes = settings.map((each, index) => ({
      index,
      address: Uint8Array.of(10, 99, 0, index + 1),
      clockOffset: random.between(0, 1e6),
      clockRate: 1 + random.between(-DRIFT, DRIFT),
      wallOffset: WALL,
      sequence: 0n,
      settings: each,
      state: null,
      linkUp: true,
      adjustment: 0,
      faults: [],
      stalled: false,
      inbox: [],
      holdsAddresses: false,
      alarm: null,
    }));
  }

  get now(): number {
    return this.agenda.now;
  }

  /** False while packets from one node do not reach the other. */
  reaches(from: Node, to: Node): boolean {
    return this.network.reaches(from.index, to.index);
  }

  setReach(from: Node, to: Node, open: boolean): void {
    if (this.reaches(from, to) === open) return;
    this.#disturb('reach', from, `${from.index} -> ${to.index} ${open ? 'open' : 'blocked'}`, () =>
      this.network.setReach(from.index, to.index, open),
    );
  }

  boot(node: Node): void {
    if (node.state !== null) return;
    this.#disturb('boot', node, `${node.index} boots`, () => {
      node.adjustment = 0;
      node.faults = [];
      node.sequence = 0n;
      node.state = newInstance(node.settings, this.#linkOf(node), this.#localTime(node));
      this.happen(node, { kind: 'start' });
    });
  }

  /** The end without a word; the kernel takes the addresses off. */
  crash(node: Node): void {
    const before = node.state;
    if (before === null) return;
    this.#disturb('crash', node, `${node.index} crashes`, () => {
      node.state = null;
      node.stalled = false;
      node.holdsAddresses = false;
      node.inbox.length = 0;
      this.observer.happened({ node, before, event: null, effects: [] });
    });
  }

  setLink(node: Node, up: boolean): void {
    if (node.linkUp === up) return;
    this.#disturb('link', node, `${node.index} link ${up ? 'up' : 'down'}`, () => {
      node.linkUp = up;
      if (!node.stalled) this.happen(node, { kind: 'link', link: this.#linkOf(node) });
    });
  }

  /** As `track`, `stop` and `start`: only one that runs can be told anything. */
  configure(node: Node, change: Partial<InstanceSettings>): void {
    if (node.stalled) return;
    this.#disturb('settings', node, `${node.index} gets ${JSON.stringify(change)}`, () => {
      node.settings = { ...node.settings, ...change };
      this.happen(node, { kind: 'settings', settings: node.settings });
    });
  }

  track(node: Node, adjustment: number, faults: readonly string[]): void {
    if (node.state === null || node.stalled) return;
    this.#disturb('tracking', node, `${node.index} tracks ${adjustment} ${faults}`, () => {
      node.adjustment = adjustment;
      node.faults = faults;
      this.happen(node, { kind: 'tracking', adjustment, faults });
    });
  }

  /** The wall clock is set: that is no excuse for anything. */
  setClock(node: Node, milliseconds: number): void {
    node.wallOffset += milliseconds;
  }

  stop(node: Node): void {
    if (node.stalled) return;
    this.#disturb('stop', node, `${node.index} stops`, () => this.happen(node, { kind: 'stop' }));
  }

  start(node: Node): void {
    if (node.stalled) return;
    this.#disturb('start', node, `${node.index} starts`, () => this.happen(node, { kind: 'start' }));
  }

  stall(node: Node): void {
    if (node.stalled || node.state === null) return;
    this.#disturb('stall', node, `${node.index} stalls`, () => {
      node.stalled = true;
    });
  }

  /** Goes on as the process does: what the kernel has to tell and what has arrived first, then the timers. */
  resume(node: Node): void {
    if (!node.stalled) return;
    this.#disturb('stall', node, `${node.index} goes on`, () => {
      node.stalled = false;
      this.happen(node, { kind: 'link', link: this.#linkOf(node) });
      while (node.inbox.length > 0) {
        const { message, sender } = node.inbox.shift()!;
        this.#take(node, message, sender);
      }
      this.happen(node, { kind: 'timer' });
    });
  }

  /** An event at a node; nothing when it is dead. */
  happen(node: Node, event: InstanceEvent): void {
    const before = node.state;
    if (before === null) return;
    const { state, effects } = this.#machine(before, event, this.#localTime(node));
    node.state = state;
    for (const effect of effects) {
      if (effect.kind === 'advertise') this.#broadcast(node, effect.priority);
      else if (effect.kind === 'hold') node.holdsAddresses = true;
      else if (effect.kind === 'leave') node.holdsAddresses = false;
    }
    this.#setAlarm(node);
    this.observer.happened({ node, before, event, effects });
  }

  #disturb(kind: Disturbance, node: Node | null, text: string, action: () => void): void {
    this.observer.disturbed(kind, node, text);
    action();
    this.observer.changed();
  }

  #localTime({ clockRate, clockOffset }: Node): number {
    return this.now * clockRate + clockOffset;
  }

  #wall(node: Node): number {
    return this.now * node.clockRate + node.wallOffset;
  }

  #linkOf({ linkUp, address }: Node) {
    return { up: linkUp, address };
  }

  #setAlarm(node: Node): void {
    const due = nextTimer(node.state!);
    if (due === null || due === node.alarm) return;
    node.alarm = due;
    const late = this.#random.between(0, this.maximumLateness);
    this.agenda.at((due - node.clockOffset) / node.clockRate + late, () => {
      if (node.alarm !== due) return;
      node.alarm = null;
      if (!node.stalled) this.happen(node, { kind: 'timer' });
    });
  }

  #broadcast(node: Node, priority: number): void {
    if (!node.linkUp) return;
    const { authentication } = node.settings;
    const window = authentication.kind === 'HMAC' ? authentication.window : null;
    node.sequence = nextSequence(node.sequence, this.#wall(node), window);
    const message = sealAdvertisement(node.state!, priority, node.address, VRRP_GROUP, node.sequence);
    for (const other of this.nodes) {
      if (other === node) continue;
      this.network.carry(
        message,
        node.index,
        other.index,
        bytes => this.#deliver(other, bytes, node.address),
        mishap => this.observer.disturbed(mishap, null, mishap),
      );
    }
  }

  #deliver(node: Node, message: Uint8Array, sender: Uint8Array): void {
    if (node.state === null || !node.linkUp) return;
    if (node.stalled) node.inbox.push({ message, sender });
    else this.#take(node, message, sender);
  }

  #take(node: Node, message: Uint8Array, sender: Uint8Array): void {
    if (node.state === null || message[1] !== node.settings.virtualRouterId) return;
    const envelope = { source: sender, destination: VRRP_GROUP, hops: 255 };
    this.happen(node, readAdvertisement(node.state, message, envelope, this.#wall(node)));
  }
}
