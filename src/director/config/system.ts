// `system { }`: the board itself. Ours, not keepalived's.
import type { SystemConfig } from './config.ts';
import { address } from './types.ts';
import { block, list, noArguments, type ValueType, value } from './vocabulary.ts';

/** RFC 1123 section 2.1, and 64 characters at most, as sethostname(2). */
const hostName: ValueType<string> = {
  name: 'NAME',
  description: 'a host name: letters, digits, hyphens, dots between, 64 characters at most',
  parse: word =>
    word.length <= 64 &&
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(word)
      ? word
      : undefined,
};

/** The kinds of crypt(3) that musl on the board knows: MD5, Blowfish, SHA-256, SHA-512. */
const passwordHash: ValueType<string> = {
  name: 'HASH',
  description: 'a password hash that the board can check',
  isSecret: true,
  parse: word => (/^\$(?:1|2[abxy]|5|6)\$[./A-Za-z0-9$=]+$/.test(word) ? word : undefined),
  advise(word) {
    const made = 'make it with: mkpasswd -m sha-512';
    if (word.startsWith('$y$')) return `yescrypt is not known on the board: ${made}`;
    return word.startsWith('$') ? made : `never write the password itself: ${made}`;
  },
};

const keywords = {
  hostname: value(hostName, {
    help: 'Host name of the board.',
    example: 'hostname director1',
  }),
  password_hash: value(passwordHash, {
    help: "Hash (crypt(5)) of root's password on the serial console; nobody can log in without one.",
    example: 'password_hash "$6$salt$hash"',
  }),
  ntp_server: list(address, {
    help: 'Addresses of SNTP servers; the clock is not set from the network without one.',
    example: 'ntp_server 192.0.2.1',
  }),
};

export const system = block({
  usage: '{ ... }',
  help: 'The board: its name, its console, its clock.',
  example: 'system { ... }',
  keywords: () => keywords,
  header: noArguments,
  finish: (_, values): SystemConfig => ({
    hostName: values.hostname ?? null,
    passwordHash: values.password_hash ?? null,
    ntpServers: [...new Set(values.ntp_server?.flat())],
  }),
});
