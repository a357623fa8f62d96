// What `tuning { }` wants of this machine, as single settings, and what has to be changed for it. Pure.
import type { TuningConfig } from '../config/config.ts';

/**
 * One thing that has a value. `sysctl`: a path below /proc/sys; `parameter`: MODULE/NAME of a driver; `latency timer`: the place of a
 * PCI device; `ethtool`: INTERFACE WORD; `driver`: the place of a PCI device, its value the driver's name or empty.
 */
export interface Setting {
  readonly kind: 'sysctl' | 'parameter' | 'latency timer' | 'ethtool' | 'driver';
  readonly target: string;
  readonly value: string;
}

/** What is there to be tuned. */
export interface Equipment {
  /** Network cards on the PCI bus. */
  readonly cards: readonly {
    readonly name: string;
    readonly place: string;
    readonly driver: string | null;
    /** The driver's parameter for it can be set while it runs: MODULE/NAME; null: it has none, or at boot only. */
    readonly copybreak: string | null;
  }[];
  /** Places of devices that nobody needs, on the interrupt of a network card. */
  readonly needless: readonly string[];
  /** Places of the controllers of disks. */
  readonly storage: readonly string[];
}

export interface Wanted {
  readonly settings: readonly Setting[];
  /** What cannot be had, in words. */
  readonly notes: readonly string[];
}

/** Drivers that take it on the kernel's command line only. */
const COPYBREAK_AT_BOOT: Readonly<Record<string, string>> = {
  natsemi: 'natsemi.rx_copybreak',
  'via-rhine': 'via_rhine.rx_copybreak',
};

/** Names that settings are kept by. */
export function keyOf({ kind, target }: Pick<Setting, 'kind' | 'target'>): string {
  return `${kind} ${target}`;
}

function parseKey(key: string): Pick<Setting, 'kind' | 'target'> | null {
  const kinds = ['sysctl', 'parameter', 'latency timer', 'ethtool', 'driver'] as const;
  const kind = kinds.find(each => key.startsWith(`${each} `));
  return kind === undefined ? null : { kind, target: key.slice(kind.length + 1) };
}

/** As people call it. */
export function nameOf({ kind, target }: Pick<Setting, 'kind' | 'target'>, { cards }: Equipment): string {
  if (kind === 'sysctl') return target.replaceAll('/', '.');
  const card = cards.find(({ place }) => place === target);
  if (kind === 'latency timer') return `${card?.name ?? target} latency_timer`;
  return kind === 'parameter' ? `parameter ${target}` : target;
}

export function wantedSettings(tuning: TuningConfig, equipment: Equipment): Wanted {
  const settings: Setting[] = [];
  const notes: string[] = [];
  const want = (kind: Setting['kind'], target: string, value: string | number) =>
    settings.push({ kind, target, value: String(value) });
  for (const { path, value } of tuning.sysctls) want('sysctl', path, value);
  const own = new Map(tuning.interfaces.map(each => [each.name, each]));
  for (const { name, place, driver, copybreak } of equipment.cards) {
    const clocks = own.get(name)?.latencyTimer ?? tuning.latencyTimer;
    if (clocks !== undefined) want('latency timer', place, clocks);
    if (tuning.rxCopybreak === undefined) continue;
    if (copybreak !== null) want('parameter', copybreak, tuning.rxCopybreak);
    else if (driver === null || !Object.hasOwn(COPYBREAK_AT_BOOT, driver))
      notes.push(
        `${name}: rx_copybreak is unsupported${driver === null ? ', it has no driver' : ` by driver ${driver}`}`,
      );
  }
  for (const { name, latencyTimer, ethtool } of tuning.interfaces) {
    const isCard = equipment.cards.some(each => each.name === name);
    if (latencyTimer !== undefined && !isCard) notes.push(`${name}: latency_timer: this is no PCI device`);
    for (const [word, value] of Object.entries(ethtool)) want('ethtool', `${name} ${word}`, value);
  }
  const places = new Set([...tuning.unbind, ...(tuning.unbindsNeedless ? equipment.needless : [])]);
  for (const place of places) {
    if (equipment.storage.includes(place))
      notes.push(`unbind ${place}: the card may be behind it, so it is not`);
    else want('driver', place, '');
  }
  return { settings: unique(settings), notes };
}

/** Two cards with one driver have one parameter. */
function unique(settings: readonly Setting[]): Setting[] {
  return [...new Map(settings.map(each => [keyOf(each), each])).values()];
}

/** False when nothing of the configuration depends on what there is, so that nobody has to look. */
export function needsEquipment({
  latencyTimer,
  rxCopybreak,
  unbindsNeedless,
  unbind,
  interfaces,
}: TuningConfig): boolean {
  return (
    latencyTimer !== undefined ||
    rxCopybreak !== undefined ||
    unbindsNeedless === true ||
    unbind.length > 0 ||
    interfaces.some(each => each.latencyTimer !== undefined)
  );
}

export const NO_EQUIPMENT: Equipment = { cards: [], needless: [], storage: [] };

/** Values from before the director changed them, by key. */
export type Originals = Readonly<Record<string, string>>;

/** What was changed and is not wanted any more, with the value that it had before. */
export function undone(originals: Originals, wanted: readonly Setting[]): Setting[] {
  const keys = new Set(wanted.map(keyOf));
  return Object.entries(originals).flatMap(([key, value]) => {
    const setting = keys.has(key) ? null : parseKey(key);
    return setting === null ? [] : [{ ...setting, value }];
  });
}

/** Words of the kernel's command line. */
export function bootArguments(tuning: TuningConfig | undefined): string[] {
  const { connTabBits, rxCopybreak } = tuning ?? {};
  return [
    ...(connTabBits === undefined ? [] : [`${CONN_TAB_BITS}=${connTabBits}`]),
    ...(rxCopybreak === undefined
      ? []
      : Object.values(COPYBREAK_AT_BOOT).map(name => `${name}=${rxCopybreak}`)),
  ];
}

const CONN_TAB_BITS = 'ip_vs.conn_tab_bits';

/** Names of all words that `bootArguments` may give. */
export const BOOT_ARGUMENTS: readonly string[] = [CONN_TAB_BITS, ...Object.values(COPYBREAK_AT_BOOT)];

/** What of it the kernel was not started with, in words. `drivers`: those of the network cards. */
export function waitingForBoot(
  tuning: TuningConfig,
  commandLine: string,
  drivers: ReadonlySet<string>,
): string[] {
  // Of a word that is there twice the kernel takes the later one.
  const present = new Map(commandLine.trim().split(/\s+/).map(split));
  const used = new Set([...drivers].map(driver => COPYBREAK_AT_BOOT[driver]));
  return bootArguments(tuning)
    .filter(word => {
      const [name, value] = split(word);
      return present.get(name) !== value && (name === CONN_TAB_BITS || used.has(name));
    })
    .map(word => `${word}: active after the next boot, once it is committed`);
}

function split(word: string): readonly [string, string] {
  const [name = '', ...value] = word.split('=');
  return [name, value.join('=')];
}
