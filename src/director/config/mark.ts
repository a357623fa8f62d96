// `mark N { }`: packets that get a firewall mark, which a `virtual_server fwmark N` answers. Ours, not keepalived's.
import type { MarkConfig } from './config.ts';
import { lacks } from './reading.ts';
import { address, choice, integer, range } from './types.ts';
import { block, type Located, list, value } from './vocabulary.ts';

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** Mark 0 is what packets have that nobody marked. */
export const markNumber = integer(1, 0xffffffff, 'MARK');

const keywords = {
  protocol: value(choice(PROTOCOLS, true), {
    help: 'Protocol of the packets.',
    example: 'protocol TCP',
  }),
  destination: value(address, {
    help: 'Address the packets are for, usually a virtual address.',
    example: 'destination 192.0.2.100',
  }),
  port: list(range(1, 65535, 'PORT[-PORT]'), {
    help: 'Ports the packets are for.',
    example: 'port 80 443 8000-8100',
  }),
};

export const mark = block({
  usage: 'MARK { ... }',
  help: 'Marks packets, so that one virtual server can answer on several ports and addresses.',
  example: 'mark 1 { ... }',
  keywords: () => keywords,
  header(statement, reading) {
    if (statement.words.length > 2) reading.extraWords(statement, 2);
    return reading.argument(statement, 1, markNumber);
  },
  finish(number, values, statement, reading): Located<MarkConfig> | undefined {
    const { protocol, destination, port } = values;
    for (const keyword of ['protocol', 'destination', 'port'] as const) {
      if (!lacks(statement, keyword)) continue;
      reading.error(
        statement,
        0,
        `mark ${number} has no ${keyword}`,
        `add, for example: ${keywords[keyword].example}`,
      );
    }
    if (protocol === undefined || destination === undefined || port === undefined) return undefined;
    return { value: { mark: number, protocol, destination, ports: port.flat() }, statement };
  },
});
