// `masquerade NETWORK { }`: real servers behind NAT reach out with the director's address. Ours, not keepalived's.
import type { MasqueradeConfig } from './config.ts';
import { lacks } from './reading.ts';
import { interfaceName, network } from './types.ts';
import { block, value } from './vocabulary.ts';

const keywords = {
  interface: value(interfaceName, {
    help: 'Interface through which the packets leave.',
    example: 'interface eth0',
  }),
};

export const masquerade = block({
  usage: 'ADDRESS/PREFIX { ... }',
  help: 'Gives packets from a network the address of the interface through which they leave.',
  example: 'masquerade 10.0.0.0/24 { ... }',
  keywords: () => keywords,
  header(statement, reading) {
    if (statement.words.length > 2) reading.extraWords(statement, 2);
    return reading.argument(statement, 1, network);
  },
  finish(source, values, statement, reading): MasqueradeConfig | undefined {
    if (lacks(statement, 'interface')) {
      reading.error(
        statement,
        0,
        'masquerade has no interface',
        `add, for example: ${keywords.interface.example}`,
      );
    }
    return values.interface === undefined ? undefined : { source, outInterface: values.interface };
  },
});
