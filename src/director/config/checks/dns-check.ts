// `DNS_CHECK { }`: a real server is up when it answers a query without an error, and with what is expected.
import { canonicalRecord } from '../../check/dns-records.ts';
import { shorten } from '../characters.ts';
import { type CheckDraft, connectKeywords, resolveTiming } from '../check-timing.ts';
import type { DnsType } from '../config.ts';
import type { Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';
import { choice, text } from '../types.ts';
import { block, list, noArguments, type ValueType, valueOr } from '../vocabulary.ts';

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

const TYPES = ['A', 'NS', 'CNAME', 'SOA', 'PTR', 'MX', 'TXT', 'AAAA', 'SRV', 'RRSIG', 'DNSKEY'] as const;

const keywords = () => ({
  ...connectKeywords(),
  type: valueOr(choice(TYPES, true), 'SOA', {
    help: 'What is asked for.',
    example: 'type A',
  }),
  name: valueOr(domainName, '.', {
    help: 'The name that is asked for.',
    example: 'name www.example.org',
  }),
  answer: list(text('RECORD'), {
    help: 'Records that the answer must have: an address, a name, a text; of MX, SRV and SOA the whole record in quotes or one part of it.',
    example: 'answer 192.0.2.80',
  }),
  protocol: valueOr(choice(['UDP', 'TCP'], true), 'UDP', {
    help: 'How the query is sent.',
    example: 'protocol TCP',
  }),
});

/** The records as answers are compared with. */
function readAnswers(
  records: readonly string[],
  type: DnsType,
  statement: Statement,
  reading: Reading,
): string[] {
  const answers: string[] = [];
  for (const record of records) {
    const canonical = canonicalRecord(type, record);
    if (canonical !== null) {
      answers.push(canonical);
      continue;
    }
    const place = statement.block?.find(({ words }) => words[0] === 'answer' && words.includes(record, 1));
    const at = place?.words.indexOf(record, 1) ?? 0;
    const advice = ADVICE[type] ?? `answers of type ${type} are not compared: delete it`;
    reading.error(place ?? statement, at, `"${shorten(record)}" is no record of type ${type}`, advice);
  }
  return answers;
}

const ADVICE: Partial<Record<DnsType, string>> = {
  A: 'write an IPv4 address, or type AAAA',
  AAAA: 'write an IPv6 address, or type A',
};

export const dnsCheck = block({
  usage: '{ ... }',
  help: 'The real server is up when it answers a DNS query without an error, and with the records that are expected.',
  example: 'DNS_CHECK { ... }',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): CheckDraft {
    const { type = 'SOA', name = '.', answer, protocol } = values;
    const answers = answer === undefined ? undefined : readAnswers(answer.flat(), type, statement, reading);
    return {
      complete: context => [
        {
          kind: 'DNS_CHECK',
          name,
          type,
          ...(protocol === 'TCP' && { protocol }),
          ...(answers !== undefined && { answers }),
          ...resolveTiming(values, statement, context, DEFAULTS),
        },
      ],
    };
  },
});
