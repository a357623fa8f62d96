// Directors on one network segment that loses, delays, repeats and reorders, under a virtual clock. The directors are the real
// state machines and the packets the real bytes.
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import {
  type InstanceEvent,
  type InstanceSettings,
  type InstanceState,
  newInstance,
  nextTimer,
  type Phase,
  step,
} from '../../src/director/vrrp/instance.ts';
import { VRRP_GROUP } from '../../src/director/vrrp/packet.ts';
import { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

export interface Medium {
  /** Milliseconds that a packet takes. */
  readonly minimumDelay: number;
  readonly maximumDelay: number;
  /** Milliseconds that a timer may be late. */
  readonly maximumLateness: number;
  /** Probabilities. */
  loss: number;
  duplication: number;
  corruption: number;
}

export interface Node {
  readonly index: number;
  readonly address: Uint8Array;
  /** Its monotonic clock began at another moment than the others'. */
  readonly clockOffset: number;
  settings: InstanceSettings;
  /** Null while the node is dead. */
  state: InstanceState | null;
  linkUp: boolean;
  /** While stalled nothing runs; what arrives waits. */
  stalled: boolean;
  readonly inbox: Uint8Array[];
  /** Senders of what is in the inbox. */
  readonly senders: Uint8Array[];
  holdsAddresses: boolean;
  alarm: number | null;
}

export interface Observer {
  /** After every event at a node. */
  stepped(node: Node, before: Phase | null): void;
  /** Before something that excuses what the directors do for a while. */
  disturbed(what: string): void;
  /** After it. */
  changed(): void;
}

export class World {
  readonly agenda = new Agenda();
  readonly nodes: readonly Node[];
  readonly medium: Medium;
  readonly #random: Random;
  readonly #blocked = new Set<number>();
  observer: Observer = { stepped: () => {}, disturbed: () => {}, changed: () => {} };

  constructor(random: Random, medium: Medium, settings: readonly InstanceSettings[]) {
    this.#random = random;
    this.medium = medium;
    this.nodes = settings.map((each, index) => ({
      index,
      address: Uint8Array.of(10, 99, 0, index + 1),
      clockOffset: random.between(0, 1e6),
      settings: each,
      state: null,
      linkUp: true,
      stalled: false,
      inbox: [],
      senders: [],
      holdsAddresses: false,
      alarm: null,
    }));
  }

  get now(): number {
    return this.agenda.now;
  }

  /** False while packets from one node do not reach the other. */
  reaches(from: Node, to: Node): boolean {
    return !this.#blocked.has(from.index * 16 + to.index);
  }

  setReach(from: Node, to: Node, open: boolean): void {
    const key = from.index * 16 + to.index;
    if (this.#blocked.has(key) !== open) return;
    this.#disturb(`${from.index} -> ${to.index} ${open ? 'open' : 'blocked'}`, () => {
      if (open) this.#blocked.delete(key);
      else this.#blocked.add(key);
    });
  }

  boot(node: Node): void {
    if (node.state !== null) return;
    this.#disturb(`${node.index} boots`, () => {
      node.state = newInstance(node.settings, this.#linkOf(node), this.#localTime(node));
      this.happen(node, { kind: 'start' });
    });
  }

  /** The end without a word; the kernel takes the addresses off. */
  crash(node: Node): void {
    if (node.state === null) return;
    const before = node.state.phase;
    this.#disturb(`${node.index} crashes`, () => {
      node.state = null;
      node.stalled = false;
      node.holdsAddresses = false;
      node.inbox.length = 0;
      node.senders.length = 0;
      this.observer.stepped(node, before);
    });
  }

  setLink(node: Node, up: boolean): void {
    if (node.linkUp === up) return;
    this.#disturb(`${node.index} link ${up ? 'up' : 'down'}`, () => {
      node.linkUp = up;
      this.happen(node, { kind: 'link', link: this.#linkOf(node) });
    });
  }

  configure(node: Node, change: Partial<InstanceSettings>): void {
    this.#disturb(`${node.index} gets ${JSON.stringify(change)}`, () => {
      node.settings = { ...node.settings, ...change };
      this.happen(node, { kind: 'settings', settings: node.settings });
    });
  }

  stop(node: Node): void {
    this.#disturb(`${node.index} stops`, () => this.happen(node, { kind: 'stop' }));
  }

  start(node: Node): void {
    this.#disturb(`${node.index} starts`, () => this.happen(node, { kind: 'start' }));
  }

  stall(node: Node): void {
    if (node.stalled || node.state === null) return;
    this.#disturb(`${node.index} stalls`, () => {
      node.stalled = true;
    });
  }

  /** Goes on as the process does: what has arrived first, then the timers. */
  resume(node: Node): void {
    if (!node.stalled) return;
    this.#disturb(`${node.index} goes on`, () => {
      node.stalled = false;
      while (node.inbox.length > 0) this.#take(node, node.inbox.shift()!, node.senders.shift()!);
      this.happen(node, { kind: 'timer' });
    });
  }

  /** An event at a node that lives; one that is stalled sees only the outside change. */
  happen(node: Node, event: InstanceEvent): void {
    if (node.state === null) return;
    const before = node.state.phase;
    const { state, effects } = step(node.state, event, this.#localTime(node));
    node.state = state;
    for (const effect of effects) {
      if (effect.kind === 'advertise') this.#broadcast(node, effect.priority);
      else if (effect.kind === 'hold') node.holdsAddresses = true;
      else if (effect.kind === 'leave') node.holdsAddresses = false;
    }
    this.#setAlarm(node);
    this.observer.stepped(node, before);
  }

  #disturb(what: string, action: () => void): void {
    this.observer.disturbed(what);
    action();
    this.observer.changed();
  }

  #localTime(node: Node): number {
    return this.agenda.now + node.clockOffset;
  }

  #linkOf(node: Node) {
    return { up: node.linkUp, address: node.address };
  }

  #setAlarm(node: Node): void {
    const due = nextTimer(node.state!);
    if (due === null || due === node.alarm) return;
    node.alarm = due;
    const late = this.#random.between(0, this.medium.maximumLateness);
    this.agenda.at(due - node.clockOffset + late, () => {
      if (node.alarm !== due) return;
      node.alarm = null;
      if (!node.stalled) this.happen(node, { kind: 'timer' });
    });
  }

  #broadcast(node: Node, priority: number): void {
    if (!node.linkUp) return;
    const message = sealAdvertisement(node.state!, priority, node.address, VRRP_GROUP, 0n);
    for (const other of this.nodes) if (other !== node) this.#carry(message, node, other);
  }

  #carry(message: Uint8Array, from: Node, to: Node): void {
    if (!this.reaches(from, to)) return;
    const random = this.#random;
    const { loss, duplication, corruption, minimumDelay, maximumDelay } = this.medium;
    if (loss > 0 && random.chance(loss)) {
      this.observer.disturbed('loss');
      return;
    }
    let bytes = message;
    if (corruption > 0 && random.chance(corruption)) {
      this.observer.disturbed('corruption');
      bytes = message.slice();
      bytes[random.integer(0, bytes.length - 1)]! ^= random.integer(1, 255);
    }
    const copies = duplication > 0 && random.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.agenda.at(this.now + random.between(minimumDelay, maximumDelay), () => {
        if (to.state === null || !to.linkUp) return;
        if (!to.stalled) return this.#take(to, bytes, from.address);
        to.inbox.push(bytes);
        to.senders.push(from.address);
      });
    }
  }

  #take(node: Node, message: Uint8Array, sender: Uint8Array): void {
    if (node.state === null || message[1] !== node.settings.virtualRouterId) return;
    const envelope = { source: sender, destination: VRRP_GROUP, hops: 255 };
    this.happen(node, readAdvertisement(node.state, message, envelope, 0));
  }
}
