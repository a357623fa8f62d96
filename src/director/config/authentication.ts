// `authentication { }` and `auth_hmac { }`: who may speak for an instance.
import { shorten } from './characters.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice, integer, text } from './types.ts';
import {
  block,
  type Keyword,
  type Located,
  noArguments,
  type Values,
  type ValueType,
  value,
} from './vocabulary.ts';
import type { AuthenticationConfig } from './vrrp-config.ts';

/** RFC 2338 section 5.3.10: eight bytes. */
const PASSWORD_LENGTH = 8;

const password: ValueType<string> = {
  name: 'PASSWORD',
  description: 'a password of printable ASCII characters',
  isSecret: true,
  parse: word => (/^[!-~ ]+$/.test(word) ? word : undefined),
};

const passKeywords = () => ({
  auth_type: value(choice(['PASS', 'AH']), {
    help: 'PASS: a password in clear, with version 2 only. AH (IPsec) is not supported.',
    example: 'auth_type PASS',
  }),
  auth_pass: value(password, {
    help: 'The password; 8 characters count.',
    example: 'auth_pass secret',
  }),
});

export const passBlock = block({
  usage: '{ ... }',
  help: 'A password in the advertisements (RFC 2338), readable by everybody on the network; auth_hmac is better.',
  example: 'authentication { ... }',
  repeat: 'last',
  keywords: passKeywords,
  header: noArguments,
  finish(_, values, statement, reading): Located<AuthenticationConfig> | undefined {
    const { auth_type: type, auth_pass: pass } = values;
    if (type === 'AH') {
      const advice = 'use auth_hmac { ... } on all directors, or auth_type PASS';
      reading.error(placeOf(statement, 'auth_type'), 1, 'AH is not supported', advice);
      return undefined;
    }
    if (lacks(statement, 'auth_type')) {
      const advice = 'write auth_type PASS, or delete the block';
      reading.warning(statement, 0, 'authentication has no effect without auth_type', advice);
      return { value: { kind: 'none' }, statement };
    }
    if (lacks(statement, 'auth_pass')) {
      reading.error(statement, 0, 'authentication has no auth_pass', 'add, for example: auth_pass secret');
    }
    if (pass === undefined) return undefined;
    if (pass.length > PASSWORD_LENGTH) {
      const advice = `write those ${PASSWORD_LENGTH} only, here and on the other directors`;
      const place = placeOf(statement, 'auth_pass');
      reading.warning(place, 1, `only the first ${PASSWORD_LENGTH} characters of the password count`, advice);
    }
    return { value: { kind: 'PASS', password: pass.slice(0, PASSWORD_LENGTH) }, statement };
  },
});

/** Bytes of a key, as keepalived 2.4 has them (vrrp_auth_hmac.h). */
const SHORTEST_KEY = 32;
const LONGEST_KEY = 64;

interface Key {
  readonly id: number;
  /** Hexadecimal digits. */
  readonly key: string;
}

const keyId = integer(1, 255, 'ID');
const keyText = text('KEY');

const KEY_USAGE = 'ID hex:DIGITS | ID file:PATH | ID TEXT';

const key: Keyword<Located<Key>, 'all'> = {
  usage: KEY_USAGE,
  help: `A key of ${SHORTEST_KEY} to ${LONGEST_KEY} bytes: hexadecimal digits, a file with them, or as it is; all verify.`,
  example: `key 1 hex:${'0123456789abcdef'.repeat(4)}`,
  repeat: 'all',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, 3);
    const id = reading.argument(statement, 1, keyId);
    const given = reading.argument(statement, 2, { ...keyText, isSecret: true });
    if (id === undefined || given === undefined) return undefined;
    const material = given.startsWith('file:') ? readKeyFile(statement, given.slice(5), reading) : given;
    if (material === undefined) return undefined;
    const digits = keyDigits(material);
    if (digits !== null) return { value: { id, key: digits }, statement };
    const advice = 'make one with: openssl rand -hex 32, and write it behind hex:';
    const message = `this is not a key of ${SHORTEST_KEY} to ${LONGEST_KEY} bytes`;
    reading.error(statement, 2, message, advice);
    return undefined;
  },
};

function readKeyFile(statement: Statement, path: string, reading: Reading): string | undefined {
  try {
    return reading.files.read(path).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reading.error(statement, 2, `cannot read ${shorten(path)}: ${reason}`, 'put the key there');
    return undefined;
  }
}

