// The messages of a PostgreSQL client that logs in and asks for one row (https://www.postgresql.org/docs/current/protocol.html).
import { md5 } from '@noble/hashes/legacy.js';
import type { LoginConfig, QueryConfig } from '../config/config.ts';
import { joined, type MessageDialogue } from './message-talker.ts';
import { quoted } from './quoted.ts';
import type { ScramClient } from './scram.ts';
import { judgeValue } from './sql-answer.ts';
import type { Turn } from './talk.ts';

const VERSION_3 = 196_608;
const TLS_REQUEST = 80_877_103;

/** AuthenticationRequest: what the server asks for. */
const ACCEPTED = 0;
const CLEAR_PASSWORD = 3;
const MD5_PASSWORD = 5;
const SASL = 10;
const SASL_CONTINUE = 11;
const SASL_FINAL = 12;

const SCRAM = 'SCRAM-SHA-256';

/** A letter, then a length that counts itself. */
const HEAD_LENGTH = 5;

export interface PgsqlTask {
  readonly login: LoginConfig;
  readonly database: string | null;
  readonly query: QueryConfig | null;
  /** TLS is asked for first. */
  readonly startsTls: boolean;
  /** What is said is said through TLS. */
  readonly isEncrypted: boolean;
  /** Of this login, fresh. */
  readonly scram: ScramClient;
}

export class PgsqlDialogue implements MessageDialogue {
  readonly protocol = 'PostgreSQL';
  readonly #task: PgsqlTask;
  #step: 'tls' | 'login' | 'ready' | 'query';

  constructor(task: PgsqlTask) {
    this.#task = task;
    this.#step = task.startsTls ? 'tls' : 'login';
  }

  open(): Uint8Array {
    if (this.#step === 'tls') return headless(int32(TLS_REQUEST));
    const { login, database } = this.#task;
    const words = ['user', login.name, ...(database === null ? [] : ['database', database])];
    return headless(int32(VERSION_3), ...words.map(zeroEnded), Uint8Array.of(0));
  }

  lengthOf(head: Uint8Array): number | null {
    const letter = String.fromCharCode(head[0]!);
    // Without a length, as older servers would not understand the answer else.
    if (this.#step === 'tls' && (letter === 'S' || letter === 'N')) return 1;
    if (!/[A-Zstvcdn123]/.test(letter)) return 0;
    if (head.length < HEAD_LENGTH) return null;
    const length = viewOf(head).getUint32(1);
    return length < 4 ? 0 : 1 + length;
  }

  take(message: Uint8Array): Turn {
    const letter = String.fromCharCode(message[0]!);
    if (this.#step === 'tls' && message.length === 1) return this.#secure(letter);
    const payload = message.subarray(HEAD_LENGTH);
    if (letter === 'E') return fail(readError(payload));
    // Parameters, keys and notices may come at any time.
    if (letter === 'S' || letter === 'N' || letter === 'K' || letter === 'v') return null;
    switch (this.#step) {
      case 'login':
        return letter === 'R' && payload.length >= 4 ? this.#authenticate(payload) : fail(NO_LOGIN);
      case 'ready':
        return letter === 'Z' ? this.#ask() : fail(NO_LOGIN);
      case 'query':
        return this.#takeResult(letter, payload);
      case 'tls':
        return fail('the answer to the request for TLS is not PostgreSQL');
    }
  }

  #secure(letter: string): Turn {
    if (letter === 'N') return fail('the server has no TLS');
    this.#step = 'login';
    return { encrypt: true };
  }

  #authenticate(payload: Uint8Array): Turn {
    const { login, isEncrypted, scram } = this.#task;
    const password = login.password ?? '';
    const kind = viewOf(payload).getUint32(0);
    const rest = payload.subarray(4);
    switch (kind) {
      case ACCEPTED:
        this.#step = 'ready';
        return null;
      case CLEAR_PASSWORD:
        if (!isEncrypted) return fail('the server wants the password itself: only with TLS');
        return { say: message('p', zeroEnded(password)) };
      case MD5_PASSWORD:
        return { say: message('p', zeroEnded(proveByMd5(login.name, password, rest))) };
      case SASL:
        if (!textOf(rest).split('\0').includes(SCRAM)) return fail('the server offers no SCRAM-SHA-256');
        return { say: message('p', zeroEnded(SCRAM), ...withLength(bytesOf(scram.first()))) };
      case SASL_CONTINUE: {
        const final = scram.final(textOf(rest));
        if (final === null) return { end: UNKNOWN_KEY };
        return 'wrong' in final ? fail(final.wrong) : { say: message('p', bytesOf(final.say)) };
      }
      case SASL_FINAL:
        return scram.accepts(textOf(rest)) ? null : fail('the server does not know the password');
      default:
        return fail(`the server asks for a login of kind ${kind}, which no check speaks here`);
    }
  }

  #ask(): Turn {
    const { query } = this.#task;
    if (query === null) return leave(true, 'takes the login');
    this.#step = 'query';
    return { say: message('Q', zeroEnded(query.text)) };
  }

  #takeResult(letter: string, payload: Uint8Array): Turn {
    // T: what the columns are.
    if (letter === 'T') return null;
    if (letter !== 'D') return leave(false, 'the query gives no row');
    const value = readValue(payload);
    if (value === undefined) return fail('the answer to the query is not PostgreSQL');
    const { ok, reason } = judgeValue(value, this.#task.query!);
    return leave(ok, reason);
  }
}

/** A server that has come that far is there; failing it would take all of them out when the director starts. */
const UNKNOWN_KEY = { ok: true, reason: 'asks for the password, whose key is still being worked out' };

const NO_LOGIN = 'the answer to the login is not PostgreSQL';

/** md5 of the salt behind md5 of password and name, each in hexadecimal. */
function proveByMd5(name: string, password: string, salt: Uint8Array): string {
  const inner = hexOf(md5(bytesOf(password + name)));
  return `md5${hexOf(md5(joined([bytesOf(inner), salt.subarray(0, 4)])))}`;
}

/** The first value of a row: null is NULL, or that there is none; undefined: it is broken. */
function readValue(payload: Uint8Array): Uint8Array | null | undefined {
  if (payload.length < 2) return undefined;
  const view = viewOf(payload);
  if (view.getUint16(0) === 0) return null;
  if (payload.length < 6) return undefined;
  const length = view.getInt32(2);
  if (length < 0) return null;
  return 6 + length > payload.length ? undefined : payload.subarray(6, 6 + length);
}

/** Fields of a letter and a text each; C is the code, M the message. */
function readError(payload: Uint8Array): string {
  const fields = textOf(payload).split('\0');
  const field = (letter: string) => fields.find(each => each.startsWith(letter))?.slice(1) ?? '';
  return `error ${quoted(field('C')).slice(1, -1)} ${quoted(field('M'))}`;
}

function message(letter: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return joined([bytesOf(letter), headless(...parts)]);
}

/** As the first messages of a client are: without a letter. */
function headless(...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(parts);
  return joined([int32(4 + content.length), content]);
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  return [int32(bytes.length), bytes];
}

function leave(ok: boolean, reason: string): Turn {
  return { say: message('X'), end: { ok, reason } };
}

function fail(reason: string): Turn {
  return { end: { ok: false, reason } };
}

function int32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
}

function zeroEnded(text: string): Uint8Array {
  return joined([bytesOf(text), Uint8Array.of(0)]);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One character a byte. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 1000));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
