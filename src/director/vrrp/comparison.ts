// Differences between an advertisement and what is configured here: they are reported and nothing else, they must not make two masters.
import { formatAddress } from '../address.ts';
import type { Signature } from './authentication.ts';
import { complain } from './complaint.ts';
import type { AdvertisementEvent, InstanceEffect, InstanceSettings } from './instance.ts';
import { includesAddress } from './order.ts';
import type { ReceivedAdvertisement } from './packet.ts';
import { OWNER } from './priority.ts';
import type { Draft } from './transition.ts';

export function compare(
  draft: Draft,
  effects: InstanceEffect[],
  { advertisement, sender, signature }: AdvertisementEvent,
  now: number,
): void {
  const { settings } = draft;
  const difference = differenceFrom(settings, advertisement) ?? lagOf(settings, signature);
  if (difference === null) draft.trouble = null;
  else complain(draft, effects, `${formatAddress(sender)} ${difference}`, now);
}

function differenceFrom(settings: InstanceSettings, advertisement: ReceivedAdvertisement): string | null {
  if (settings.priority === OWNER && advertisement.priority === OWNER) {
    return 'has priority 255 too: only one router can own the addresses';
  }
  if (advertisement.interval !== settings.advertInterval) {
    return `advertises every ${advertisement.interval} ms, here ${settings.advertInterval} ms are configured`;
  }
  if (!hasSameAddresses(settings, advertisement.addresses)) {
    const theirs = splitAddresses(advertisement.addresses, settings.addresses[0]?.length ?? 4);
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

/** In any order. `theirs`: one behind the other. */
export function hasSameAddresses({ family, addresses }: InstanceSettings, theirs: Uint8Array): boolean {
  const length = family === 4 ? 4 : 16;
  if (addresses.length * length !== theirs.length) return false;
  return (
    addresses.every((address, index) => isAt(theirs, index * length, address)) ||
    splitAddresses(theirs, length).every(address => includesAddress(addresses, address))
  );
}

/** Views. */
function splitAddresses(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: bytes.length / length }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}

function isAt(bytes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let index = 0; index < address.length; index++) {
    if (bytes[at + index] !== address[index]) return false;
  }
  return true;
}
