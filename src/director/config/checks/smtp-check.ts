// `SMTP_CHECK { }`: a real server is up when it greets and takes HELO.
import { type CheckDraft, type ConnectValues, connectKeywords, resolveTiming } from '../check-timing.ts';
import type { CheckConfig } from '../config.ts';
import type { Statement } from '../tree.ts';
import type { ValueType } from '../vocabulary.ts';
import { block, noArguments, value } from '../vocabulary.ts';
import { startTlsKeywords, tlsOf } from './tls.ts';

/** RFC 5321 section 4.1.2, by its length and the characters that would end it. */
const heloName: ValueType<string> = {
  name: 'NAME',
  description: 'a domain name, or an address in brackets',
  parse: word => (/^[!-~]{1,255}$/.test(word) ? word : undefined),
};

interface Host {
  readonly values: ConnectValues;
  readonly statement: Statement;
}

const host = block({
  usage: '{ ... }',
  help: 'Old: a further server to be checked in the same way; write a SMTP_CHECK for each instead.',
  example: 'host { ... }',
  keywords: connectKeywords,
  header: noArguments,
  finish(_, values, statement, reading): Host {
    const advice = 'write a SMTP_CHECK of its own with the same lines';
    reading.warning(statement, 0, 'host is an old word', advice);
    return { values, statement };
  },
});

export const smtpCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it greets as a mail server and takes HELO, with starttls EHLO before and within TLS.',
  example: 'SMTP_CHECK { ... }',
  keywords: () => ({
    ...connectKeywords(),
    ...startTlsKeywords(),
    helo_name: value(heloName, {
      help: 'How the director calls itself; the address that it connects from unless set.',
      example: 'helo_name lvs1.example.org',
    }),
    host,
  }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const tls = tlsOf(values, statement, reading);
    const { helo_name: helo = null, host: hosts, ...own } = values;
    // As keepalived has it: instead of the server itself, and with what the check says where a host says nothing.
    const targets = hosts?.map(each => ({ values: { ...own, ...each.values }, statement: each.statement }));
    return {
      complete: context =>
        (targets ?? [{ values: own, statement }]).map(
          (each): CheckConfig => ({
            kind: 'SMTP_CHECK',
            helo,
            ...tls,
            ...resolveTiming(each.values, each.statement, context),
          }),
        ),
    };
  },
});
