// The packets of a MySQL client that logs in and asks for one row
// (https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html).
import type { LoginConfig, QueryConfig } from '../config/config.ts';
import { joined, type MessageDialogue } from './message-talker.ts';
import { type MysqlGreeting, readGreeting, SCRAMBLE_LENGTH, textUntilZero } from './mysql-greeting.ts';
import { proveMysql, terminated } from './mysql-login.ts';
import { quoted } from './quoted.ts';
import { judgeValue } from './sql-answer.ts';
import type { Turn } from './talk.ts';

/** Length in three bytes, and a number that grows with each packet of an exchange. */
const HEAD_LENGTH = 4;

/** CLIENT_* flags. */
const LONG_PASSWORD = 0x1;
const CONNECT_WITH_DB = 0x8;
const PROTOCOL_41 = 0x200;
const SSL = 0x800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const OURS = LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;

const LARGEST_PACKET = 0x100_0000;
/** utf8_general_ci, which every version has. */
const CHARACTER_SET = 33;
const RESERVED = 23;

/** The first byte of a packet from the server. */
const OK = 0x00;
const MORE_AUTHENTICATION = 0x01;
const LOCAL_FILE = 0xfb;
const END = 0xfe;
const ERROR = 0xff;
/** caching_sha2_password: the server remembers the password, or wants all of it. */
const REMEMBERED = 3;
const WANTS_PASSWORD = 4;
/** A packet that begins with END and is shorter ends a list; a longer one is a row. */
const LONGEST_END = 9;
/** In a row, in the place of a length. */
const NULL_VALUE = 0xfb;

const COM_QUIT = 1;
const COM_QUERY = 3;

export interface MysqlTask {
  readonly login: LoginConfig;
  readonly database: string | null;
  readonly query: QueryConfig | null;
  /** `later`: the greeting comes before TLS. */
  readonly tls: 'none' | 'at once' | 'later';
}

export class MysqlDialogue implements MessageDialogue {
  readonly protocol = 'MySQL';
  readonly #task: MysqlTask;
  #step: 'greeting' | 'login' | 'query' | 'columns' | 'rows' = 'greeting';
  #sequence = 0;
  #greeting: MysqlGreeting | null = null;

  constructor(task: MysqlTask) {
    this.#task = task;
  }

  /** The server speaks first; once TLS has begun it is our turn. */
  open(): Uint8Array | null {
    return this.#greeting && this.#logIn(this.#greeting);
  }

  lengthOf(head: Uint8Array): number | null {
    if (head.length < HEAD_LENGTH) return null;
    return HEAD_LENGTH + (head[0]! | (head[1]! << 8) | (head[2]! << 16));
  }

  take(message: Uint8Array): Turn {
    const payload = message.subarray(HEAD_LENGTH);
    this.#sequence = message[3]! + 1;
    if (payload.length === 0) return fail('the answer is not MySQL');
    if (payload[0] === ERROR) return fail(readError(payload));
    switch (this.#step) {
      case 'greeting':
        return this.#greet(readGreeting(payload));
      case 'login':
        return this.#takeLogin(payload);
      case 'query':
        return this.#takeResult(payload);
      case 'columns':
        if (isEnd(payload)) this.#step = 'rows';
        return null;
      case 'rows':
        return this.#takeRow(payload);
    }
  }

  #greet(greeting: MysqlGreeting | null): Turn {
    if (greeting === null) return fail('the greeting is not MySQL');
    this.#greeting = greeting;
    this.#step = 'login';
    if (this.#task.tls !== 'later') return { say: this.#logIn(greeting) };
    if ((greeting.capabilities & SSL) === 0) return fail('the server has no TLS');
    return { say: this.#packet(this.#settings()), encrypt: true };
  }

  /** What both the request for TLS and the login begin with. */
  #settings(): Uint8Array {
    const { database, tls } = this.#task;
    const settings = new Uint8Array(9 + RESERVED);
    const view = new DataView(settings.buffer);
    const flags = OURS | (database === null ? 0 : CONNECT_WITH_DB) | (tls === 'later' ? SSL : 0);
    view.setUint32(0, flags, true);
    view.setUint32(4, LARGEST_PACKET, true);
    settings[8] = CHARACTER_SET;
    return settings;
  }

