// `HTTP_GET { }`: a real server is up when it answers each url as expected.
import { withoutEffect } from './answers.ts';
import { type CheckDraft, connectKeywords, resolveTiming } from './check-timing.ts';
import { url } from './checks/url.ts';
import { hostName } from './checks/virtual-host.ts';
import { lacks } from './reading.ts';
import { choice } from './types.ts';
import { block, deprecated, noArguments, valueOr } from './vocabulary.ts';

const DEFAULTS = { delayBeforeRetry: 3000 };

const TLS = 'HTTP_GET speaks without TLS';

const keywords = () => ({
  ...connectKeywords(),
  nb_get_retry: deprecated('retry'),
  virtualhost: hostName,
  http_protocol: valueOr(choice(['1.0', '1.0C', '1.0K', '1.1', '1.1K'], true), '1.0', {
    help: 'Version of HTTP; with K the server is asked to keep the connection, else to close it.',
    example: 'http_protocol 1.1',
  }),
  url,
  fast_recovery: withoutEffect('fast_recovery', 'each attempt asks for all urls, without delay between them'),
  enable_sni: withoutEffect('enable_sni', TLS),
  sni_name: withoutEffect('sni_name www.example.org', TLS),
  tls_compliant: withoutEffect('tls_compliant', TLS),
});

export const httpGet = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers each url with an expected status code and content.',
  example: 'HTTP_GET { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    if (values.url === undefined && lacks(statement, 'url'))
      reading.error(statement, 0, 'HTTP_GET has no url', 'add, for example: url { path / }');
    const { url: urls = [], http_protocol: protocol = '1.0', virtualhost } = values;
    return {
      complete(context) {
        const [real, virtual] = context.levels;
        const host = virtualhost ?? real.virtualhost ?? virtual.virtualhost;
        const check = {
          kind: 'HTTP_GET',
          urls: host === undefined ? urls : urls.map(each => ({ host, ...each })),
          ...resolveTiming(values, statement, context, DEFAULTS),
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
  },
});
