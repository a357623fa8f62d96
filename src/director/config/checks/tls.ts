// The words of a check that may speak TLS.
import type { TlsConfig } from '../config.ts';
import { placeOf, type Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
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

/** Of checks whose conversation may be encrypted from the beginning. */
export const tlsKeywords = once(() => ({
  tls: flag({
    help: 'The conversation is encrypted by TLS from its first byte.',
    example: 'tls',
  }),
  sni_name: value(serverName, {
    help: 'Name of the server that is asked for when TLS begins (SNI); none unless set.',
    example: 'sni_name www.example.org',
  }),
}));

/** Of checks whose protocol can turn to TLS in the middle. */
export const startTlsKeywords = once(() => ({
  ...tlsKeywords(),
  starttls: flag({
    help: 'The conversation begins without TLS, asks for it and goes on with it (STARTTLS).',
    example: 'starttls',
  }),
}));

type TlsValues = Values<ReturnType<typeof startTlsKeywords>>;

/** The part of a check that says how it speaks TLS; empty when it does not. */
export function tlsOf(
  { tls, starttls, sni_name }: TlsValues,
  statement: Statement,
  reading: Reading,
): { readonly tls?: TlsConfig } {
  if (tls && starttls) {
    const place = placeOf(statement, 'tls', 'starttls');
    reading.error(place, 0, 'TLS begins at once or later, not both', 'delete tls or starttls');
  }
  if (!tls && !starttls) {
    const place = placeOf(statement, 'sni_name');
    if (sni_name !== undefined) reading.warning(place, 0, 'sni_name has no effect without TLS', 'add tls');
    return {};
  }
  return {
    tls: { ...(sni_name !== undefined && { serverName: sni_name }), ...(starttls && { startsLater: true }) },
  };
}
