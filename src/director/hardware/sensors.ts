// What the board's sensors say: temperatures and voltages of whatever chips Linux has found (Documentation/hwmon/sysfs-interface.rst).
import { type Files, isSystemError } from '../../platform/platform.ts';

const CLASS = '/sys/class/hwmon';

/** What no sensor of a board in one piece says: inputs that nothing is connected to say such things. Degrees Celsius. */
const PLAUSIBLE = { from: -40, to: 125 };

export interface Sensor {
  /** Of the chip and what it measures: `lm86 temp2`. */
  readonly name: string;
  readonly kind: 'temperature' | 'voltage';
  /** Degrees Celsius, volts; null: nothing can be read there, for a reason that `trouble` names. */
  readonly value: number | null;
  /** In words. */
  readonly trouble: string | null;
  /** Where the chip itself raises its alarms, in the same unit; null: it has none, or does not say. No heat is too little. */
  readonly limits: {
    readonly minimum: number | null;
    readonly maximum: number | null;
    readonly critical: number | null;
  };
}

/** Temperatures, then voltages. `withLimits`: with the chips' own, which need not be read all the time. */
export function readSensors(files: Files, withLimits: boolean): Sensor[] {
  const chips = chipsOf(files);
  return (['temp', 'in'] as const).flatMap(prefix =>
    chips.flatMap(chip => inputsOf(chip, prefix).map(each => sensorOf(files, each, withLimits))),
  );
}

interface Chip {
  readonly name: string;
  readonly folder: string;
  readonly entries: readonly string[];
}

interface Input {
  readonly chip: Chip;
  readonly prefix: 'temp' | 'in';
  /** `temp1` */
  readonly word: string;
}

/** Drivers of old (pc87360) have their files beside the device, newer ones in the class. */
function chipsOf(files: Files): Chip[] {
  return listed(files, CLASS).flatMap(entry => {
    const folder = [`${CLASS}/${entry}`, `${CLASS}/${entry}/device`].find(each =>
      files.exists(`${each}/name`),
    );
    if (folder === undefined) return [];
    const name = read(files, `${folder}/name`);
    return typeof name === 'string' ? [{ name, folder, entries: listed(files, folder) }] : [];
  });
}

function inputsOf(chip: Chip, prefix: Input['prefix']): Input[] {
  const numbers = chip.entries.flatMap(entry => {
    const number = entry.startsWith(prefix) && entry.endsWith('_input') ? entry.slice(prefix.length, -6) : '';
    return /^\d+$/.test(number) ? [Number(number)] : [];
  });
  return numbers.sort((a, b) => a - b).map(number => ({ chip, prefix, word: `${prefix}${number}` }));
}

function sensorOf(files: Files, { chip, prefix, word }: Input, withLimits: boolean): Sensor {
  const path = `${chip.folder}/${word}`;
  const has = (what: string) => chip.entries.includes(`${word}_${what}`);
  const label = has('label') ? read(files, `${path}_label`) : word;
  const limit = (what: string) =>
    withLimits && has(what) ? (numberIn(files, `${path}_${what}`).value ?? null) : null;
  const isFaulty = has('fault') && read(files, `${path}_fault`) === '1';
  return {
    name: `${chip.name} ${typeof label === 'string' && label !== '' ? label : word}`,
    kind: prefix === 'temp' ? 'temperature' : 'voltage',
    ...(isFaulty
      ? { value: null, trouble: 'the sensor is broken or missing' }
      : measured(files, path, prefix)),
    limits: {
      minimum: prefix === 'in' ? limit('min') : null,
      maximum: limit('max'),
      critical: limit('crit'),
    },
  };
}

function measured(files: Files, path: string, prefix: Input['prefix']): Pick<Sensor, 'value' | 'trouble'> {
  const { value, trouble } = numberIn(files, `${path}_input`);
  if (value === null || prefix === 'in') return { value, trouble };
  if (value >= PLAUSIBLE.from && value <= PLAUSIBLE.to) return { value, trouble: null };
  return { value: null, trouble: `${value} C cannot be: nothing is connected there` };
}

/** Thousandths, as all these files say them. */
function numberIn(files: Files, path: string): Pick<Sensor, 'value' | 'trouble'> {
  const said = read(files, path);
  if (typeof said !== 'string') return { value: null, trouble: `it cannot be read (${said.code})` };
  if (!/^-?\d+$/.test(said)) return { value: null, trouble: `"${said}" is no number` };
  return { value: Number(said) / 1000, trouble: null };
}

/** The line, or why there is none: chips on a slow bus fail now and then. */
function read(files: Files, path: string): string | { readonly code: string } {
  try {
    return files.readText(path).trim();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: error.code };
  }
}

function listed(files: Files, folder: string): string[] {
  try {
    return files.list(folder).sort();
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}
