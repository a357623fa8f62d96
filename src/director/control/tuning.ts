// Keeps `tuning { }` in force, and the settings of synchronisation: what differs is set and read back, what is not said any more gets
// the value it had before.
import { isNetlinkError } from '../../netlink/errors.ts';
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

const NOTHING: PartPlan = { changes: [], notes: [], apply: async () => {} };
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
  /** Why it did not take it; null: it took it for another. */
  readonly reason: string | null;
}

export function createTuning(platform: Platform, runDirectory: string, log: Log): Part {
  /** A control process that is started again, also by another director, undoes what this one has set. */
  const path = `${runDirectory}/tuning.json`;
  const refusals = new Map<string, Refusal>();
  /** What the programs of the site did last, in words, where it went wrong. */
  let hookTroubles: readonly string[] = [];
  let commands: Commands | null = null;

  const originals = () => readKept<Originals>(platform, path) ?? {};

  async function plan(config: Config | null): Promise<PartPlan> {
    const changed = originals();
    if (config === null) return NOTHING;
    const tuning = tuningOf(config);
    if (tuning === NO_TUNING && Object.keys(changed).length === 0) return NOTHING;
    // What is taken back is called by its card, too.
    const isLooked = needsEquipment(tuning) || Object.keys(changed).some(key => key.startsWith('latency'));
    const equipment = isLooked ? readEquipment(platform) : NO_EQUIPMENT;
    const { settings, notes } = wantedSettings(tuning, equipment);
    const drivers = new Set(equipment.cards.flatMap(({ driver }) => driver ?? []));
    const all = [...notes, ...waitingForBoot(tuning, commandLine(), drivers)];
    if (tuning.hooks !== undefined) all.push(...hookTroubles);
    const name = (setting: Setting) => nameOf(setting, equipment);
    const differences: Difference[] = [];
    const taken = undone(changed, settings);
    for (const setting of [...taken, ...settings]) {
      try {
        const before = await readSetting(platform, setting);
        const refusal = refusals.get(keyOf(setting));
        const isUndone = taken.includes(setting);
        if (before === setting.value) {
          refusals.delete(keyOf(setting));
          // It never took another value: from now on it is somebody else's.
          if (isUndone) forget(keyOf(setting));
        } else if (refusal?.wanted === setting.value && refusal.holds === before)
          all.push(
            refusal.reason === null
              ? `${name(setting)}: ${setting.value} was written, and it holds ${before}`
              : `${wish(setting, name(setting))}: ${refusal.reason}`,
          );
        else differences.push({ setting, before, isUndone });
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        // What is gone needs nothing taken back.
        if (!taken.includes(setting)) all.push(`${wish(setting, name(setting))}: ${error.message}`);
      }
    }
    return {
      changes: differences.map(each => describeDifference(each, name(each.setting))),
      notes: all,
      apply: () => apply(tuning, differences, name),
    };
  }

  async function apply(
    tuning: TuningConfig,
    differences: readonly Difference[],
    name: (setting: Setting) => string,
  ): Promise<void> {
    const failed = await hooks(tuning, 'before');
    const troubles: string[] = [];
    for (const difference of differences) {
      try {
        await set(difference);
      } catch (error) {
        troubles.push(
          `${name(difference.setting)}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    hookTroubles = [...failed, ...(await hooks(tuning, 'after'))];
    if (troubles.length > 0) throw new Error(troubles.join('; '));
  }

  async function set({ setting, before, isUndone }: Difference): Promise<void> {
    const key = keyOf(setting);
    // Before it is changed: whoever ends in between has to be able to take it back.
    if (!isUndone && !Object.hasOwn(originals(), key))
      keep(platform, path, { ...originals(), [key]: before });
    const reason = await refusalOf(writeSetting(platform, setting));
    const holds = await readSetting(platform, setting);
    if (holds !== setting.value) refusals.set(key, { wanted: setting.value, holds, reason });
    if (isUndone) forget(key);
  }

  function forget(key: string): void {
    const { [key]: _, ...rest } = originals();
    keep(platform, path, rest);
  }

  /** Resolves with what went wrong, in words. */
  async function hooks({ hooks: wanted }: TuningConfig, moment: 'before' | 'after'): Promise<string[]> {
    if (wanted === undefined) return [];
    commands ??= createCommands(platform);
    const failed = await runHooks(platform, commands, wanted, moment);
    for (const trouble of failed) log.warn(trouble);
    return failed;
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

/** What is synchronised between directors stands elsewhere, and is set in the same way. */
function tuningOf({ tuning = NO_TUNING, vrrp: { syncSettings } }: Config): TuningConfig {
  if (syncSettings.length === 0) return tuning;
  const sync = syncSettings.map(({ name, value }) => ({ path: `net/ipv4/vs/${name}`, value }));
  return { ...tuning, sysctls: [...sync, ...tuning.sysctls] };
}

/** Null when it was written. Rejects with what may pass. */
async function refusalOf(written: Promise<void>): Promise<string | null> {
  try {
    await written;
    return null;
  } catch (error) {
    if (error instanceof Unsupported) return error.message;
    if (isNetlinkError(error, 'EINVAL') || isSystemError(error, 'EINVAL'))
      return 'the driver does not take this value';
    throw error;
  }
}

function describeDifference({ setting, before, isUndone }: Difference, name: string): string {
  const { kind, value } = setting;
  if (kind === 'driver')
    return value === '' ? `take ${name} from ${before}` : `give ${name} back to ${value}`;
  return `${name} = ${value}${isUndone ? ', as before' : ` (was ${before})`}`;
}

/** As the configuration has it. */
function wish({ kind, value }: Setting, name: string): string {
  return kind === 'driver' ? `unbind ${name}` : `${name} = ${value}`;
}
