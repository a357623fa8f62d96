// Keeps `tuning { }` in force: what differs is set and read back, what is not said any more gets the value it had before.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Config, TuningConfig } from '../config/config.ts';
import { runHooks } from '../hardware/hooks.ts';
import {
  keyOf,
  NO_EQUIPMENT,
  nameOf,
  needsEquipment,
  type Originals,
  type Setting,
  undone,
  waitingForBoot,
  wantedSettings,
} from '../hardware/tuning.ts';
import { readEquipment, readSetting, Unsupported, writeSetting } from '../hardware/tuning-access.ts';
import type { Log } from '../log.ts';
import { type Commands, createCommands } from '../system/commands.ts';
import { keep, readKept } from '../system/kept.ts';
import type { Part, PartPlan } from './machine.ts';

const NOTHING: PartPlan = { changes: [], apply: async () => {} };
const NO_TUNING: TuningConfig = { sysctls: [], unbind: [], interfaces: [] };

/** A setting that is not as it should be. */
interface Difference {
  readonly setting: Setting;
  readonly before: string;
  /** It was set by the director, which takes it back. */
  readonly isUndone: boolean;
}

/** What the device made of a value: it is not written again. */
interface Refusal {
  readonly wanted: string;
  readonly holds: string;
}

export function createTuning(platform: Platform, runDirectory: string, log: Log): Part {
  /** A control process that is started again, also by another director, undoes what this one has set. */
  const path = `${runDirectory}/tuning.json`;
  const refusals = new Map<string, Refusal>();
  let commands: Commands | null = null;

  const originals = () => readKept<Originals>(platform, path) ?? {};

  async function plan(config: Config | null): Promise<PartPlan> {
    const changed = originals();
    if (config === null || (config.tuning === undefined && Object.keys(changed).length === 0)) return NOTHING;
    const { tuning = NO_TUNING } = config;
    const equipment = needsEquipment(tuning) ? readEquipment(platform) : NO_EQUIPMENT;
    const { settings, notes } = wantedSettings(tuning, equipment);
    const drivers = new Set(equipment.cards.flatMap(({ driver }) => driver ?? []));
    const all = [...notes, ...waitingForBoot(tuning, commandLine(), drivers)];
    const differences: Difference[] = [];
    const taken = undone(changed, settings);
    for (const setting of [...taken, ...settings]) {
      try {
        const before = await readSetting(platform, setting);
        const refusal = refusals.get(keyOf(setting));
        if (before === setting.value) refusals.delete(keyOf(setting));
        else if (refusal?.wanted === setting.value && refusal.holds === before)
          all.push(`${nameOf(setting)}: ${setting.value} was written, and it holds ${before}`);
        else differences.push({ setting, before, isUndone: taken.includes(setting) });
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        // What is gone needs nothing taken back.
        if (!taken.includes(setting)) all.push(`${nameOf(setting)} = ${setting.value}: ${error.message}`);
      }
    }
    return {
      changes: differences.map(describeDifference),
      notes: all,
      apply: () => apply(tuning, differences),
    };
  }

  async function apply(tuning: TuningConfig, differences: readonly Difference[]): Promise<void> {
    await hooks(tuning, 'before');
    const troubles: string[] = [];
    for (const difference of differences) {
      try {
        await set(difference);
      } catch (error) {
        troubles.push(
          `${nameOf(difference.setting)}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    await hooks(tuning, 'after');
    if (troubles.length > 0) throw new Error(troubles.join('; '));
  }

  async function set({ setting, before, isUndone }: Difference): Promise<void> {
    const key = keyOf(setting);
    // Before it is changed: whoever ends in between has to be able to take it back.
    if (!isUndone && !Object.hasOwn(originals(), key))
      keep(platform, path, { ...originals(), [key]: before });
    await writeSetting(platform, setting);
    const holds = await readSetting(platform, setting);
    if (holds !== setting.value) refusals.set(key, { wanted: setting.value, holds });
    if (!isUndone) return;
    const { [key]: _, ...rest } = originals();
    keep(platform, path, rest);
  }

  async function hooks({ hooks: wanted }: TuningConfig, moment: 'before' | 'after'): Promise<void> {
    if (wanted === undefined) return;
    commands ??= createCommands(platform);
    for (const trouble of await runHooks(platform, commands, wanted, moment)) log.warn(trouble);
  }

  function commandLine(): string {
    try {
      return platform.files.readText('/proc/cmdline');
    } catch (error) {
      if (isSystemError(error)) return '';
      throw error;
    }
  }

  return { name: 'tuning', plan };
}

function describeDifference({ setting, before, isUndone }: Difference): string {
  const { kind, target, value } = setting;
  if (kind === 'driver')
    return value === '' ? `take ${target} from ${before}` : `give ${target} back to ${value}`;
  return `${nameOf(setting)} = ${value}${isUndone ? ', as before' : ` (was ${before})`}`;
}
