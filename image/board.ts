// Boards: what is known about each kind of hardware (board/<name>/board.json), read and checked.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isRecord,
  listOf,
  mapOf,
  matching,
  object,
  oneOf,
  orNull,
  type Shape,
  text,
  whole,
} from './schema.ts';

/** The facts of one kind of board. Null is "not known", nothing else. */
export interface Board {
  /** The folder's name. */
  readonly name: string;
  readonly title: string;
  readonly cpu: {
    readonly model: string;
    /** The clock rates it was sold with. */
    readonly megahertz: readonly number[] | null;
    /** The lowest instruction set its kernel and programs may use. */
    readonly instructions: 'i486' | 'i586';
    /** As the operating system named in `sources` shows them. */
    readonly flags: readonly string[] | null;
  };
  /** The sizes it was seen with, in MB. */
  readonly ram: { readonly megabytes: readonly number[] } | null;
  /** The serial console; the speed is the firmware's default, in bit/s, 8N1. */
  readonly console: { readonly port: string; readonly speed: number };
  readonly network: {
    readonly driver: string | null;
    readonly chip: string | null;
    /** In the order in which the kernel finds them. */
    readonly ports: readonly NetworkPort[] | null;
  };
  readonly interrupts: readonly { readonly irq: number; readonly devices: readonly string[] }[] | null;
  readonly watchdog: { readonly driver: string } | null;
  readonly temperature: { readonly driver: string; readonly chip: string } | null;
  readonly leds: { readonly driver: string; readonly gpio: readonly number[] } | null;
  /** The reset button, where a pin of the CS5535 or CS5536 reads it. */
  readonly button: { readonly gpio: number } | null;
  /** Degrees Celsius at which the board is warm, hot, critical; those of the director where they are not known. */
  readonly limits: { readonly warn: number; readonly hot: number; readonly critical: number } | null;
  readonly disk: {
    readonly driver: string | null;
    /** What CompactFlash cards and the firmware are known to do wrong together. */
    readonly quirks: readonly string[];
  };
  /** Names as in /sys/devices/system/clocksource and clockevents. */
  readonly clock: { readonly source: string | null; readonly event: string | null };
  /** Added to the kernel's command line. */
  readonly kernelParameters: readonly string[];
  /** The virtual machine that stands in for it in the tests. */
  readonly qemu: { readonly cpu: '486' | 'pentium'; readonly megabytes: number };
  /** Where each fact comes from, by the name of its field. */
  readonly sources: Readonly<Record<string, string>>;
  readonly verified: { readonly what: string; readonly date: string | null };
}

export interface NetworkPort {
  readonly name: string;
  /** What is printed beside the socket. */
  readonly label: string | null;
  readonly irq: number | null;
}

const irq = whole(0, 15);
const gpio = whole(0, 63);
const degrees = whole(20, 120);

const board: Shape = object({
  name: text,
  title: text,
  cpu: object({
    model: text,
    megahertz: orNull(listOf(whole(1, 4000))),
    instructions: oneOf('i486', 'i586'),
    flags: orNull(listOf(text)),
  }),
  ram: orNull(object({ megabytes: listOf(whole(16, 4096)) })),
  console: object({
    port: matching(/^ttyS[0-3]$/, 'a serial port, ttyS0 to ttyS3'),
    speed: oneOf(9600, 19200, 38400, 57600, 115200),
  }),
  network: object({
    driver: orNull(oneOf('natsemi', 'via-rhine', '8139cp', '8139too', 'e1000', 'pcnet32')),
    chip: orNull(text),
    ports: orNull(
      listOf(
        object({
          name: matching(/^eth\d$/, 'a kernel name, eth0 to eth9'),
          label: orNull(text),
          irq: orNull(irq),
        }),
      ),
    ),
  }),
  interrupts: orNull(listOf(object({ irq, devices: listOf(text) }))),
  watchdog: orNull(object({ driver: oneOf('scx200_wdt', 'geodewdt', 'sc520_wdt') })),
  temperature: orNull(object({ driver: oneOf('pc87360', 'lm77', 'lm90'), chip: text })),
  leds: orNull(object({ driver: oneOf('leds-net48xx', 'leds-wrap', 'leds-gpio'), gpio: listOf(gpio) })),
  button: orNull(object({ gpio })),
  limits: orNull(object({ warn: degrees, hot: degrees, critical: degrees })),
  disk: object({
    driver: orNull(oneOf('pata_sc1200', 'pata_cs5535', 'pata_cs5536', 'pata_legacy')),
    quirks: listOf(text),
  }),
  clock: object({
    source: orNull(oneOf('scx200_hrt', 'tsc', 'sc520', 'acpi_pm')),
    event: orNull(oneOf('pit')),
  }),
  kernelParameters: listOf(matching(/^[^\s"'$\\]+$/, 'one kernel parameter without blanks and quotes')),
  qemu: object({ cpu: oneOf('486', 'pentium'), megabytes: whole(32, 512) }),
  sources: mapOf(text),
  verified: object({ what: text, date: orNull(matching(/^\d{4}-\d\d-\d\d$/, 'a date, YYYY-MM-DD')) }),
});

/** Something the user gave is wrong; every line says what and where. */
export class InputError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InputError';
  }
}

/** The names of all boards, sorted. */
export function boardNames(root: string): string[] {
  return readdirSync(join(root, 'board'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}

/** Reads board/<name>/board.json below `root`. Throws an InputError that lists all that is wrong with it. */
export function readBoard(root: string, name: string): Board {
  const relative = join('board', name, 'board.json');
  const file = join(root, relative);
  if (!boardNames(root).includes(name) || !existsSync(file)) {
    throw new InputError([`there is no board "${name}"; boards: ${boardNames(root).join(', ')}`]);
  }
  return parseBoard(readFileSync(file, 'utf8'), relative, name);
}

/** Checks the text of a board.json; `file` is how messages name it, `name` the board it has to be. */
export function parseBoard(content: string, file: string, name: string): Board {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new InputError([`${file}: ${error instanceof Error ? error.message : 'not JSON'}`]);
  }
  const problems: string[] = [];
  board(value, '', problem => problems.push(`${file}: ${problem}`));
  if (isRecord(value)) {
    if (typeof value.name === 'string' && value.name !== name) {
      problems.push(`${file}: name: found "${value.name}", expected "${name}" as the folder is called`);
    }
    problems.push(...unknownSources(value, file));
  }
  if (problems.length > 0) throw new InputError(problems);
  // The shape above is the type.
  return value as Board;
}

/** A source has to belong to a field that exists: `cpu`, or deeper, `network.ports`. */
function unknownSources(value: Record<string, unknown>, file: string): string[] {
  if (!isRecord(value.sources)) return [];
  return Object.keys(value.sources)
    .filter(path => !exists(value, path.split('.')))
    .map(path => `${file}: sources.${path}: there is no field "${path}"`);
}

function exists(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  return isRecord(value) && name in value && exists(value[name], rest);
}
