// VRRP advertisements on the wire: version 2 (RFC 3768) and version 3 (RFC 9568), read with those checks of RFC 9568, 7.1 that a message
// alone can fail.
import { addWords, type ChecksumForm, finish, pseudoHeaderSum } from './checksum.ts';
import type { TrailerFault } from './hmac.ts';

interface Terms {
  readonly version: 2 | 3;
  /** 1..255 */
  readonly virtualRouterId: number;
  /** 0..255; 0: the sender gives the group up, 255: it owns the addresses. */
  readonly priority: number;
  /** Milliseconds: whole seconds up to 255 in version 2, hundredths of a second up to 4095 of them in version 3. */
  readonly interval: number;
}

export interface Advertisement extends Terms {
  /** The virtual addresses, 4 or 16 bytes each. */
  readonly addresses: readonly Uint8Array[];
}

export interface ReceivedAdvertisement extends Terms {
  /** The virtual addresses, 4 or 16 bytes each, one behind the other: a view into the message. */
  readonly addresses: Uint8Array;
  readonly checksumForm: ChecksumForm;
}

/** What the IP header said about a message. Addresses are 4 or 16 bytes. */
export interface Envelope {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** TTL or hop limit. */
  readonly hops: number;
}

/** Why a message was not taken; most are checks of RFC 9568, 7.1 (5.2.2 for the type, erratum 8301 for the interval). */
export type Malformation =
  | 'hops'
  /** A unicast sender that is not among the peers. */
  | 'source'
  | 'version'
  | 'type'
  | 'length'
  | 'checksum'
  | 'count'
  | 'interval'
  /** It is authenticated in another way than ours are. */
  | 'authentication'
  | 'password'
  /** It lacks the trailer that ours have. */
  | 'unsigned'
  | TrailerFault
  /** Its clock and ours differ by more than is allowed. */
  | 'stale'
  /** It has been heard before. */
  | 'replay';

const HEADER_LENGTH = 8;
/** Version 2 ends with the authentication data of RFC 2338, zeros since RFC 3768. */
export const PASSWORD_LENGTH = 8;

const ADVERTISEMENT = 1;

/** Where a message that is at least HEADER_LENGTH long ends by its own account; a trailer may follow. */
export function messageEnd(message: Uint8Array, addressLength: number): number {
  const end = HEADER_LENGTH + message[3]! * addressLength;
  return message[0]! >> 4 === 2 ? end + PASSWORD_LENGTH : end;
}

/** What a message that is at least HEADER_LENGTH long says of its interval, in milliseconds. */
function intervalOf(message: Uint8Array): number {
  if (message[0]! >> 4 === 2) return message[5]! * 1000;
  return ((message[4]! & 0x0f) * 256 + message[5]!) * 10;
}

/** What a message that was not taken says of its sender: no more than a hint. Zeros where it says nothing. */
export function claimsOf(message: Uint8Array): Pick<Terms, 'priority' | 'interval'> {
  if (message.length < HEADER_LENGTH) return { priority: 0, interval: 0 };
  return { priority: message[2]!, interval: intervalOf(message) };
}

/** Reads a VRRP message of either version; never throws. Bytes behind the message are not looked at. */
export function decode(message: Uint8Array, envelope: Envelope): ReceivedAdvertisement | Malformation {
  if (message.length < HEADER_LENGTH) return 'length';
  const version = message[0]! >> 4;
  const addressLength = envelope.source.length;
  if (version !== 3 && !(version === 2 && addressLength === 4)) return 'version';
  if ((message[0]! & 0x0f) !== ADVERTISEMENT) return 'type';
  if (message[3] === 0) return 'count';
  const length = messageEnd(message, addressLength);
  if (message.length < length) return 'length';
  const checksumForm = checksumFormOf(message, length, version, envelope);
  if (checksumForm === null) return 'checksum';
  const interval = intervalOf(message);
  if (interval === 0) return 'interval';
  const addresses = message.subarray(HEADER_LENGTH, HEADER_LENGTH + message[3]! * addressLength);
  return { version, virtualRouterId: message[1]!, priority: message[2]!, interval, addresses, checksumForm };
}

/** Which checksum the message carries, null when it is wrong in every form its version and family allow. */
function checksumFormOf(
  message: Uint8Array,
  length: number,
  version: 2 | 3,
  envelope: Envelope,
): ChecksumForm | null {
  const sum = addWords(0, message, 0, length);
  if (version === 3 && finish(sum + pseudoHeaderSum(envelope.source, envelope.destination, length)) === 0)
    return 'pseudo-header';
  if (envelope.source.length === 4) return finish(sum) === 0 ? 'plain' : null;
  // On IPv6 the kernel sums for senders like keepalived: all that they send, with what stands behind the message.
  if (message.length === length) return null;
  const whole = addWords(sum, message, length, message.length);
  const pseudoHeader = pseudoHeaderSum(envelope.source, envelope.destination, message.length);
  return finish(whole + pseudoHeader) === 0 ? 'pseudo-header' : null;
}

/**
 * Writes a message but for its checksum and its authentication; `trailer` zeros follow it. The interval is rounded to what the version
 * can say.
 */
export function layOut(advertisement: Advertisement, addressLength: number, trailer: number): Uint8Array {
  const { version, addresses } = advertisement;
  const end = HEADER_LENGTH + addresses.length * addressLength;
  const message = new Uint8Array(end + (version === 2 ? PASSWORD_LENGTH : 0) + trailer);
  message[0] = version * 16 + ADVERTISEMENT;
  message[1] = advertisement.virtualRouterId;
  message[2] = advertisement.priority;
  message[3] = addresses.length;
  const interval = Math.round(advertisement.interval / (version === 2 ? 1000 : 10));
  message[4] = version === 2 ? 0 : (interval >> 8) & 0x0f;
  message[5] = interval & 0xff;
  let at = HEADER_LENGTH;
  for (const address of addresses) {
    message.set(address, at);
    at += addressLength;
  }
  return message;
}

/**
 * Writes the checksum over the first `length` bytes. `form` counts only for version 3 on IPv4: version 2 is always plain, IPv6 never.
 */
export function writeChecksum(
  message: Uint8Array,
  length: number,
  source: Uint8Array,
  destination: Uint8Array,
  form: ChecksumForm,
): void {
  const isVersion3 = message[0]! >> 4 === 3;
  const withPseudoHeader = isVersion3 && (source.length === 16 || form === 'pseudo-header');
  message[6] = 0;
  message[7] = 0;
  const pseudoHeader = withPseudoHeader ? pseudoHeaderSum(source, destination, length) : 0;
  const checksum = finish(addWords(pseudoHeader, message, 0, length));
  message[6] = checksum >> 8;
  message[7] = checksum & 0xff;
}
