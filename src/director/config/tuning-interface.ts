// `interface NAME { }` of `tuning { }`: what one network card is set to.
import type { InterfaceTuningConfig } from './config.ts';
import { integer, interfaceName } from './types.ts';
import { block, type ValueType, value } from './vocabulary.ts';

/** PCI Local Bus 2.2, 6.2.4: eight bits, of which most cards have the upper five. */
export const latencyTimer: ValueType<number> = {
  ...integer(0, 248, 'CLOCKS'),
  description: 'a multiple of 8 from 0 to 248',
  parse(word) {
    const number = integer(0, 248).parse(word);
    return number !== undefined && number % 8 === 0 ? number : undefined;
  },
};

const count = integer(1, 65_536);
const amount = integer(0, 1_000_000);

const keywords = () => ({
  latency_timer: value(latencyTimer, {
    help: 'As in tuning, of this card.',
    example: 'latency_timer 128',
  }),
  rx_ring: value(count, {
    help: 'Packets that the card can receive until the director takes them.',
    example: 'rx_ring 256',
  }),
  tx_ring: value(count, {
    help: 'Packets that wait in the card to be sent.',
    example: 'tx_ring 256',
  }),
  rx_usecs: value(amount, {
    help: 'Microseconds that a received packet may wait for its interrupt.',
    example: 'rx_usecs 100',
  }),
  rx_frames: value(amount, {
    help: 'Received packets that make an interrupt at once.',
    example: 'rx_frames 16',
  }),
  tx_usecs: value(amount, {
    help: 'Microseconds that a sent packet may wait for its interrupt.',
    example: 'tx_usecs 100',
  }),
  tx_frames: value(amount, {
    help: 'Sent packets that make an interrupt at once.',
    example: 'tx_frames 16',
  }),
});

export const tunedInterface = block({
  usage: 'NAME { ... }',
  help: 'A network card. What its driver cannot do is told, and nothing else happens.',
  example: 'interface eth0 { ... }',
  keywords,
  header(statement, reading) {
    if (statement.words.length > 2) reading.extraWords(statement, 2);
    return reading.argument(statement, 1, interfaceName);
  },
  finish(name, { latency_timer, ...ethtool }): InterfaceTuningConfig {
    return { name, ...(latency_timer !== undefined && { latencyTimer: latency_timer }), ethtool };
  },
});

/** Something is said of it. */
export function saysSomething({ latencyTimer: clocks, ethtool }: InterfaceTuningConfig): boolean {
  return clocks !== undefined || Object.keys(ethtool).length > 0;
}