  #logIn({ plugin, scramble }: MysqlGreeting): Uint8Array {
    const { login, database } = this.#task;
    // A plugin that we do not know the server is free to change.
    const known = this.#prove(plugin, scramble);
    const proof = known ?? new Uint8Array(0);
    const name = known === null ? 'mysql_native_password' : plugin;
    return this.#packet(
      this.#settings(),
      zeroEnded(login.name),
      Uint8Array.of(proof.length),
      proof,
      ...(database === null ? [] : [zeroEnded(database)]),
      zeroEnded(name),
    );
  }

  #prove(plugin: string, scramble: Uint8Array): Uint8Array | null {
    const { login, tls } = this.#task;
    return proveMysql(plugin, login.password ?? '', scramble, tls !== 'none');
  }

  #takeLogin(payload: Uint8Array): Turn {
    switch (payload[0]) {
      case OK:
        return this.#ask();
      case END:
        return this.#switch(payload);
      case MORE_AUTHENTICATION:
        if (payload[1] === REMEMBERED) return null;
        if (payload[1] === WANTS_PASSWORD) return this.#tellPassword();
        return fail('the server asks for something unknown');
      default:
        return fail('the answer to the login is not MySQL');
    }
  }

  /** Another plugin, with a scramble of its own. */
  #switch(payload: Uint8Array): Turn {
    const plugin = textUntilZero(payload, 1);
    const from = 2 + plugin.length;
    const proof = this.#prove(plugin, payload.subarray(from, from + SCRAMBLE_LENGTH));
    if (proof === null) return fail(`the login needs ${quoted(plugin)}, which no check speaks here`);
    return { say: this.#packet(proof) };
  }

  #tellPassword(): Turn {
    if (this.#task.tls === 'none') return fail('the server wants the password itself: only with TLS');
    return { say: this.#packet(terminated(new TextEncoder().encode(this.#task.login.password ?? ''))) };
  }

  #ask(): Turn {
    const { query } = this.#task;
    if (query === null) return this.#quit(true, 'takes the login');
    this.#step = 'query';
    this.#sequence = 0;
    const text = new TextEncoder().encode(query.text);
    return { say: this.#packet(Uint8Array.of(COM_QUERY), text) };
  }

  #takeResult(payload: Uint8Array): Turn {
    if (payload[0] === OK) return this.#quit(false, 'the query gives no row');
    if (payload[0] === LOCAL_FILE) return fail('the query asks for a file of ours');
    this.#step = 'columns';
    return null;
  }

  #takeRow(payload: Uint8Array): Turn {
    if (isEnd(payload)) return this.#quit(false, 'the query gives no row');
    const value = readValue(payload);
    if (value === undefined) return fail('the answer to the query is not MySQL');
    const { ok, reason } = judgeValue(value, this.#task.query!);
    return this.#quit(ok, reason);
  }

  #packet(...parts: readonly Uint8Array[]): Uint8Array {
    const payload = joined(parts);
    const { length } = payload;
    const head = [length & 0xff, (length >> 8) & 0xff, length >> 16, this.#sequence++ & 0xff];
    return joined([Uint8Array.from(head), payload]);
  }

  #quit(ok: boolean, reason: string): Turn {
    this.#sequence = 0;
    return { say: this.#packet(Uint8Array.of(COM_QUIT)), end: { ok, reason } };
  }
}

function zeroEnded(text: string): Uint8Array {
  return terminated(new TextEncoder().encode(text));
}

function isEnd(payload: Uint8Array): boolean {
  return payload[0] === END && payload.length < LONGEST_END;
}

/** The first value of a row; null is NULL, undefined none that is short enough. */
function readValue(payload: Uint8Array): Uint8Array | null | undefined {
  const first = payload[0]!;
  if (first === NULL_VALUE) return null;
  if (first > NULL_VALUE + 1) return undefined;
  const isLong = first > NULL_VALUE;
  const begin = isLong ? 3 : 1;
  const end = begin + (isLong ? (payload[1] ?? 0) | ((payload[2] ?? 0) << 8) : first);
  return end > payload.length ? undefined : payload.subarray(begin, end);
}

/** Number, then the mark `#` with a state of five letters unless the connection does not stand yet, then text. */
function readError(payload: Uint8Array): string {
  const number = (payload[1] ?? 0) | ((payload[2] ?? 0) << 8);
  const textAt = payload[3] === 0x23 ? 9 : 3;
  return `error ${number} ${quoted(textUntilZero(payload, textAt))}`;
}

function fail(reason: string): Turn {
  return { end: { ok: false, reason } };
}
