// `DNS_CHECK { }`: a real server is up when it answers a query without an error.
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import { choice } from '../types.ts';
import { block, noArguments, type ValueType, valueOr } from '../vocabulary.ts';

/** keepalived: `retry` is 3 here, and the delay between attempts that of the loop. */
const DEFAULTS = { retries: 3, delayBeforeRetry: null };

/** Labels of 1 to 63 bytes, 255 in all (RFC 1035 section 2.3.4). */
const domainName: ValueType<string> = {
  name: 'NAME',
  description: 'a domain name',
  parse(word) {
    const name = word.endsWith('.') ? word.slice(0, -1) : word;
    if (name === '') return word === '.' ? word : undefined;
    const isRight = name.split('.').every(label => /^[!-~]{1,63}$/.test(label));
    return isRight && name.length <= 253 ? word : undefined;
  },
};

const keywords = () => ({
  ...connectKeywords(),
  type: valueOr(choice(['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA'], true), 'SOA', {
    help: 'What is asked for.',
    example: 'type A',
  }),
  name: valueOr(domainName, '.', {
    help: 'The name that is asked for.',
    example: 'name www.example.org',
  }),
});

export const dnsCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers a DNS query over UDP without an error.',
  example: 'DNS_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement): CheckDraft {
    const { type = 'SOA', name = '.' } = values;
    return {
      complete: context => [
        { kind: 'DNS_CHECK', name, type, ...resolveTiming(values, statement, context, DEFAULTS) },
      ],
    };
  },
});
