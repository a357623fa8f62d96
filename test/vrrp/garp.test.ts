// Gratuitous ARP as it goes out.
import test from 'ava';
import { gratuitousArp } from '../../src/director/vrrp/garp.ts';
import { hex, ip, toHex } from './bytes.ts';

test('8.1.2: an ARP request for the address from itself, to everybody', t => {
  t.is(
    toHex(gratuitousArp(ip('10.99.0.100'), hex('0200 0009 0001'))),
    '0001080006040001' + '020000090001' + '0a630064' + 'ffffffffffff' + '0a630064',
  );
});
