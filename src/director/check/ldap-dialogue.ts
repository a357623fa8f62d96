// The messages of an LDAP client that binds and looks for one entry (RFC 4511).
import type { LdapSearch, LoginConfig } from '../config/config.ts';
import {
  BOOLEAN,
  type Element,
  ENUMERATED,
  element,
  INTEGER,
  numberIn,
  OCTET_STRING,
  readElement,
  readElements,
  SEQUENCE,
  small,
  string,
} from './ber.ts';
import { encodeFilter } from './ldap-filter.ts';
import type { MessageDialogue } from './message-talker.ts';
import type { Turn } from './talk.ts';

const BIND = 0x60;
const SIMPLE = 0x80;
const UNBIND = 0x42;
const SEARCH = 0x63;
const EXTENDED = 0x77;
const EXTENDED_NAME = 0x80;
const START_TLS = '1.3.6.1.4.1.1466.20037';

const BIND_RESPONSE = 0x61;
const SEARCH_ENTRY = 0x64;
const SEARCH_DONE = 0x65;
const SEARCH_REFERENCE = 0x73;
const EXTENDED_RESPONSE = 0x78;

const VERSION = 3;
const SCOPES = { base: 0, one: 1, sub: 2 };
const NEVER_FOLLOW_ALIASES = 0;
/** "1.1" asks for no attributes (section 4.5.1.8). */
const NO_ATTRIBUTES = '1.1';

const SUCCESS = 0;
/** More entries would be there. */
const SIZE_LIMIT_EXCEEDED = 4;

/** Appendix A.1: those that a check is likely to meet. */
const CODES: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  13: 'confidentialityRequired',
  32: 'noSuchObject',
  34: 'invalidDNSyntax',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
};

export interface LdapTask {
  readonly login: LoginConfig | null;
  readonly search: LdapSearch | null;
  /** TLS is asked for first. */
  readonly startsTls: boolean;
}

export class LdapDialogue implements MessageDialogue {
  readonly protocol = 'LDAP';
  readonly #task: LdapTask;
  #step: 'tls' | 'bind' | 'search';
  #id = 0;
  #entries = 0;

  constructor(task: LdapTask) {
    this.#task = task;
    this.#step = task.startsTls ? 'tls' : 'bind';
  }

  open(): Uint8Array {
    if (this.#step === 'tls') return this.#request(element(EXTENDED, string(EXTENDED_NAME, START_TLS)));
    const { login } = this.#task;
    const name = string(OCTET_STRING, login?.name ?? '');
    const password = string(SIMPLE, login?.password ?? '');
    return this.#request(element(BIND, small(INTEGER, VERSION), name, password));
  }

  lengthOf(head: Uint8Array): number | null {
    if (head[0] !== SEQUENCE) return 0;
    const found = readElement(head, 0);
    return found === undefined ? 0 : (found?.end ?? null);
  }

  take(message: Uint8Array): Turn {
    const envelope = readElement(message, 0)!;
    const [id, operation] = readElements(message, envelope.begin, envelope.end) ?? [];
    if (id?.tag !== INTEGER || operation === undefined) return this.#fail('the answer is not LDAP');
    const number = numberIn(message, id);
    // 0: what the server says unasked, before it closes (section 4.4.1).
    if (number === 0) return this.#judge(message, operation, 'the server takes leave');
    if (number !== this.#id) return this.#fail('the answer is to another question');
    switch (operation.tag) {
      case this.#step === 'tls' && EXTENDED_RESPONSE:
        return this.#judge(message, operation, 'the answer to STARTTLS', () => this.#secure());
      case this.#step === 'bind' && BIND_RESPONSE:
        return this.#judge(message, operation, 'the answer to the bind', () => this.#bound());
      case this.#step === 'search' && SEARCH_ENTRY:
        this.#entries++;
        return null;
      case this.#step === 'search' && SEARCH_REFERENCE:
        return null;
      case this.#step === 'search' && SEARCH_DONE:
        return this.#judge(message, operation, 'the answer to the search', () => this.#found());
      default:
        return this.#fail('the answer is to another question');
    }
  }

  #request(operation: Uint8Array): Uint8Array {
    return element(SEQUENCE, small(INTEGER, ++this.#id), operation);
  }

  #secure(): Turn {
    this.#step = 'bind';
    return { encrypt: true };
  }

  #bound(): Turn {
    const { search } = this.#task;
    if (search === null) return this.#leave(true, 'takes the bind');
    this.#step = 'search';
    return { say: this.#request(encodeSearch(search)) };
  }

  #found(): Turn {
    if (this.#entries === 0) return this.#leave(false, 'no entry is found');
    return this.#leave(true, 'takes the bind and finds an entry');
  }

  /** Goes on with `then` when the result is good. */
  #judge(message: Uint8Array, operation: Element, what: string, then?: () => Turn): Turn {
    const [result] = readElements(message, operation.begin, operation.end) ?? [];
    if (result?.tag !== ENUMERATED) return this.#fail('the answer is not LDAP');
    const code = numberIn(message, result);
    const isGood = code === SUCCESS || (code === SIZE_LIMIT_EXCEEDED && this.#entries > 0);
    if (isGood && then !== undefined) return then();
    return this.#leave(false, `${what}: ${CODES[code] ?? `result code ${code}`}`);
  }

  #leave(ok: boolean, reason: string): Turn {
    return { say: this.#request(Uint8Array.of(UNBIND, 0)), end: { ok, reason } };
  }

  #fail(reason: string): Turn {
    return { end: { ok: false, reason } };
  }
}

function encodeSearch({ base, scope, filter }: LdapSearch): Uint8Array {
  return element(
    SEARCH,
    string(OCTET_STRING, base),
    small(ENUMERATED, SCOPES[scope]),
    small(ENUMERATED, NEVER_FOLLOW_ALIASES),
    // One entry, no time limit but that of the check, names only.
    small(INTEGER, 1),
    small(INTEGER, 0),
    Uint8Array.of(BOOLEAN, 1, 0xff),
    encodeFilter(filter)!,
    element(SEQUENCE, string(OCTET_STRING, NO_ATTRIBUTES)),
  );
}
