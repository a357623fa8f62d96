// The operating systems of real servers that recipes are known for.
import type { Duty } from './duty.ts';
import { freebsd } from './freebsd.ts';
import { linux } from './linux.ts';
import type { Recipe } from './recipe.ts';
import { windows } from './windows.ts';

export interface System {
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  /** What a line of remarks begins with. */
  readonly remark: string;
  /** Throws a NoRecipe. */
  recipe(duty: Duty): Recipe;
}

export const SYSTEMS: readonly System[] = [
  { name: 'debian', title: 'Debian or Ubuntu', remark: '#', recipe: duty => linux(duty, true) },
  { name: 'redhat', title: 'Red Hat, Alma, Rocky or Fedora', remark: '#', recipe: duty => linux(duty, true) },
  { name: 'linux', title: 'Linux without systemd', remark: '#', recipe: duty => linux(duty, false) },
  { name: 'freebsd', title: 'FreeBSD', remark: '#', recipe: freebsd },
  { name: 'windows', title: 'Windows Server', remark: '#', recipe: windows },
];
