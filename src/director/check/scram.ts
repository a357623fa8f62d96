// A client's half of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677).
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** PBKDF2 with HMAC-SHA-256 to 32 bytes (RFC 8018 section 5.2); null while that is being worked out. */
export type KeyOf = (password: Uint8Array, salt: Uint8Array, rounds: number) => Uint8Array | null;

/** Servers ask for 4096 rounds; the platform takes no more than this. */
export const MOST_ROUNDS = 10_000;

/** That no channel is bound, and the same as base64. */
const HEADER = 'n,,';
const ENCODED_HEADER = 'biws';

export class ScramClient {
  readonly #password: string;
  readonly #nonce: string;
  readonly #keyOf: KeyOf;
  #serverSignature = '';

  /** `nonce`: random, of printable characters without a comma. */
  constructor(password: string, nonce: string, keyOf: KeyOf) {
    this.#password = password;
    this.#nonce = nonce;
    this.#keyOf = keyOf;
  }

  /** The login goes another way: its name here stays empty. */
  first(): string {
    return HEADER + this.#bareFirst();
  }

  /** The proof, in answer to the server's first message; a reason in words when that is not right, null while the key is being worked out. */
  final(serverFirst: string): { readonly say: string } | { readonly wrong: string } | null {
    const match = /^r=([!-+\--~]+),s=([^,]+),i=(\d{1,9})(?:,|$)/.exec(serverFirst);
    const salt = match && decodeBase64(match[2]!);
    if (!match || !salt?.length || !match[1]!.startsWith(this.#nonce))
      return { wrong: 'the challenge is not SCRAM' };
    const rounds = Number(match[3]);
    if (rounds === 0 || rounds > MOST_ROUNDS)
      return { wrong: `the server asks for ${rounds} rounds of hashing` };
    const withoutProof = `c=${ENCODED_HEADER},r=${match[1]}`;
    const message = bytesOf(`${this.#bareFirst()},${serverFirst},${withoutProof}`);
    const salted = this.#keyOf(bytesOf(this.#password), salt, rounds);
    if (salted === null) return null;
    const clientKey = hmac(sha256, salted, bytesOf('Client Key'));
    const signature = hmac(sha256, sha256(clientKey), message);
    const proof = clientKey.map((byte, at) => byte ^ signature[at]!);
    const serverKey = hmac(sha256, salted, bytesOf('Server Key'));
    this.#serverSignature = encodeBase64(hmac(sha256, serverKey, message));
    return { say: `${withoutProof},p=${encodeBase64(proof)}` };
  }

  /** True when the server knows the password as well. */
  accepts(serverFinal: string): boolean {
    return this.#serverSignature !== '' && serverFinal.split(',')[0] === `v=${this.#serverSignature}`;
  }

  #bareFirst(): string {
    return `n=,r=${this.#nonce}`;
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
