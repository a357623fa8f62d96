// Keeps the kernel's table as it is wanted: carries out what changes at once, then looks for ever whether somebody else changed
// it and puts that right. One service is looked at a time, with pauses, so that a large table never holds the process up.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { ServiceKey } from '../config/config.ts';
import { AdoptedWeights } from './adopted.ts';
import { describe } from './describe.ts';
import { KernelTable, type Refusal } from './kernel.ts';
import { type IpvsChange, plan, planDestinations, planEntry } from './plan.ts';
import {
  type ActualDestination,
  type ActualTable,
  destinationId,
  type IpvsService,
  type IpvsTable,
  serviceId,
} from './table.ts';

/** Milliseconds between two rounds of looking, and until the next try after a failure. */
const ROUND = 5000;
/** Looking takes at most one part in this many of the time, but for pauses that would be longer than a second. */
const LEISURE = 20;
const LONGEST_PAUSE = 1000;

export interface KeeperListener {
  /** Somebody else had changed the table; these changes were made to put it right. */
  repaired(changes: readonly IpvsChange[]): void;
  /** Somebody else had made these changes of weights, and they stay. */
  adopted(changes: readonly IpvsChange[]): void;
  /** What is wrong with the table, when that changes; null: nothing any more. */
  trouble(text: string | null): void;
}

/** What the kernel's table was made to be. */
interface Made {
  /** By `want`. */
  readonly asked: IpvsTable;
  /** The same with adopted weights. */
  readonly table: IpvsTable;
}

export class TableKeeper {
  readonly #platform: Platform;
  readonly #listener: KeeperListener;
  #kernel: Promise<KernelTable> | null = null;
  #wanted: IpvsTable | null = null;
  /** The services in which `#wanted` may differ from `#made`; null: all of them. */
  #changed: Set<string> | null = null;
  /** Null when that is not known. */
  #made: Made | null = null;
  readonly #adopted = new AdoptedWeights();
  #repairs = 0;
  #trouble: string | null = null;
  #turn: Promise<void> = Promise.resolve();
  #timer: Timer | null = null;
  #closed = false;

  constructor(platform: Platform, listener: KeeperListener) {
    this.#platform = platform;
    this.#listener = listener;
  }

  /** Changes made so far to undo somebody else's. */
  get repairs(): number {
    return this.#repairs;
  }

