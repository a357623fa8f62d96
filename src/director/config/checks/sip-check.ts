// `SIP_CHECK { }`: a real server is up when it answers OPTIONS.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { placeOf } from '../reading.ts';
import { choice, range } from '../types.ts';
import { block, list, noArguments, type ValueType, value } from '../vocabulary.ts';
import { tlsKeywords, tlsOf } from './tls.ts';

const DEFAULT_STATUS_CODES = [{ from: 200, to: 299 }] as const;

/** RFC 3261 section 25.1, without escapes. */
const user: ValueType<string> = {
  name: 'NAME',
  description: 'a user name of letters, digits and . _ ~ + -',
  parse: word => (/^[A-Za-z0-9._~+-]{1,64}$/.test(word) ? word : undefined),
};

const uri: ValueType<string> = {
  name: 'URI',
  description: 'an address that begins with sip: or sips:',
  parse: word => (/^sips?:[!-;=?-~]{1,250}$/.test(word) ? word : undefined),
};

const keywords = () => ({
  ...connectKeywords(),
  ...tlsKeywords(),
  protocol: value(choice(['UDP', 'TCP'], true), {
    help: 'What OPTIONS is sent over; UDP unless set, TCP with tls.',
    example: 'protocol TCP',
  }),
  login: value(user, {
    help: 'Who asks; director unless set.',
    example: 'login monitor',
  }),
  uri: value(uri, {
    help: 'What is asked; the address and port that the check goes to unless set.',
    example: 'uri sip:example.org',
  }),
  status_code: list(range(200, 699, 'CODE[-CODE]'), {
    help: 'SIP status codes that count as up; 200-299 unless set.',
    example: 'status_code 200 404',
  }),
});

export const sipCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers OPTIONS of SIP with an expected status code.',
  example: 'SIP_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { protocol, login = 'director', status_code, uri: asked = null } = values;
    const tls = tlsOf(values, statement, reading);
    if (protocol === 'UDP' && values.tls) {
      const place = placeOf(statement, 'protocol');
      reading.error(place, 1, 'TLS goes over TCP', 'delete it, or tls');
    }
    const codes = status_code?.flat() ?? [];
    return {
      complete: context => [
        {
          ...{ kind: 'SIP_CHECK', user: login, uri: asked },
          protocol: protocol ?? (values.tls ? 'TCP' : 'UDP'),
          statusCodes: codes.length > 0 ? codes : DEFAULT_STATUS_CODES,
          ...tls,
          ...resolveTiming(values, statement, context),
        },
      ],
    };
  },
});
