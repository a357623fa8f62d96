// The words of a check that may speak TLS.
import type { TlsConfig } from '../config.ts';
import { placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { choice } from '../types.ts';
import { flag, once, type Values, type ValueType, value } from '../vocabulary.ts';

/** A name as a certificate has it (RFC 6066 section 3): no address, no dot at its end. */
const serverName: ValueType<string> = {
  name: 'NAME',
  description: 'the domain name of a server',
  parse: word => {
    const isName = /^(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})*$/.test(word);
    return isName && !/^[\d.]+$/.test(word) ? word : undefined;
  },
};

const path: ValueType<string> = {
  name: 'FILE',
  description: 'an absolute path',
  parse: word => (word.startsWith('/') ? word : undefined),
};

/** How TLS is spoken where it is. */
export const tlsDetails = once(() => ({
  sni_name: value(serverName, {
    help: 'Name of the server that is asked for when TLS begins (SNI); none unless set.',
    example: 'sni_name www.example.org',
  }),
  ca_file: value(path, {
    help: 'Certificates (PEM) of authorities: the certificate of the server has to come from one of them, be in force, and be for sni_name. Any certificate will do unless it is set, as in keepalived.',
    example: 'ca_file /etc/ssl/certs/ca.pem',
  }),
  tls_version: value(choice(['1.2', '1.3']), {
    help: 'The only version of TLS that will do; unless set 1.2 is tried first, whose sessions are cheap to resume, then 1.3.',
    example: 'tls_version 1.3',
  }),
}));

/** Of checks whose conversation may be encrypted from the beginning. */
export const tlsKeywords = once(() => ({
  tls: flag({
    help: 'The conversation is encrypted by TLS from its first byte.',
    example: 'tls',
  }),
  ...tlsDetails(),
}));

/** Of checks whose protocol can turn to TLS in the middle. */
export const startTlsKeywords = once(() => ({
  ...tlsKeywords(),
  starttls: flag({
    help: 'The conversation begins without TLS, asks for it and goes on with it (STARTTLS).',
    example: 'starttls',
  }),
}));

/** What the values of `tlsDetails` come to. */
export function tlsFrom({
  sni_name,
  ca_file,
  tls_version,
}: Values<ReturnType<typeof tlsDetails>>): TlsConfig {
  return {
    ...(sni_name !== undefined && { serverName: sni_name }),
    ...(ca_file !== undefined && { authorities: ca_file }),
    ...(tls_version !== undefined && { version: tls_version }),
  };
}

type TlsValues = Values<ReturnType<typeof startTlsKeywords>>;

/** The part of a check that says how it speaks TLS; empty when it does not. */
export function tlsOf(
  { tls, starttls, ...details }: TlsValues,
  statement: Statement,
  reading: Reading,
): { readonly tls?: TlsConfig } {
  if (tls && starttls) {
    const place = placeOf(statement, 'tls', 'starttls');
    reading.error(place, 0, 'TLS begins at once or later, not both', 'delete tls or starttls');
  }
  if (!tls && !starttls) {
    for (const word of ['sni_name', 'ca_file', 'tls_version'] as const) {
      if (details[word] === undefined) continue;
      reading.warning(placeOf(statement, word), 0, `${word} has no effect without TLS`, 'add tls');
    }
    return {};
  }
  return {
    tls: { ...tlsFrom(details), ...(starttls && { startsLater: true }) },
  };
}