  /** Why the table is not as it should be, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /**
   * Makes the kernel's table this one. Resolves when that was done or tried; what failed is tried again. Never rejects. `changed`: the
   * services in which it may differ from the one that was wanted before; all of them unless it is there.
   */
  want(table: IpvsTable, changed?: readonly string[]): Promise<void> {
    if (this.#wanted === null) this.#watch();
    this.#wanted = table;
    if (changed === undefined) this.#changed = null;
    else for (const id of changed) this.#changed?.add(id);
    return this.#inTurn(() => this.#bring());
  }

  /** The kernel's table with its connections. Rejects with a NetlinkError or SystemError. */
  async read(): Promise<ActualTable> {
    return (await this.#open()).read();
  }

  /** One service of it; none when there is no such service. Rejects as `read` does. */
  async readDestinations(key: ServiceKey): Promise<ActualDestination[]> {
    return (await this.#open()).readDestinations(key);
  }

  /** What `want` would change. Rejects as `read` does. */
  async plan(table: IpvsTable): Promise<IpvsChange[]> {
    return plan(this.#adopted.over(table), await this.read());
  }

  /** Looks no more; the table stays as it is. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#disconnect();
  }

  /** One piece of work after the other, so that none reads what another is changing. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#closed) return;
      try {
        await work();
      } catch (error) {
        this.#fail(error);
      }
    });
    return this.#turn;
  }

  /** One connection for whoever asks, also while it is being opened; tried again after it failed. */
  #open(): Promise<KernelTable> {
    if (this.#kernel === null) {
      const opening = KernelTable.open(this.#platform);
      this.#kernel = opening;
      opening.catch(() => {
        if (this.#kernel === opening) this.#kernel = null;
      });
    }
    return this.#kernel;
  }

  #disconnect(): void {
    this.#kernel?.then(kernel => kernel.close()).catch(() => {});
    this.#kernel = null;
  }

  /** From what is known of the table to what is wanted; when that fails, or nothing is known, from what the kernel says. */
  async #bring(): Promise<void> {
    const asked = this.#wanted;
    if (asked === null) return;
    const kernel = await this.#open();
    const known = this.#made;
    this.#adopted.forget(asked);
    if (known !== null) {
      const table = this.#adopted.over(asked);
      const changed = this.#changed;
      this.#changed = new Set();
      const refusals = await kernel.apply(plan(table, known.table, changed ?? undefined));
      this.#made = refusals.length === 0 ? { asked, table } : null;
      if (refusals.length === 0) return;
    }
    const changes = plan(this.#adopted.over(asked), await kernel.read());
    // What was refused at first and goes now was in the way of somebody else's change.
    if (known !== null) await this.#correct(changes, known, asked);
    else this.#settle(asked, await kernel.apply(changes));
  }

  #settle(asked: IpvsTable, refusals: readonly Refusal[]): void {
    this.#made = refusals.length === 0 ? { asked, table: this.#adopted.over(asked) } : null;
    // What was wanted meanwhile is not that.
    this.#changed = asked === this.#wanted ? new Set() : null;
    this.#report(refusals.length === 0 ? null : words(refusals));
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#disconnect();
    this.#made = null;
    this.#report(error instanceof Error ? error.message : String(error));
  }

  #report(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#listener.trouble(trouble);
  }

  /** Looks for ever: at the list of services, then at each service by itself. */
  async #watch(): Promise<void> {
    while (!this.#closed) {
      await this.#pause(ROUND);
      await this.#inTurn(() => this.#lookAtServices());
      for (const id of this.#made?.table.keys() ?? []) {
        const start = this.#platform.clock.monotonic();
        await this.#inTurn(() => this.#lookAtDestinations(id));
        const taken = this.#platform.clock.monotonic() - start;
        await this.#pause(Math.min(taken * LEISURE, LONGEST_PAUSE));
      }
    }
  }

  async #lookAtServices(): Promise<void> {
    const made = this.#made;
    // What failed before is not drift: it is tried again.
    if (made === null) return this.#bring();
    const actual = await (await this.#open()).readServices();
    await this.#repair(planServices(made.table, actual), made);
  }

  async #lookAtDestinations(id: string): Promise<void> {
    const made = this.#made;
    const entry = made?.table.get(id);
    if (made === null || entry === undefined) return;
    const { key } = entry.service;
    const actual = await (await this.#open()).readDestinations(key);
    const destinations = new Map(actual.map(destination => [destinationId(destination), destination]));
    await this.#repair(planDestinations(key, entry.destinations, destinations), made);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      this.#timer = this.#platform.after(milliseconds, resolve);
    });
  }

  async #repair(changes: readonly IpvsChange[], made: Made): Promise<void> {
    if (changes.length > 0) await this.#correct(changes, made, made.asked);
  }

  /** Carries out what undoes somebody else's changes of `made`, but for what is adopted of them. */
  async #correct(changes: readonly IpvsChange[], made: Made, asked: IpvsTable): Promise<void> {
    const adopted = this.#adopted.take(changes, made.table, asked);
    const repairs = changes.filter(change => !adopted.some(each => each === change));
    const refusals = await (await this.#open()).apply(repairs);
    this.#tell(repairs, refusals);
    if (adopted.length > 0) this.#listener.adopted(adopted.map(reversed));
    this.#settle(asked, refusals);
  }

  #tell(changes: readonly IpvsChange[], refusals: readonly Refusal[]): void {
    const repaired = changes.filter(change => !refusals.some(refusal => refusal.change === change));
    if (repaired.length === 0) return;
    this.#repairs += repaired.length;
    this.#listener.repaired(repaired);
  }
}

/** What differs as far as a list of services without their destinations tells. */
function planServices(wanted: IpvsTable, actual: readonly IpvsService[]): IpvsChange[] {
  const present = new Map(actual.map(service => [serviceId(service.key), service]));
  const changes: IpvsChange[] = [];
  for (const [id, entry] of wanted) {
    const service = present.get(id);
    // Of a service that is there the destinations are looked at later: here they count as right.
    changes.push(...planEntry(entry, service ? { service, destinations: entry.destinations } : null));
  }
  for (const [id, service] of present) {
    if (!wanted.has(id)) changes.push({ kind: 'delete service', service });
  }
  return changes;
}

/** What was changed, out of what would undo it. */
function reversed(change: Extract<IpvsChange, { kind: 'set destination' }>): IpvsChange {
  return { ...change, destination: change.before, before: change.destination };
}

/** The first refusal and how many more there are. */
function words(refusals: readonly Refusal[]): string {
  const [{ change, error }] = refusals as [Refusal];
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more)` : '';
  return `cannot ${describe(change)}: ${error.message}${more}`;
}
