// The kernel's IPVS table as the checker keeps it: what is wanted is brought about, read back again and again, and repaired.
import type { Platform, Timer } from '../../platform/platform.ts';
import { describe } from '../ipvs/describe.ts';
import type { KernelTable } from '../ipvs/kernel.ts';
import { plan } from '../ipvs/plan.ts';
import type { ActualTable, IpvsTable } from '../ipvs/table.ts';
import type { Log } from '../log.ts';
import { asApplied } from './applied.ts';

/** Milliseconds between two looks at the kernel's table. */
const LOOK = 5000;

/** Changes and refusals that a message names; it says how many more there are. */
const NAMED = 5;

/** What of a KernelTable is needed here. */
export type TableAccess = Pick<KernelTable, 'read' | 'apply' | 'close'>;

export interface Table {
  /** Brings the kernel's table to what `wanted` gives, now and from now on; call it again whenever that has changed. */
  keep(wanted: () => IpvsTable): void;
  /** Looks at the kernel now, and repairs what is kept. Never rejects. */
  look(): Promise<void>;
  /** Keeps nothing any more, and makes the table `last`, once. Never rejects. */
  leave(last: IpvsTable): Promise<void>;
  /** As far as known; null when it could never be read. */
  readonly actual: ActualTable | null;
  /** Changes that undid somebody else's. */
  readonly repairs: number;
  /** Why the table is not as it should be, or null. */
  readonly trouble: string | null;
}

export function createTable(platform: Platform, open: () => Promise<TableAccess>, log: Log): Table {
  let access: TableAccess | null = null;
  let wanted: (() => IpvsTable) | null = null;
  let actual: ActualTable | null = null;
  let repairs = 0;
  let trouble: string | null = null;
  /** The kernel has what was wanted last: what differs from then on was done by somebody else. */
  let settled = false;
  /** A change is queued already: many at once make one step. */
  let queued = false;
  let queue: Promise<void> = Promise.resolve();
  let timer: Timer | null = null;

  async function read(): Promise<ActualTable> {
    access ??= await open();
    const table = await access.read();
    actual = table;
    return table;
  }

  /** True when every change was taken. */
  async function apply(want: IpvsTable, from: ActualTable): Promise<string | null> {
    access ??= await open();
    const refusals = await access.apply(plan(want, from));
    actual = refusals.length === 0 ? asApplied(want, from) : null;
    settled = refusals.length === 0;
    if (settled) return null;
    return list(refusals.map(({ change, error }) => `${describe(change)}: ${error.message}`));
  }

  async function repair(want: IpvsTable): Promise<string | null> {
    const found = await read();
    const changes = plan(want, found);
    if (changes.length > 0 && settled) {
      repairs += changes.length;
      log.warn(`the table was changed by somebody else, put right: ${list(changes.map(describe))}`);
    }
    return changes.length === 0 ? null : apply(want, found);
  }

  async function change(): Promise<string | null> {
    queued = false;
    if (wanted === null) return null;
    settled = false;
    const refused = actual === null ? 'not read yet' : await apply(wanted(), actual);
    // Either nothing was known, or what was known is no longer true.
    return refused === null ? null : repair(wanted());
  }

  /** One step after the other. A step gives what was refused, or null; it rejects when the kernel cannot be reached. */
  function inTurn(step: () => Promise<string | null>): Promise<void> {
    queue = queue.then(step).then(tell, (error: unknown) => {
      access?.close();
      access = null;
      tell(error instanceof Error ? error.message : String(error));
    });
    return queue;
  }

  function tell(refused: string | null): void {
    if (refused !== null && refused !== trouble) log.error(`IPVS: ${refused}`);
    trouble = refused;
  }

  function look(): Promise<void> {
    return inTurn(async () => {
      if (wanted !== null) return repair(wanted());
      await read();
      return null;
    });
  }

  function lookLater(): void {
    timer = platform.after(LOOK, () => {
      look().then(lookLater);
    });
  }

  return {
    keep(next) {
      if (wanted === null) lookLater();
      wanted = next;
      if (!queued) inTurn(change);
      queued = true;
    },
    look,
    leave(last) {
      wanted = null;
      timer?.cancel();
      settled = false;
      return inTurn(async () => repair(last));
    },
    get actual() {
      return actual;
    },
    get repairs() {
      return repairs;
    },
    get trouble() {
      return trouble;
    },
  };
}

function list(texts: readonly string[]): string {
  const more = texts.length > NAMED ? `; and ${texts.length - NAMED} more` : '';
  return texts.slice(0, NAMED).join('; ') + more;
}
