// The address that advertisements come from.
import test from 'ava';
import { sourceAddress } from '../../src/director/vrrp/source-address.ts';
import { IFA_F_DADFAILED, IFA_F_TENTATIVE, type InterfaceAddress } from '../../src/netlink/address.ts';
import { INSTANCE } from '../control/sample.ts';
import { hex, ip } from './bytes.ts';

const LINK_LOCAL = hex('fe800000000000000000000000000001');
const GLOBAL = hex('20010db8000000000000000000000001');
const VIP = ip('10.99.0.100');

function set(address: Uint8Array, flags = 0): InterfaceAddress {
  return {
    interface: 2,
    address,
    prefix: 24,
    protocol: 0,
    scope: 0,
    flags,
    label: null,
    broadcast: null,
    preferredLifetime: Infinity,
    validLifetime: Infinity,
  };
}

const PRESENT = [VIP, LINK_LOCAL, GLOBAL, ip('10.99.0.1'), ip('10.99.0.2')].map(each => set(each));
const four = { ...INSTANCE, sourceAddress: null };
const six = { ...four, family: 6 as const };

function peersOf(...addresses: string[]) {
  const peers = addresses.map(address => ({ address, minimumTtl: 255, maximumTtl: 255 }));
  return { peers, ttl: 255, checkSource: false };
}

test('the first of the interface and of the family that is not virtual', t => {
  t.deepEqual(sourceAddress(four, [VIP], PRESENT), ip('10.99.0.1'));
  t.is(sourceAddress(four, [VIP], [set(GLOBAL)]), null);
});

test('the owner of the addresses may have no other', t => {
  t.deepEqual(sourceAddress(four, [VIP], [set(VIP)]), VIP);
});

test('5.1.2.1: on IPv6 a link-local one, once duplicate address detection has let it pass', t => {
  t.deepEqual(sourceAddress(six, [], PRESENT), LINK_LOCAL);
  t.is(sourceAddress(six, [], [set(GLOBAL)]), null);
  t.is(sourceAddress(six, [], [set(LINK_LOCAL, IFA_F_TENTATIVE)]), null);
  t.is(sourceAddress(six, [], [set(LINK_LOCAL, IFA_F_DADFAILED)]), null);
});

test('to unicast peers of IPv6 one that leads back', t => {
  t.deepEqual(sourceAddress({ ...six, unicast: peersOf('2001:db8::2') }, [], PRESENT), GLOBAL);
  t.deepEqual(sourceAddress({ ...six, unicast: peersOf('fe80::2') }, [], PRESENT), LINK_LOCAL);
});

test('one that is configured, set or not, unless it is tracked', t => {
  const wanted = { ...four, sourceAddress: '10.99.0.2' };
  t.deepEqual(sourceAddress(wanted, [], PRESENT), ip('10.99.0.2'));
  t.deepEqual(sourceAddress(wanted, [], []), ip('10.99.0.2'));
  t.is(sourceAddress({ ...wanted, tracksSourceAddress: true }, [], []), null);
  t.deepEqual(sourceAddress({ ...wanted, tracksSourceAddress: true }, [], PRESENT), ip('10.99.0.2'));
});
