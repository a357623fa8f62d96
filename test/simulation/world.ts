// Directors on network segments under a virtual clock. They are the real state machines, and the packets the real bytes.

import { parseAddress } from '../../src/director/address.ts';
import type { VrrpInstanceConfig } from '../../src/director/config/config.ts';
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { Coordination } from '../../src/director/vrrp/coordination.ts';
import {
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  newInstance,
  nextTimer,
  type Step,
  step,
} from '../../src/director/vrrp/instance.ts';
import { nextSequence } from '../../src/director/vrrp/sequence.ts';
import { settingsOf } from '../../src/director/vrrp/settings.ts';
import type { VirtualRouter } from '../../src/director/vrrp/virtual-router.ts';
import { Agenda } from './agenda.ts';
import { addressOf, type Plan } from './group.ts';
import { Network, type Quality } from './network.ts';
import { type Node, nameOf, type Router } from './node.ts';
import type { Random } from './random.ts';
import { ALL_UP, reports, type Verdicts } from './trackers.ts';

/** One event at a router and what came of it. */
export interface Happening {
  readonly router: Router;
  /** Null: it was dead. */
  readonly before: InstanceState | null;
  /** Null: it died. */
  readonly event: InstanceEvent | null;
  readonly effects: readonly InstanceEffect[];
}

export interface Observer {
  happened(happening: Happening): void;
  /** All that followed at once from an event has happened. */
  settled(): void;
  /** Before something that excuses what the directors do for a while; `routers`: whom it befalls. */
  disturbed(kind: Disturbance, routers: readonly Router[], text: string): void;
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
  readonly quality: Quality;
  readonly segments: readonly Network[];
  readonly nodes: readonly Node[];
  readonly routers: readonly Router[];
  /** Milliseconds that a timer may be late. */
  readonly maximumLateness: number;
  readonly #random: Random;
  readonly #machine: Machine;
  #depth = 0;
  observer: Observer = { happened() {}, settled() {}, disturbed() {}, changed() {} };

  constructor(
    random: Random,
    quality: Quality,
    maximumLateness: number,
    plans: readonly Plan[],
    machine: Machine = step,
  ) {
    this.#random = random;
    this.#machine = machine;
    this.quality = quality;
    this.maximumLateness = maximumLateness;
    this.segments = plans[0]!.instances.map(() => new Network(this.agenda, random, quality));
    this.nodes = plans.map((plan, index) => this.#node(plan, index));
    this.routers = this.nodes.flatMap(({ routers }) => routers);
  }

  #node({ instances, group }: Plan, index: number): Node {
    const routers: Router[] = [];
    const node: Node = {
      index,
      routers,
      group,
      clockOffset: this.#random.between(0, 1e6),
      clockRate: 1 + this.#random.between(-DRIFT, DRIFT),
      wallOffset: WALL,
      isStalled: false,
      verdicts: ALL_UP,
      coordination: null,
    };
    for (const [segment, config] of instances.entries()) {
      const router: Router = {
        node,
        segment,
        address: parseAddress(addressOf(config.family, index))!,
        config,
        settings: settingsOf(config, false, group !== null),
        state: null,
        linkUp: true,
        inbox: [],
        holdsAddresses: false,
        alarm: null,
        sequence: 0n,
        happen: event => this.#happen(router, event),
      };
      routers.push(router);
    }
    return node;
  }

  get now(): number {
    return this.agenda.now;
  }

  /** False while packets from one router do not reach the other. */
  reaches(from: Router, to: Router): boolean {
    return (
      from.segment === to.segment && this.segments[from.segment]!.reaches(from.node.index, to.node.index)
    );
  }

