// Who may speak for an instance: nobody is asked, a password in clear (PASS, RFC 2338), or an HMAC with a sequence against repetition.
import type { AuthenticationConfig } from '../config/vrrp-config.ts';
import { type Key, sequenceOf, TRAILER_LENGTH, verify } from './hmac.ts';
import { compareAddresses } from './order.ts';
import { type Malformation, messageEnd, PASSWORD_LENGTH } from './packet.ts';
import { isAfter, type Mark, timeOf } from './sequence.ts';

export type Authentication =
  | { readonly kind: 'none' }
  /** PASSWORD_LENGTH bytes, for version 2. */
  | { readonly kind: 'PASS'; readonly password: Uint8Array }
  | {
      readonly kind: 'HMAC';
      readonly keys: readonly Key[];
      /** Signs; every key verifies. */
      readonly active: Key;
      /** Milliseconds that a sender's clock may differ from ours; null: it may be any time as long as it grows. */
      readonly window: number | null;
      /** False: advertisements without a trailer are taken too. */
      readonly enforces: boolean;
    };

/** What a signed advertisement proved. */
export interface Signature {
  readonly sequence: bigint;
  /** Milliseconds that our clock is ahead of the sender's. */
  readonly skew: number;
}

/** Authentication types of RFC 2338, in version 2. */
const NO_TYPE = 0;
const PASS_TYPE = 1;

/** Senders whose sequence is remembered; those heard last. */
const SENDERS = 8;

/** Throws an Error when the active key is missing or a key is not hexadecimal. */
export function authenticationOf(config: AuthenticationConfig): Authentication {
  if (config.kind === 'none') return config;
  if (config.kind === 'PASS') {
    const password = new Uint8Array(PASSWORD_LENGTH);
    password.set(new TextEncoder().encode(config.password).subarray(0, PASSWORD_LENGTH));
    return { kind: 'PASS', password };
  }
  const keys = config.keys.map(({ id, key }) => ({ id, bytes: bytesOf(key) }));
  const active = keys.find(({ id }) => id === config.activeKey);
  if (active === undefined) throw new Error(`there is no key ${config.activeKey}`);
  const window = config.checksTime ? config.timeWindow : null;
  return { kind: 'HMAC', keys, active, window, enforces: config.enforces };
}

function bytesOf(key: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})+$/i.test(key)) throw new Error('a key is not hexadecimal');
  return Uint8Array.from({ length: key.length / 2 }, (_, index) =>
    Number.parseInt(key.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Bytes that follow the message itself. */
export function trailerLength({ kind }: Authentication): number {
  return kind === 'HMAC' ? TRAILER_LENGTH : 0;
}

/** Fills the fields that version 2 has for it. */
export function writePassword(message: Uint8Array, authentication: Authentication): void {
  if (authentication.kind !== 'PASS' || message[0]! >> 4 !== 2) return;
  message[4] = PASS_TYPE;
  message.set(authentication.password, message.length - PASSWORD_LENGTH);
}

/**
 * Whether a whole message may speak for the instance; the signature when it has one, null when none is needed. `marks`: what its
 * senders' sequences were. `wall`: milliseconds since 1970; `now`: monotonic milliseconds.
 */
export function authenticate(
  authentication: Authentication,
  marks: readonly Mark[],
  message: Uint8Array,
  source: Uint8Array,
  wall: number,
  now: number,
): Malformation | Signature | null {
  const end = messageEnd(message, source.length);
  const fault = message[0]! >> 4 === 2 ? checkPassword(authentication, message, end) : null;
  if (fault !== null || authentication.kind !== 'HMAC') return fault;
  if (message.length < end + TRAILER_LENGTH) return authentication.enforces ? 'unsigned' : null;
  const sequence = sequenceOf(message, end);
  const skew = wall - timeOf(sequence);
  const { window, keys } = authentication;
  const mark = marks.find(({ address }) => compareAddresses(address, source) === 0);
  // Setting a clock does not turn a master that is heard all the time into a stranger.
  const goesOn = mark !== undefined && now <= mark.until && isAfter(sequence, mark.sequence);
  // Before the signature, because it costs nothing: what is replayed does not make us compute.
  if (window !== null && Math.abs(skew) > window && !goesOn) return 'stale';
  const wrong = verify(message, end, source, keys);
  if (wrong !== null) return wrong;
  // A mark that is itself outside of the window is from before somebody's clock was set.
  const counts = mark !== undefined && (window === null || Math.abs(wall - timeOf(mark.sequence)) <= window);
  return counts && !isAfter(sequence, mark.sequence) ? 'replay' : { sequence, skew };
}

function checkPassword(
  authentication: Authentication,
  message: Uint8Array,
  end: number,
): Malformation | null {
  if (authentication.kind !== 'PASS') return message[4] === NO_TYPE ? null : 'authentication';
  if (message[4] !== PASS_TYPE) return 'authentication';
  const password = message.subarray(end - PASSWORD_LENGTH, end);
  return compareAddresses(password, authentication.password) === 0 ? null : 'password';
}

/** The marks after a signed advertisement of `mark.address` was taken. */
export function raiseMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const others = marks.filter(({ address }) => compareAddresses(address, mark.address) !== 0);
  return [{ ...mark, address: mark.address.slice() }, ...others.slice(0, SENDERS - 1)];
}
