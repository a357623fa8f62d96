// `HTTP_GET { }` and `SSL_GET { }`: a real server is up when it answers each url as expected.
import { withoutEffect } from './answers.ts';
import { type CheckDraft, connectKeywords, resolveTiming } from './check-timing.ts';
import { tlsDetails, tlsFrom } from './checks/tls.ts';
import { url } from './checks/url.ts';
import { hostName } from './checks/virtual-host.ts';
import type { CheckConfig } from './config.ts';
import { lacks, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { choice } from './types.ts';
import { block, deprecated, flag, noArguments, once, type Values, valueOr } from './vocabulary.ts';

const DEFAULTS = { delayBeforeRetry: 3000 };

const NO_TLS = 'HTTP_GET speaks without TLS';

const common = once(() => ({
  ...connectKeywords(),
  nb_get_retry: deprecated('retry'),
  virtualhost: hostName,
  http_protocol: valueOr(choice(['1.0', '1.0C', '1.0K', '1.1', '1.1K'], true), '1.0', {
    help: 'Version of HTTP; with K the server is asked to keep the connection, else to close it.',
    example: 'http_protocol 1.1',
  }),
  url,
  fast_recovery: withoutEffect('fast_recovery', 'each attempt asks for all urls, without delay between them'),
}));

type HttpValues = Values<ReturnType<typeof common>>;
type HttpCheck = Extract<CheckConfig, { kind: 'HTTP_GET' }>;

/** `tls` is what the check adds for TLS. */
function draft(
  values: HttpValues,
  statement: Statement,
  reading: Reading,
  tls: Pick<HttpCheck, 'tls' | 'namesSite'>,
): CheckDraft {
  if (values.url === undefined && lacks(statement, 'url')) {
    const message = `${statement.words[0]} has no url`;
    reading.error(statement, 0, message, 'add, for example: url { path / }');
  }
  const { url: urls = [], http_protocol: protocol = '1.0', virtualhost } = values;
  return {
    complete(context) {
      const [real, virtual] = context.levels;
      const host = virtualhost ?? real.virtualhost ?? virtual.virtualhost;
      const check = {
        kind: 'HTTP_GET',
        urls: host === undefined ? urls : urls.map(each => ({ host, ...each })),
        ...resolveTiming(values, statement, context, DEFAULTS),
        ...tls,
      } as const;
      if (protocol === '1.0') return [check];
      return [
        {
          ...check,
          ...(protocol.startsWith('1.1') && { protocol: '1.1' }),
          ...(protocol.endsWith('K') && { keepAlive: true }),
        },
      ];
    },
  };
}

export const httpGet = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers each url with an expected status code and content.',
  example: 'HTTP_GET { ... }',
  keywords: () => ({
    ...common(),
    enable_sni: withoutEffect('enable_sni', NO_TLS),
    sni_name: withoutEffect('sni_name www.example.org', NO_TLS),
    tls_compliant: withoutEffect('tls_compliant', NO_TLS),
  }),
  header: noArguments,
  finish: (_, values, statement, reading) => draft(values, statement, reading, {}),
});

export const sslGet = block({
  usage: '{ ... }',
  help: 'HTTP_GET over TLS. The certificate is not verified unless ca_file is set.',
  example: 'SSL_GET { ... }',
  keywords: () => ({
    ...common(),
    ...tlsDetails(),
    enable_sni: flag({
      help: 'The server is asked by name when TLS begins (SNI): by sni_name, else by virtualhost.',
      example: 'enable_sni',
    }),
    tls_compliant: withoutEffect(
      'tls_compliant',
      'what the server has answered counts, whether or not it ends TLS as it should',
    ),
  }),
  header: noArguments,
  finish: (_, values, statement, reading) =>
    draft(values, statement, reading, {
      tls: tlsFrom(values),
      ...(values.enable_sni && { namesSite: true }),
    }),
});
