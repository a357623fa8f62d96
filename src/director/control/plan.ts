// What a configuration would change before it does: the answer to `plan` and, once done, to `reload`.

import type { Config, VirtualAddressConfig } from '../config/config.ts';
import type { Problem } from '../config/problem.ts';
import type { VrrpConfig } from '../config/vrrp-config.ts';
import { NO_VRRP } from '../config/vrrp-defaults.ts';

/** One line for each change, by what it changes. */
export interface Plan {
  readonly network: readonly string[];
  readonly filter: readonly string[];
  readonly kernel: readonly string[];
  readonly tuning: readonly string[];
  /** Host name, password, time servers, the card's budget, heat. */
  readonly board: readonly string[];
  readonly vrrp: readonly string[];
  /** Null: the checker does not answer, so nobody knows. */
  readonly table: readonly string[] | null;
}

/** Refused with its errors, or accepted with its warnings and what it changes. */
export type Outcome =
  | { readonly accepted: false; readonly problems: readonly Problem[] }
  | {
      readonly accepted: true;
      readonly problems: readonly Problem[];
      readonly plan: Plan;
      /** Once done: what did not come about, in words, beyond what the plan said of it. */
      readonly remarks?: readonly string[];
    };

/** What becomes of the VRRP instances, of sync groups and trackers, and of who is told. `before` is null at the start. */
export function planVrrp(before: Config | null, after: Config): string[] {
  const old = before?.vrrp ?? NO_VRRP;
  const { vrrp } = after;
  // The kernel's settings of the synchronisation are planned with the tuning.
  const isSetting = (key: keyof VrrpConfig) =>
    key !== 'syncGroups' && key !== 'trackers' && key !== 'syncSettings';
  return [
    ...planNamed('instance', before?.vrrpInstances ?? [], after.vrrpInstances),
    ...planNamed('sync group', old.syncGroups, vrrp.syncGroups),
    ...planNamed('script', old.trackers.scripts, vrrp.trackers.scripts),
    ...planNamed('track file', old.trackers.files, vrrp.trackers.files),
    ...planNamed('process', old.trackers.processes, vrrp.trackers.processes),
    ...differences(
      old,
      vrrp,
      Object.keys(vrrp).filter(key => isSetting(key as keyof VrrpConfig)),
    ),
  ];
}

/** What becomes of the settings of the board itself. `before` is null at the start. */
export function planBoard(before: Config | null, after: Config): string[] {
  const next = boardSettings(after);
  return differences(before === null ? {} : boardSettings(before), next, Object.keys(next));
}

function boardSettings({ system, flash, thermal }: Config): object {
  return { ...system, budgetPerDay: flash?.perDay, card: flash?.card.name, thermal };
}

interface Named {
  readonly name: string;
}

function planNamed<T extends Named>(what: string, before: readonly T[], after: readonly T[]): string[] {
  const lines = before
    .filter(({ name }) => !after.some(each => each.name === name))
    .map(({ name }) => `remove ${what} ${name}`);
  for (const thing of after) {
    const { name } = thing;
    const old = before.find(each => each.name === name);
    if (old === undefined) lines.push(`add ${what} ${name}${placeOf(thing)}`);
    else lines.push(...differences(old, thing, Object.keys(thing)).map(text => `${what} ${name}: ${text}`));
  }
  return lines;
}

function placeOf(thing: Named): string {
  return 'interface' in thing ? ` on ${thing.interface}` : '';
}

/** Keys whose values nobody may read over a shoulder. */
const SECRETS: ReadonlySet<string> = new Set(['authentication', 'passwordHash']);

function differences(before: object, after: object, keys: readonly string[], within = ''): string[] {
  const [old, next] = [before, after] as Readonly<Record<string, unknown>>[];
  return keys.flatMap(key => differ(`${within}${words(key)}`, old![key], next![key], SECRETS.has(key)));
}

/** What becomes of one setting; of one that has parts, the parts that change. */
function differ(name: string, old: unknown, next: unknown, isSecret = false): string[] {
  if (show(old) === show(next)) return [];
  if (isSecret) return [`${name} changes`];
  if (isBlock(old) && isBlock(next)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
    return differences(old, next, [...keys], `${name} `);
  }
  if (isBlock(old) && isNothing(next)) return [`remove ${name}`];
  if (isNothing(old) && isBlock(next)) return [`add ${name}`];
  if (isListOfNamed(old) && isListOfNamed(next)) return differInNamed(name, old, next);
  return [`${name} ${show(old)} becomes ${show(next)}`];
}

function differInNamed(what: string, old: readonly Named[], next: readonly Named[]): string[] {
  const names = [...new Set([...old, ...next].map(each => each.name))];
  const one = (list: readonly Named[], name: string) => list.find(each => each.name === name);
  return names.flatMap(name => differ(`${what} ${name}`, one(old, name), one(next, name)));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isBlock(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfNamed(value: unknown): value is readonly Named[] {
  return Array.isArray(value) && value.every(each => isBlock(each) && 'name' in each);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object') return String(value);
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'nothing';
  if (Array.isArray(value) && value.every(isAddress)) {
    return value.map(each => `${each.address}/${each.prefix} on ${each.interface}`).join(', ');
  }
  if (Array.isArray(value) && value.every(each => typeof each === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

function isAddress(value: unknown): value is VirtualAddressConfig {
  return typeof value === 'object' && value !== null && 'address' in value && 'interface' in value;
}

/** `advertInterval` -> `advert interval` */
function words(key: string): string {
  return key.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}