  setReach(from: Router, to: Router, open: boolean): void {
    if (this.reaches(from, to) === open) return;
    this.#disturb('reach', [from], `${nameOf(from)} -> ${nameOf(to)} ${open ? 'open' : 'blocked'}`, () =>
      this.segments[from.segment]!.setReach(from.node.index, to.node.index, open),
    );
  }

  boot(node: Node): void {
    if (node.coordination !== null) return;
    this.#disturb('boot', node.routers, `${node.index} boots`, () => {
      for (const router of node.routers) {
        router.sequence = 0n;
        router.alarm = null;
        router.state = newInstance(router.settings, linkOf(router), this.#localTime(node));
      }
      node.coordination = new Coordination(
        () => true,
        () => {},
      );
      this.#start(node);
    });
  }

  /** The end without a word; the kernel takes the addresses off. */
  crash(node: Node): void {
    if (node.coordination === null) return;
    this.#disturb('crash', node.routers, `${node.index} crashes`, () => {
      node.coordination = null;
      node.isStalled = false;
      for (const router of node.routers) {
        const before = router.state;
        router.state = null;
        router.holdsAddresses = false;
        router.inbox.length = 0;
        this.observer.happened({ router, before, event: null, effects: [] });
      }
    });
  }

  setLink(router: Router, up: boolean): void {
    if (router.linkUp === up) return;
    this.#disturb('link', router.node.routers, `${nameOf(router)} link ${up ? 'up' : 'down'}`, () => {
      router.linkUp = up;
      if (!router.node.isStalled) router.happen({ kind: 'link', link: linkOf(router) });
    });
  }

  /** As `track`, `stop` and `start`: only one that runs can be told anything. */
  configure(node: Node, change: Partial<VrrpInstanceConfig>): void {
    if (node.isStalled) return;
    this.#disturb('settings', node.routers, `${node.index} gets ${JSON.stringify(change)}`, () => {
      node.coordination?.suspend();
      for (const router of node.routers) {
        router.config = { ...router.config, ...change };
        router.settings = settingsOf(router.config, false, node.group !== null);
        router.happen({ kind: 'settings', settings: router.settings });
      }
      this.#coordinate(node);
    });
  }

  track(node: Node, verdicts: Verdicts): void {
    if (node.isStalled) return;
    this.#disturb('tracking', node.routers, `${node.index} tracks ${JSON.stringify(verdicts)}`, () => {
      node.verdicts = verdicts;
      node.coordination?.take(reports(verdicts));
    });
  }

  /** The wall clock is set: that is no excuse for anything. */
  setClock(node: Node, milliseconds: number): void {
    node.wallOffset += milliseconds;
  }

  stop(node: Node): void {
    if (node.isStalled) return;
    this.#disturb('stop', node.routers, `${node.index} stops`, () => {
      node.coordination?.release();
      for (const router of node.routers) router.happen({ kind: 'stop' });
    });
  }

  start(node: Node): void {
    if (node.isStalled || node.coordination === null) return;
    this.#disturb('start', node.routers, `${node.index} starts`, () => this.#start(node));
  }

  stall(node: Node): void {
    if (node.isStalled || node.coordination === null) return;
    this.#disturb('stall', node.routers, `${node.index} stalls`, () => {
      node.isStalled = true;
    });
  }

  /** Goes on as the process does: what the kernel has to tell and what has arrived first, then the timers. */
  resume(node: Node): void {
    if (!node.isStalled) return;
    this.#disturb('stall', node.routers, `${node.index} goes on`, () => {
      node.isStalled = false;
      for (const router of node.routers) router.happen({ kind: 'link', link: linkOf(router) });
      for (const router of node.routers) {
        while (router.inbox.length > 0) {
          const { message, sender } = router.inbox.shift()!;
          this.#take(router, message, sender);
        }
        router.happen({ kind: 'timer' });
      }
    });
  }

  #start(node: Node): void {
    this.#coordinate(node);
    for (const router of node.routers) router.happen({ kind: 'start' });
    node.coordination!.take(reports(node.verdicts));
  }

  #coordinate({ coordination, routers, group }: Node): void {
    // The real ones have sockets too, which do not matter here.
    const all = routers as readonly unknown[] as readonly VirtualRouter[];
    coordination?.configure(all, group === null ? [] : [group]);
  }

  #happen(router: Router, event: InstanceEvent): void {
    const { node, state: before } = router;
    if (before === null || node.coordination === null) return;
    this.#depth++;
    const { state, effects } = this.#machine(before, event, this.#localTime(node));
    router.state = state;
    for (const effect of effects) {
      if (effect.kind === 'advertise') this.#send(router, effect.priority);
      else if (effect.kind === 'hold') router.holdsAddresses = true;
      else if (effect.kind === 'leave') router.holdsAddresses = false;
    }
    this.#setAlarm(router);
    this.observer.happened({ router, before, event, effects });
    node.coordination.stepped(router as unknown as VirtualRouter, before);
    this.#depth--;
    if (this.#depth === 0) this.observer.settled();
  }

  #disturb(kind: Disturbance, routers: readonly Router[], text: string, action: () => void): void {
    this.observer.disturbed(kind, routers, text);
    this.#depth++;
    action();
    this.#depth--;
    this.observer.changed();
  }

  #localTime({ clockRate, clockOffset }: Node): number {
    return this.now * clockRate + clockOffset;
  }

  #wall({ clockRate, wallOffset }: Node): number {
    return this.now * clockRate + wallOffset;
  }

  #setAlarm(router: Router): void {
    const { clockOffset, clockRate } = router.node;
    const due = nextTimer(router.state!);
    if (due === null || due === router.alarm) return;
    router.alarm = due;
    const late = this.#random.between(0, this.maximumLateness);
    this.agenda.at((due - clockOffset) / clockRate + late, () => {
      if (router.alarm !== due) return;
      router.alarm = null;
      if (!router.node.isStalled) router.happen({ kind: 'timer' });
    });
  }

  #send(router: Router, priority: number): void {
    const { node, settings, state } = router;
    if (!router.linkUp) return;
    const { authentication, unicast } = settings;
    const window = authentication.kind === 'HMAC' ? authentication.window : null;
    router.sequence = nextSequence(router.sequence, this.#wall(node), window);
    const others = this.routers.filter(({ segment }) => segment === router.segment);
    let message: Uint8Array | null = null;
    for (const other of others) {
      if (other === router) continue;
      const destination = unicast === null ? settings.destinations[0]! : other.address;
      if (message === null || unicast !== null)
        message = sealAdvertisement(state!, priority, router.address, destination, router.sequence);
      this.#carry(message, router, other);
    }
  }

  #carry(message: Uint8Array, from: Router, to: Router): void {
    this.segments[from.segment]!.carry(
      message,
      from.node.index,
      to.node.index,
      bytes => this.#deliver(to, bytes, from.address),
      mishap => this.observer.disturbed(mishap, [], mishap),
    );
  }

  #deliver(router: Router, message: Uint8Array, sender: Uint8Array): void {
    if (router.state === null || !router.linkUp) return;
    if (router.node.isStalled) router.inbox.push({ message, sender });
    else this.#take(router, message, sender);
  }

  #take(router: Router, message: Uint8Array, sender: Uint8Array): void {
    const { state, settings, address } = router;
    if (state === null || message[1] !== settings.virtualRouterId) return;
    const destination = settings.unicast === null ? settings.destinations[0]! : address;
    const envelope = { source: sender, destination, hops: 255 };
    router.happen(
      readAdvertisement(state, message, envelope, this.#wall(router.node), this.#localTime(router.node)),
    );
  }
}

function linkOf({ linkUp, address }: Router) {
  return { up: linkUp, address };
}
