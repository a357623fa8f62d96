// An Access-Request with a password (RFC 2865), or Status-Server without (RFC 5997), and the answer to it.
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import type { LoginConfig } from '../config/config.ts';
import { joined } from './message-talker.ts';
import type { CheckResult } from './state.ts';

const ACCESS_REQUEST = 1;
const ACCEPT = 2;
const REJECT = 3;
const CHALLENGE = 11;
const STATUS_SERVER = 12;

const USER_NAME = 1;
const USER_PASSWORD = 2;
const NAS_IDENTIFIER = 32;
const MESSAGE_AUTHENTICATOR = 80;

/** Code, number and length, then the authenticator. */
const AUTHENTICATOR_AT = 4;
const HEAD_LENGTH = 20;
const BLOCK = 16;

/** What the director calls itself. */
const NAME = 'director';

export interface RadiusTask {
  readonly secret: string;
  /** Null: the server is only asked whether it is there. */
  readonly login: LoginConfig | null;
}

/** `random`: a byte that numbers the request, then its authenticator. */
export function radiusRequest({ secret, login }: RadiusTask, random: Uint8Array): Uint8Array {
  const key = bytesOf(secret);
  const authenticator = random.subarray(1, 1 + BLOCK);
  const attributes = [
    // First, as servers want it since answers have been forged (CVE-2024-3596).
    attribute(MESSAGE_AUTHENTICATOR, new Uint8Array(BLOCK)),
    attribute(NAS_IDENTIFIER, bytesOf(NAME)),
  ];
  if (login !== null) {
    attributes.push(attribute(USER_NAME, bytesOf(login.name)));
    attributes.push(attribute(USER_PASSWORD, hide(bytesOf(login.password ?? ''), key, authenticator)));
  }
  const request = joined([new Uint8Array(AUTHENTICATOR_AT), authenticator, ...attributes]);
  request[0] = login === null ? STATUS_SERVER : ACCESS_REQUEST;
  request[1] = random[0]!;
  new DataView(request.buffer).setUint16(2, request.length);
  request.set(hmac(md5, key, request), HEAD_LENGTH + 2);
  return request;
}

/** Null for what is not the answer to `request`, or was not made by somebody who knows the secret. */
export function judgeRadius(answer: Uint8Array, request: Uint8Array, secret: string): CheckResult | null {
  if (answer.length < HEAD_LENGTH || answer[1] !== request[1]) return null;
  const length = (answer[2]! << 8) | answer[3]!;
  if (length < HEAD_LENGTH || length > answer.length) return null;
  const signed = answer.slice(0, length);
  signed.set(request.subarray(AUTHENTICATOR_AT, HEAD_LENGTH), AUTHENTICATOR_AT);
  const authenticator = md5(joined([signed, bytesOf(secret)]));
  for (let at = 0; at < BLOCK; at++) if (authenticator[at] !== answer[AUTHENTICATOR_AT + at]) return null;
  switch (answer[0]) {
    case ACCEPT:
      return {
        ok: true,
        reason: request[0] === STATUS_SERVER ? 'says that it is there' : 'accepts the login',
      };
    case REJECT:
      return { ok: false, reason: 'rejects the login' };
    case CHALLENGE:
      return { ok: false, reason: 'asks for more than a password' };
    default:
      return { ok: false, reason: `the answer is of code ${answer[0]}` };
  }
}

/** A password of up to 128 bytes as attribute User-Password has it (RFC 2865 section 5.2). */
function hide(password: Uint8Array, key: Uint8Array, authenticator: Uint8Array): Uint8Array {
  const hidden = new Uint8Array(Math.max(1, Math.ceil(password.length / BLOCK)) * BLOCK);
  hidden.set(password);
  let before = authenticator;
  for (let at = 0; at < hidden.length; at += BLOCK) {
    const mask = md5(joined([key, before]));
    for (let index = 0; index < BLOCK; index++) hidden[at + index]! ^= mask[index]!;
    before = hidden.subarray(at, at + BLOCK);
  }
  return hidden;
}

function attribute(type: number, value: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(type, 2 + value.length), value]);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
