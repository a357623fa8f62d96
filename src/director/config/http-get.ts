// `HTTP_GET { }`: a real server is up when it answers each url with an expected status code.
import { type CheckDraft, connectKeywords, resolveTiming } from './check-timing.ts';
import type { UrlConfig } from './config.ts';
import { lacks, placeOf } from './reading.ts';
import { range, text } from './types.ts';
import { block, deprecated, list, noArguments, value } from './vocabulary.ts';

const DEFAULTS = { delayBeforeRetry: 3000 };

/** keepalived.conf(5): "Default is 200-299". */
const DEFAULT_STATUS_CODES = [{ from: 200, to: 299 }] as const;

const urlKeywords = {
  path: value(text('PATH'), {
    help: 'Path of the page.',
    example: 'path /',
  }),
  status_code: list(range(100, 599, 'CODE[-CODE]'), {
    help: 'HTTP status codes that count as up; 200-299 unless set.',
    example: 'status_code 200 301-302',
  }),
};

const url = block({
  usage: '{ ... }',
  help: 'A page to ask for; may stand several times.',
  example: 'url { path / }',
  keywords: () => urlKeywords,
  header: noArguments,
  finish(_, { path, status_code }, statement, reading): UrlConfig | undefined {
    if (path === undefined) {
      if (lacks(statement, 'path'))
        reading.error(statement, 0, 'url has no path', 'add, for example: path /');
      return undefined;
    }
    if (!path.startsWith('/')) {
      const advice = `write path /${path}`;
      reading.warning(placeOf(statement, 'path'), 1, 'the path does not start with /', advice);
    }
    const statusCodes = status_code?.flat() ?? [];
    return { path, statusCodes: statusCodes.length > 0 ? statusCodes : DEFAULT_STATUS_CODES };
  },
});

export const httpGet = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers each url with an expected status code.',
  example: 'HTTP_GET { ... }',
  keywords: () => ({ ...connectKeywords, nb_get_retry: deprecated('retry'), url }),
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    if (values.url === undefined && lacks(statement, 'url'))
      reading.error(statement, 0, 'HTTP_GET has no url', 'add, for example: url { path / }');
    const urls = values.url ?? [];
    return {
      complete: context => [
        { kind: 'HTTP_GET', urls, ...resolveTiming(values, statement, context, DEFAULTS) },
      ],
    };
  },
});
