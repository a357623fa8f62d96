// Whole advertisements: the bytes that leave for a destination, and what a datagram that arrived means to an instance.
import type { ChecksumForm } from './checksum.ts';
import type { InstanceEvent, InstanceSettings, InstanceState } from './instance.ts';
import { compareAddresses } from './order.ts';
import { decode, type Envelope, encode, type Malformation } from './packet.ts';

/** What is sealed: an InstanceState, or as much of one. */
export interface Sealable {
  readonly settings: InstanceSettings;
  readonly checksumForm: ChecksumForm;
}

/** The bytes of an advertisement with `priority` (0 gives the group up) from `source` to `destination`. */
export function sealAdvertisement(
  { settings, checksumForm }: Sealable,
  priority: number,
  source: Uint8Array,
  destination: Uint8Array,
): Uint8Array {
  const { version, virtualRouterId, advertInterval, addresses } = settings;
  const advertisement = { version, virtualRouterId, priority, interval: advertInterval, addresses };
  return encode(advertisement, source, destination, checksumForm);
}

/**
 * What a VRRP message that arrived on the instance's interface with its virtual router id means to it. Views into `message` are in the
 * event: it is to be handed to the instance at once. Never throws.
 */
export function readAdvertisement(
  { settings }: InstanceState,
  message: Uint8Array,
  envelope: Envelope,
): InstanceEvent {
  const sender = envelope.source;
  const objection = objectionToOrigin(settings, envelope);
  if (objection !== null) return { kind: 'malformed', malformation: objection, sender };
  const result = decode(message, envelope);
  if (typeof result === 'string') return { kind: 'malformed', malformation: result, sender };
  if (result.version === 2 && message[4] !== 0) {
    return { kind: 'malformed', malformation: 'authentication', sender };
  }
  return { kind: 'advertisement', advertisement: result, sender };
}

/** RFC 9568, 5.1.1.3: only TTL 255 comes from this network. Unicast peers may be further away, as far as is configured. */
function objectionToOrigin({ unicast }: InstanceSettings, { source, hops }: Envelope): Malformation | null {
  const peer = unicast?.peers.find(({ address }) => compareAddresses(address, source) === 0);
  if (peer !== undefined) return hops >= peer.minimumTtl && hops <= peer.maximumTtl ? null : 'hops';
  if (unicast?.checkSource) return 'source';
  return hops === 255 ? null : 'hops';
}
