// Unsolicited neighbour advertisements as they go out.
import test from 'ava';
import { addWords, finish } from '../../src/director/vrrp/checksum.ts';
import { unsolicitedAdvertisement } from '../../src/director/vrrp/neighbour-advertisement.ts';
import { hex, toHex } from './bytes.ts';

const ADDRESS = '20010db8000000000000000000000080';
const packet = unsolicitedAdvertisement(hex(ADDRESS), hex('0200 0009 0001'));

test('6.4.1: R and O are set, S is not, target and link-layer address are ours, to all nodes with hop limit 255', t => {
  const checksum = toHex(packet.subarray(42, 44));
  t.is(
    toHex(packet),
    `60000000${'0020'}3aff${ADDRESS}${'ff020000000000000000000000000001'}` +
      `8800${checksum}a0000000${ADDRESS}0201020000090001`,
  );
});

test('its checksum is right', t => {
  // Next header and length of the pseudo-header.
  t.is(finish(addWords(58 + 32, packet, 8, packet.length)), 0);
  t.not(toHex(packet.subarray(42, 44)), '0000');
});
