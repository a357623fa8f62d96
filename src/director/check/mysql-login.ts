// What a MySQL client says to prove that it knows a password
// (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html).
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { joined } from './message-talker.ts';

type Hash = (data: Uint8Array) => Uint8Array;

/** The answer to a scramble under an authentication plugin; null: this one is not known, or would tell the password to everybody. */
export function proveMysql(
  plugin: string,
  password: string,
  scramble: Uint8Array,
  encrypted: boolean,
): Uint8Array | null {
  const secret = new TextEncoder().encode(password);
  switch (plugin) {
    case 'mysql_native_password':
      return secret.length === 0 ? secret : prove(sha1, secret, scramble, true);
    case 'caching_sha2_password':
      return secret.length === 0 ? secret : prove(sha256, secret, scramble, false);
    case 'mysql_clear_password':
      return encrypted ? terminated(secret) : null;
    default:
      return null;
  }
}

/** The password with the zero that ends it, for a connection that is encrypted. */
export function terminated(secret: Uint8Array): Uint8Array {
  return joined([secret, new Uint8Array(1)]);
}

/** H(password) XOR H of the scramble and H(H(password)), in the one order or the other. */
function prove(hash: Hash, secret: Uint8Array, scramble: Uint8Array, scrambleFirst: boolean): Uint8Array {
  const once = hash(secret);
  const twice = hash(once);
  const mask = hash(joined(scrambleFirst ? [scramble, twice] : [twice, scramble]));
  return once.map((byte, at) => byte ^ mask[at]!);
}