/** The digits of a key; null when it has a wrong length or is no ASCII. */
function keyDigits(material: string): string | null {
  const digits = material.startsWith('hex:') ? material.slice(4).toLowerCase() : hexOf(material);
  const isRight = /^(?:[0-9a-f]{2})+$/.test(digits);
  return isRight && digits.length >= 2 * SHORTEST_KEY && digits.length <= 2 * LONGEST_KEY ? digits : null;
}

function hexOf(ascii: string): string {
  if (!/^[ -~]*$/.test(ascii)) return '';
  return Array.from(ascii, character => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

const hmacKeywords = () => ({
  key,
  active_key: value(keyId, {
    help: 'The key that signs what we send.',
    example: 'active_key 1',
  }),
  anti_replay: value(choice(['time', 'monotonic']), {
    help: 'What an old advertisement is known by: by its time (clocks must agree), or only by coming after a newer one; time unless set.',
    example: 'anti_replay time',
  }),
  time_window: value(integer(1, 300, 'SECONDS'), {
    help: 'How far clocks may differ; three intervals unless set, 5 at least.',
    example: 'time_window 5',
  }),
  mode: value(choice(['enforce', 'permissive']), {
    help: 'With permissive what is not signed is heard as well, while the directors of a group are changed; enforce unless set.',
    example: 'mode enforce',
  }),
});

type HmacValues = Values<ReturnType<typeof hmacKeywords>>;

/** What the block says; the window depends on the interval of the instance. */
export interface HmacDraft {
  readonly values: HmacValues;
  readonly keys: readonly Key[];
  readonly activeKey: number;
  readonly statement: Statement;
}

export const hmacBlock = block({
  usage: '{ ... }',
  help: 'Signs advertisements with a secret key (HMAC-SHA-256), as keepalived 2.4 does.',
  example: 'auth_hmac { ... }',
  repeat: 'last',
  keywords: hmacKeywords,
  header: noArguments,
  finish(_, values, statement, reading): HmacDraft | undefined {
    if (lacks(statement, 'key')) {
      reading.error(statement, 0, 'auth_hmac has no key', 'make one with: openssl rand -hex 32');
    }
    const keys = new Map<number, Key>();
    for (const { value: each, statement: place } of values.key ?? []) {
      if (keys.has(each.id))
        reading.error(place, 1, `there is a key ${each.id} already`, 'give it another number');
      keys.set(each.id, each);
    }
    const [first] = keys.keys();
    if (first === undefined) return undefined;
    if (values.active_key === undefined && keys.size > 1 && lacks(statement, 'active_key')) {
      reading.error(statement, 0, 'auth_hmac has no active_key', `add, for example: active_key ${first}`);
    }
    const activeKey = values.active_key ?? first;
    if (!keys.has(activeKey)) {
      const advice = `there are ${[...keys.keys()].join(', ')}`;
      reading.error(placeOf(statement, 'active_key'), 1, `there is no key ${activeKey}`, advice);
    }
    if (values.anti_replay === 'monotonic' && values.time_window !== undefined) {
      const place = placeOf(statement, 'time_window');
      reading.warning(place, 0, 'time_window has no effect with anti_replay monotonic', 'delete it');
    }
    return { values, keys: [...keys.values()], activeKey, statement };
  },
});

/** keepalived: at least this many seconds, when the window follows from the interval. */
const SHORTEST_WINDOW = 5000;

export interface AuthenticationValues {
  authentication?: Located<AuthenticationConfig>;
  auth_hmac?: HmacDraft;
}

export function finishAuthentication(
  { authentication: pass, auth_hmac: hmac }: AuthenticationValues,
  version: 2 | 3,
  advertInterval: number,
  reading: Reading,
): AuthenticationConfig {
  if (hmac !== undefined) {
    if (pass !== undefined) {
      reading.warning(pass.statement, 0, 'authentication has no effect beside auth_hmac', 'delete it');
    }
    const { time_window: window, anti_replay: replay = 'time', mode = 'enforce' } = hmac.values;
    return {
      kind: 'HMAC',
      keys: hmac.keys,
      activeKey: hmac.activeKey,
      checksTime: replay === 'time',
      timeWindow: window === undefined ? Math.max(SHORTEST_WINDOW, 3 * advertInterval) : window * 1000,
      enforces: mode === 'enforce',
    };
  }
  if (pass === undefined) return { kind: 'none' };
  if (version === 3 && pass.value.kind !== 'none') {
    const advice = 'use auth_hmac { ... }, version 2, or neither';
    reading.error(pass.statement, 0, 'version 3 has no passwords (RFC 9568 section 9)', advice);
  }
  return pass.value;
}
