// The names that are defined before a configuration begins, as keepalived has them.
import type { Predefined } from './definitions.ts';

export interface Surroundings {
  /** Of the file that is being read, absolute. */
  folder(): string;
  configId(): string | null;
}

/** The largest number that `${_RANDOM}` gives unless it is told. */
const LARGEST = 32_767;

/**
 * `${_RANDOM}` gives numbers that the config id fixes: each director has others, and has the same whenever it reads the file,
 * or what did not change would seem to.
 */
export function predefinedNames({ folder, configId }: Surroundings): ReadonlyMap<string, Predefined> {
  let state = -1;
  const random = (): number => {
    if (state < 0) state = hash(configId() ?? '');
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return new Map<string, Predefined>([
    ['_PWD', folder],
    ['_INSTANCE', () => configId() ?? ''],
    ['_HASH', () => '\\#'],
    ['_BANG', () => '\\!'],
    [
      '_RANDOM',
      ([least = 0, most = LARGEST]) =>
        String(least + Math.floor(random() * (Math.max(least, most) - least + 1))),
    ],
  ]);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
