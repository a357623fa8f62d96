// VRRP advertisements on the wire: version 2 (RFC 3768) and version 3 (RFC 9568), read with the checks of RFC 9568, 7.1.
import { addWords, type ChecksumForm, finish, pseudoHeaderSum } from './checksum.ts';

/** 224.0.0.18: where advertisements on IPv4 go (RFC 9568, 5.1.1.2). */
export const VRRP_GROUP = Uint8Array.of(224, 0, 0, 18);

export interface Advertisement {
  readonly version: 2 | 3;
  /** 1..255 */
  readonly virtualRouterId: number;
  /** 0..255; 0: the sender gives the group up, 255: it owns the addresses. */
  readonly priority: number;
  /** Milliseconds: whole seconds up to 255 in version 2, hundredths of a second up to 4095 of them in version 3. */
  readonly interval: number;
  /** The virtual addresses, 4 or 16 bytes each. */
  readonly addresses: readonly Uint8Array[];
}

export interface ReceivedAdvertisement extends Advertisement {
  readonly checksumForm: ChecksumForm;
}

/** What the IP header said about a message. Addresses are 4 or 16 bytes. */
export interface Envelope {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** TTL or hop limit. */
  readonly hops: number;
}

/** Why a message was not taken; each is a check of RFC 9568, 7.1 (5.2.2 for the type, erratum 8301 for the interval). */
export type Malformation =
  | 'hops'
  | 'version'
  | 'type'
  | 'length'
  | 'checksum'
  | 'count'
  | 'interval'
  | 'authentication';

const ADVERTISEMENT = 1;
const HEADER_LENGTH = 8;
/** Version 2 ends with the authentication data of RFC 2338, zeros since RFC 3768. */
const AUTHENTICATION_LENGTH = 8;

/**
 * Reads a VRRP message of either version; never throws. Bytes behind the message are not looked at. The addresses are views into
 * `message`.
 */
export function decode(message: Uint8Array, envelope: Envelope): ReceivedAdvertisement | Malformation {
  if (envelope.hops !== 255) return 'hops';
  if (message.length < HEADER_LENGTH) return 'length';
  const version = message[0]! >> 4;
  const addressLength = envelope.source.length;
  if (version !== 3 && !(version === 2 && addressLength === 4)) return 'version';
  if ((message[0]! & 0x0f) !== ADVERTISEMENT) return 'type';
  const count = message[3]!;
  if (count === 0) return 'count';
  const end = HEADER_LENGTH + count * addressLength;
  const length = version === 2 ? end + AUTHENTICATION_LENGTH : end;
  if (message.length < length) return 'length';
  const checksumForm = checksumFormOf(message, length, version, envelope);
  if (checksumForm === null) return 'checksum';
  if (version === 2 && message[4] !== 0) return 'authentication';
  const interval = version === 2 ? message[5]! * 1000 : ((message[4]! & 0x0f) * 256 + message[5]!) * 10;
  if (interval === 0) return 'interval';
  const addresses: Uint8Array[] = [];
  for (let at = HEADER_LENGTH; at < end; at += addressLength) {
    addresses.push(message.subarray(at, at + addressLength));
  }
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
  const pseudoHeader = pseudoHeaderSum(envelope.source, envelope.destination, length);
  if (version === 3 && finish(sum + pseudoHeader) === 0) return 'pseudo-header';
  return envelope.source.length === 4 && finish(sum) === 0 ? 'plain' : null;
}

/**
 * Writes a message. `form` counts only for version 3 on IPv4: version 2 is always plain, IPv6 never. Version 2 carries no
 * authentication. The interval is rounded to what the version can say.
 */
export function encode(
  advertisement: Advertisement,
  source: Uint8Array,
  destination: Uint8Array,
  form: ChecksumForm,
): Uint8Array {
  const { version, addresses } = advertisement;
  const addressLength = source.length;
  const end = HEADER_LENGTH + addresses.length * addressLength;
  const message = new Uint8Array(version === 2 ? end + AUTHENTICATION_LENGTH : end);
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
  const withPseudoHeader = version === 3 && (addressLength === 16 || form === 'pseudo-header');
  const pseudoHeader = withPseudoHeader ? pseudoHeaderSum(source, destination, message.length) : 0;
  const checksum = finish(addWords(pseudoHeader, message, 0, message.length));
  message[6] = checksum >> 8;
  message[7] = checksum & 0xff;
  return message;
}
