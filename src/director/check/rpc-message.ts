// Calls by ONC RPC over UDP (RFC 5531) without authentication, and the replies to them.

const CALL = 0;
const REPLY = 1;
const RPC_VERSION = 2;
const ACCEPTED = 0;
/** Number of the call, its kind, and whether it was accepted; then length of a proof that is passed over. */
const STATUS_AT = 8;
const PROOF_LENGTH_AT = 16;

/** accept_stat, other than success. */
const TROUBLES = [
  '',
  'no such program',
  'another version of the program',
  'no such procedure',
  'unreadable arguments',
];

export interface Procedure {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}

/** The message of a call with arguments of 32 bits each. */
export function rpcCall(
  id: number,
  { program, version, procedure }: Procedure,
  ...args: number[]
): Uint8Array {
  const noProof = [0, 0];
  const words = [id, CALL, RPC_VERSION, program, version, procedure, ...noProof, ...noProof, ...args];
  const message = new Uint8Array(4 * words.length);
  const view = new DataView(message.buffer);
  for (const [at, word] of words.entries()) view.setUint32(4 * at, word);
  return message;
}

/** The results of a call, as numbers of 32 bits, or why there are none; null for what is no reply to it. */
export function readReply(
  message: Uint8Array,
  id: number,
): { readonly results: readonly number[] } | { readonly wrong: string } | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message.length < 12 || view.getUint32(0) !== id || view.getUint32(4) !== REPLY) return null;
  if (view.getUint32(STATUS_AT) !== ACCEPTED) return { wrong: 'the call is refused' };
  if (message.length < PROOF_LENGTH_AT + 4) return { wrong: 'the reply is cut off' };
  const statusAt = PROOF_LENGTH_AT + 4 + 4 * Math.ceil(view.getUint32(PROOF_LENGTH_AT) / 4);
  if (statusAt + 4 > message.length) return { wrong: 'the reply is cut off' };
  const status = view.getUint32(statusAt);
  if (status !== 0) return { wrong: TROUBLES[status] ?? 'the program is in trouble' };
  const results: number[] = [];
  for (let at = statusAt + 4; at + 4 <= message.length; at += 4) results.push(view.getUint32(at));
  return { results };
}
