// Differences between an advertisement and what is configured here: they are reported and nothing else, they must not make two masters.
import { formatAddress } from '../address.ts';
import type { Signature } from './authentication.ts';
import { complain } from './complaint.ts';
import type { AdvertisementEvent, InstanceEffect, InstanceSettings } from './instance.ts';
import { compareAddresses } from './order.ts';
import type { ReceivedAdvertisement } from './packet.ts';
import { OWNER } from './priority.ts';
import type { Draft } from './transition.ts';

export function compare(
  draft: Draft,
  effects: InstanceEffect[],
  { advertisement, sender, signature }: AdvertisementEvent,
  now: number,
): void {
  const difference = differenceFrom(draft, advertisement) ?? lagOf(draft.settings, signature);
  if (difference === null) draft.trouble = null;
  else complain(draft, effects, `${formatAddress(sender)} ${difference}`, now);
}

function differenceFrom(draft: Draft, advertisement: ReceivedAdvertisement): string | null {
  const { settings } = draft;
  if (settings.priority === OWNER && advertisement.priority === OWNER) {
    return 'has priority 255 too: only one router can own the addresses';
  }
  if (advertisement.interval !== settings.advertInterval) {
    return `advertises every ${advertisement.interval} ms, here ${settings.advertInterval} ms are configured`;
  }
  if (!hasSameAddresses(draft, advertisement.addresses)) {
    const theirs = splitAddresses(settings, advertisement.addresses);
    return `has other virtual addresses: ${theirs.map(formatAddress).join(' ')}`;
  }
  return null;
}

/** A clock that is half way to where nobody believes it any more. */
function lagOf({ authentication }: InstanceSettings, signature: Signature | null): string | null {
  if (signature === null || authentication.kind !== 'HMAC' || authentication.window === null) return null;
  const { skew } = signature;
  if (Math.abs(skew) <= authentication.window / 2) return null;
  const seconds = Math.round(Math.abs(skew) / 1000);
  return `has a clock ${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} ours, which is near the limit (time_window)`;
}

/** True when the addresses of an advertisement are ours, in any order. Remembers the last list that was not the same bytes. */
export function hasSameAddresses(draft: Draft, theirs: Uint8Array): boolean {
  const { addresses } = draft.settings;
  if (isConcatenation(theirs, addresses)) return true;
  const { otherList } = draft;
  if (otherList !== null && compareAddresses(otherList.bytes, theirs) === 0) return otherList.isOurs;
  const isOurs = isPermutation(splitAddresses(draft.settings, theirs), addresses);
  draft.otherList = { bytes: theirs.slice(), isOurs };
  return isOurs;
}

// One loop without calls: there may be 200 addresses, and fifty advertisements a second.
function isConcatenation(bytes: Uint8Array, parts: readonly Uint8Array[]): boolean {
  let at = 0;
  for (const part of parts) {
    const { length } = part;
    for (let index = 0; index < length; index++) {
      if (bytes[at++] !== part[index]) return false;
    }
  }
  return at === bytes.length;
}

function isPermutation(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  const keys = new Set(one.map(formatAddress));
  return one.length === other.length && other.every(address => keys.has(formatAddress(address)));
}

/** Views. */
function splitAddresses({ family }: InstanceSettings, bytes: Uint8Array): Uint8Array[] {
  const length = family === 4 ? 4 : 16;
  return Array.from({ length: bytes.length / length }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}
