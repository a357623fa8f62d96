// The board's LEDs: alive, master or backup, trouble. The kernel blinks them (Documentation/leds/leds-class.rst), by the names that
// its drivers give them (drivers/leds/leds-wrap.c, leds-net48xx.c, arch/x86/platform/geode).
import { type Files, isSystemError } from '../../platform/platform.ts';

const CLASS = '/sys/class/leds';

/** What is to be seen. */
export interface Signs {
  /** `none`: neither, as without an instance or in FAULT. */
  readonly office: 'master' | 'backup' | 'none';
  readonly trouble: boolean;
  /** Somebody has to come: the board is about to fail, or waits for an answer. */
  readonly alarm: boolean;
}

/** What one LED is for; `all`: it is the only one. */
export type LedRole = 'alive' | 'office' | 'error' | 'all';

/** Dark, lit, or blinking: milliseconds lit and dark. */
export type Shine = 'dark' | 'lit' | readonly [lit: number, dark: number];

const SPARK: Shine = [100, 1900];
const GAP: Shine = [1900, 100];
const BEAT: Shine = [500, 500];
const HURRY: Shine = [100, 100];

/** LEDs of each board by what they are for. Others, as those of network chips, are left alone. */
const ROLES: Readonly<Record<string, LedRole>> = {
  'net48xx::error': 'all',
  'net5501:1': 'all',
  'wrap::power': 'alive',
  'wrap::extra': 'office',
  'wrap::error': 'error',
  'alix:1': 'alive',
  'alix:2': 'office',
  'alix:3': 'error',
  'geos:1': 'alive',
  'geos:2': 'office',
  'geos:3': 'error',
};

/** How an LED shows the signs. */
export function shineOf(role: LedRole, { office, trouble, alarm }: Signs): Shine {
  switch (role) {
    case 'alive':
      return BEAT;
    case 'office':
      return office === 'master' ? 'lit' : office === 'backup' ? SPARK : 'dark';
    case 'error':
      return alarm ? HURRY : trouble ? 'lit' : 'dark';
    case 'all':
      if (alarm || trouble) return HURRY;
      return office === 'master' ? GAP : office === 'backup' ? SPARK : BEAT;
  }
}

/** While no director runs. */
export function shineStopped(role: LedRole): Shine {
  return role === 'error' || role === 'all' ? 'lit' : 'dark';
}

export interface Led {
  readonly name: string;
  readonly role: LedRole;
}

/** Those of this board, in the order of their names. */
export function findLeds(files: Files): Led[] {
  try {
    return files
      .list(CLASS)
      .sort()
      .flatMap(name => (Object.hasOwn(ROLES, name) ? [{ name, role: ROLES[name]! }] : []));
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** Throws a SystemError. */
export function light(files: Files, { name }: Led, shine: Shine): void {
  const put = (what: string, value: string | number) => files.put(`${CLASS}/${name}/${what}`, String(value));
  if (typeof shine === 'string') {
    put('trigger', 'none');
    put('brightness', shine === 'lit' ? 255 : 0);
    return;
  }
  put('trigger', 'timer');
  // These two are there only while the trigger is `timer`.
  put('delay_on', shine[0]);
  put('delay_off', shine[1]);
}
