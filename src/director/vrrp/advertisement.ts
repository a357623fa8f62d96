// Whole advertisements: the bytes that leave for a destination, and what a message that arrived means to an instance.
import { authenticate, trailerLength, writePassword } from './authentication.ts';
import type { ChecksumForm } from './checksum.ts';
import { sign } from './hmac.ts';
import type { InstanceEvent, InstanceSettings, InstanceState } from './instance.ts';
import { compareAddresses } from './order.ts';
import {
  claimsOf,
  decode,
  type Envelope,
  layOut,
  type Malformation,
  messageEnd,
  writeChecksum,
} from './packet.ts';

/** What an advertisement says of its instance, apart from the priority. */
export type Statement = Pick<
  InstanceSettings,
  'version' | 'virtualRouterId' | 'advertInterval' | 'addresses' | 'authentication'
>;

/** What an advertisement is made of, apart from its priority and its moment: an InstanceState, or as much of one. */
export interface Sealable<S extends Statement = InstanceSettings> {
  readonly settings: S;
  readonly checksumForm: ChecksumForm;
}

/**
 * An advertisement with `priority` (0 gives the group up) from `source` to `destination`. `sequence` is for HMAC: greater than every one
 * before, see sequence.ts.
 */
export function sealAdvertisement(
  sealable: Sealable<Statement>,
  priority: number,
  source: Uint8Array,
  destination: Uint8Array,
  sequence: bigint,
): Uint8Array {
  const message = draftMessage(sealable.settings, priority, source.length);
  signMessage(message, sealable.settings, source, sequence);
  sumMessage(message, source, destination, sealable.checksumForm);
  return message;
}

/** A message that lacks its signature and its checksum. */
export function draftMessage(settings: Statement, priority: number, addressLength: number): Uint8Array {
  const { version, virtualRouterId, advertInterval: interval, authentication } = settings;
  const addresses = linkLocalFirst(settings.addresses);
  const message = layOut(
    { version, virtualRouterId, priority, interval, addresses },
    addressLength,
    trailerLength(authentication),
  );
  writePassword(message, authentication);
  return message;
}

/** Signs a message when its instance does so; its checksum does not matter to that. */
export function signMessage(
  message: Uint8Array,
  { authentication }: Statement,
  source: Uint8Array,
  sequence: bigint,
): void {
  if (authentication.kind !== 'HMAC') return;
  sign(message, messageEnd(message, source.length), source, authentication.active, sequence);
}

/** On IPv6 the sum covers the trailer, because there kernels sum all that is sent; on IPv4 the message alone. */
export function sumMessage(
  message: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  form: ChecksumForm,
): void {
  const length = source.length === 4 ? messageEnd(message, source.length) : message.length;
  writeChecksum(message, length, source, destination, form);
}

/** RFC 9568, 5.2.9 and erratum 8300: on IPv6 the first address is the link-local one. */
function linkLocalFirst(addresses: readonly Uint8Array[]): readonly Uint8Array[] {
  const isLinkLocal = (address: Uint8Array) =>
    address.length === 16 && address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
  const first = addresses.findIndex(isLinkLocal);
  if (first <= 0) return addresses;
  return [addresses[first]!, ...addresses.slice(0, first), ...addresses.slice(first + 1)];
}

/**
 * What a VRRP message that arrived on the instance's interface with its virtual router id means to it. Views into `message` are in the
 * event: it is to be handed to the instance at once. `wall`: milliseconds since 1970; `now`: monotonic milliseconds. Never throws.
 */
export function readAdvertisement(
  { settings, marks }: InstanceState,
  message: Uint8Array,
  envelope: Envelope,
  wall: number,
  now: number,
): InstanceEvent {
  const sender = envelope.source;
  const objection = objectionToOrigin(settings, envelope);
  if (objection !== null) return malformed(objection, message, sender);
  const advertisement = decode(message, envelope);
  if (typeof advertisement === 'string') return malformed(advertisement, message, sender);
  const signature = authenticate(settings.authentication, marks, message, sender, wall, now);
  if (typeof signature === 'string') return malformed(signature, message, sender);
  return { kind: 'advertisement', advertisement, sender, signature };
}

function malformed(malformation: Malformation, message: Uint8Array, sender: Uint8Array): InstanceEvent {
  return { kind: 'malformed', malformation, sender, ...claimsOf(message) };
}

/** RFC 9568, 5.1.1.3: only TTL 255 comes from this network. Unicast peers may be further away, as far as is configured. */
function objectionToOrigin({ unicast }: InstanceSettings, { source, hops }: Envelope): Malformation | null {
  const peer = unicast?.peers.find(({ address }) => compareAddresses(address, source) === 0);
  if (peer !== undefined) return hops >= peer.minimumTtl && hops <= peer.maximumTtl ? null : 'hops';
  if (unicast?.checkSource) return 'source';
  return hops === 255 ? null : 'hops';
}
