// The answers here are those of Linux 6.18 about a virtio network card; requests are compared with the same kernel's understanding of them.
import test from 'ava';
import { decodeEthtool, getEthtool, hasValue, setEthtool } from '../../src/netlink/ethtool/settings.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex, unsent } from './hex.ts';

const FAMILY = 0x15;

const RINGS =
  '5c00000015000000020000000853000010010000180001800800010004000000090002006574683000000000' +
  '080002000001000008000600000100000800050000010000080009000001000005000d000000000005000e0000000000';
const COALESCE =
  '5400000015000000020000000853000014010000180001800800010004000000090002006574683000000000' +
  '080002000000000008000300010000000800060000000000080007000100000005000b0000000000';

function only(data: Uint8Array): Message {
  const messages: Message[] = [];
  readMessages(data, message => messages.push(message));
  return messages[0]!;
}

test('rings and coalescing are asked for by the name of the interface', t => {
  t.is(
    hex(getEthtool(FAMILY, 'rings', 'eth0')),
    unsent('240000001500050002000000000000000f01000010000180090002006574683000000000'),
  );
  t.is(
    hex(getEthtool(FAMILY, 'coalesce', 'eth0')),
    unsent('240000001500050002000000000000001301000010000180090002006574683000000000'),
  );
});

test('the answers have the values by name, and each is that of its own request', t => {
  t.deepEqual(decodeEthtool('rings', only(bytes(RINGS))), {
    rx_ring_max: 256,
    tx_ring_max: 256,
    rx_ring: 256,
    tx_ring: 256,
  });
  t.deepEqual(decodeEthtool('coalesce', only(bytes(COALESCE))), {
    rx_usecs: 0,
    rx_frames: 1,
    tx_usecs: 0,
    tx_frames: 1,
  });
  t.is(decodeEthtool('coalesce', only(bytes(RINGS))), null);
});

test('only what is to be set is sent', t => {
  t.is(
    hex(setEthtool(FAMILY, 'rings', 'eth0', { rx_ring: 128 })),
    unsent('2c0000001500010000000000000000001001000010000180090002006574683000000000' + '0800060080000000'),
  );
  t.is(
    hex(setEthtool(FAMILY, 'coalesce', 'eth0', { rx_usecs: 100, rx_frames: 16 })),
    unsent(
      '340000001500010000000000000000001401000010000180090002006574683000000000' +
        '0800020064000000' +
        '0800030010000000',
    ),
  );
});

test('a word belongs to one of the groups', t => {
  t.true(hasValue('rings', 'rx_ring'));
  t.true(hasValue('coalesce', 'tx_frames'));
  t.false(hasValue('rings', 'rx_usecs'));
  t.false(hasValue('rings', 'toString'));
});
