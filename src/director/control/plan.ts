// What a configuration would change before it does: the answer to `plan` and, once done, to `reload`.

import type { VirtualAddressConfig, VrrpInstanceConfig } from '../config/config.ts';
import type { Problem } from '../config/problem.ts';

/** One line for each change, by what it changes. */
export interface Plan {
  readonly network: readonly string[];
  readonly filter: readonly string[];
  readonly kernel: readonly string[];
  readonly vrrp: readonly string[];
  /** Null: the checker does not answer, so nobody knows. */
  readonly table: readonly string[] | null;
}

/** Refused with its errors, or accepted with its warnings and what it changes. */
export type Outcome =
  | { readonly accepted: false; readonly problems: readonly Problem[] }
  | { readonly accepted: true; readonly problems: readonly Problem[]; readonly plan: Plan };

/** What becomes of the VRRP instances. */
export function planInstances(
  before: readonly VrrpInstanceConfig[],
  after: readonly VrrpInstanceConfig[],
): string[] {
  const lines: string[] = [];
  for (const instance of before) {
    if (!after.some(({ name }) => name === instance.name)) lines.push(`remove instance ${instance.name}`);
  }
  for (const instance of after) {
    const old = before.find(({ name }) => name === instance.name);
    if (old === undefined) lines.push(`add instance ${instance.name} on ${instance.interface}`);
    else lines.push(...differences(old, instance).map(text => `instance ${instance.name}: ${text}`));
  }
  return lines;
}

function differences(before: VrrpInstanceConfig, after: VrrpInstanceConfig): string[] {
  const keys = Object.keys(after) as (keyof VrrpInstanceConfig)[];
  return keys
    .filter(key => show(before[key]) !== show(after[key]))
    .map(key => `${words(key)} ${show(before[key])} becomes ${show(after[key])}`);
}

function show(value: VrrpInstanceConfig[keyof VrrpInstanceConfig]): string {
  if (typeof value !== 'object') return String(value);
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'nothing';
  if (Array.isArray(value) && value.every(isAddress)) {
    return value.map(each => `${each.address}/${each.prefix} on ${each.interface}`).join(', ');
  }
  return JSON.stringify(value);
}

function isAddress(value: object): value is VirtualAddressConfig {
  return 'address' in value && 'prefix' in value;
}

/** `advertInterval` -> `advert interval` */
function words(key: string): string {
  return key.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}
