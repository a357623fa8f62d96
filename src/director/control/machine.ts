// Keeps the machine as the configuration wants it: addresses and routes, filter rules, kernel settings. What differs is put
// right at once after a change, and every few seconds for ever.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';

/** Milliseconds between two looks at the kernel. */
const LOOK = 5000;

/** What a part would change, in words, and how to do it. */
export interface PartPlan {
  readonly changes: readonly string[];
  /** What cannot be done here or not yet, in words. */
  readonly notes?: readonly string[];
  apply(): Promise<void>;
}

/** One thing that is compared with the kernel and put right. */
export interface Part {
  /** As the console shows it. */
  readonly name: 'network' | 'filter' | 'kernel' | 'tuning';
  /** Null: as if the director were not there. */
  plan(config: Config | null): Promise<PartPlan>;
}

export interface Machine {
  /** Brings the kernel to this configuration; what fails is tried again with every look. Never rejects. */
  enforce(config: Config): Promise<void>;
  /** What would be changed by this configuration. */
  plan(config: Config): Promise<Readonly<Record<Part['name'], readonly string[]>>>;
  /** Takes the director's own filter rules away and looks no more. Addresses, routes and settings stay. */
  withdraw(): Promise<void>;
  /** Changes that undid somebody else's. */
  readonly repairs: Readonly<Record<Part['name'], number>>;
  readonly troubles: readonly string[];
  /** What this machine cannot do, or not before the next boot, in words: no trouble, as nothing will come of waiting. */
  readonly notes: readonly string[];
}

export function createMachine(platform: Platform, parts: readonly Part[], log: Log): Machine {
  const repairs = { network: 0, filter: 0, kernel: 0, tuning: 0 };
  const troubles = new Map<string, string>();
  const notes = new Map<string, readonly string[]>();
  /** Parts whose last change of ours has reached the kernel: what differs after that is drift. */
  const settled = new Set<Part>();
  let wanted: Config | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function bring(part: Part, config: Config | null): Promise<void> {
    try {
      const { changes, notes: found, apply } = await part.plan(config);
      if (found !== undefined) tell(part, found);
      if (changes.length > 0) await apply();
      // What became of it is only known now.
      if (found !== undefined && changes.length > 0) tell(part, (await part.plan(config)).notes ?? []);
      if (settled.has(part) && changes.length > 0) {
        repairs[part.name] += changes.length;
        log.warn(`${part.name} was changed by somebody else, put right: ${changes.join('; ')}`);
      }
      settled.add(part);
      troubles.delete(part.name);
    } catch (error) {
      const trouble = `${part.name}: ${error instanceof Error ? error.message : String(error)}`;
      if (troubles.get(part.name) !== trouble) log.error(trouble);
      troubles.set(part.name, trouble);
      // What could not be done is still to be done, and no drift.
      settled.delete(part);
    }
  }

  function tell({ name }: Part, found: readonly string[]): void {
    const known = notes.get(name) ?? [];
    for (const note of found) if (!known.includes(note)) log.warn(`${name}: ${note}`);
    notes.set(name, found);
  }

  /** One after the other, so that no plan is made while another one is carried out. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work);
    return queue;
  }

  async function bringAll(): Promise<void> {
    for (const part of parts) await bring(part, wanted);
  }

  function look(): void {
    platform.after(LOOK, () => {
      if (wanted === null) return;
      inTurn(bringAll).then(look);
    });
  }

  return {
    repairs,
    get troubles() {
      return [...troubles.values()];
    },
    get notes() {
      return [...notes].flatMap(([name, found]) => found.map(note => `${name}: ${note}`));
    },
    enforce(config) {
      return inTurn(async () => {
        const first = wanted === null;
        wanted = config;
        settled.clear();
        await bringAll();
        if (first) look();
      });
    },
    async plan(config) {
      const changes: Record<Part['name'], readonly string[]> = {
        network: [],
        filter: [],
        kernel: [],
        tuning: [],
      };
      for (const part of parts) changes[part.name] = await foresee(part, config);
      return changes;
    },
    withdraw() {
      return inTurn(async () => {
        wanted = null;
        settled.clear();
        for (const part of parts) if (part.name === 'filter') await bring(part, null);
      });
    },
  };
}

async function foresee(part: Part, config: Config): Promise<readonly string[]> {
  try {
    const { changes, notes = [] } = await part.plan(config);
    return [...changes, ...notes];
  } catch (error) {
    return [`unknown: ${error instanceof Error ? error.message : String(error)}`];
  }
}
