import test from 'ava';
import { decodeAddress, encodeAddress, familyNumber } from '../../src/platform/address.ts';
import type { SocketAddress } from '../../src/platform/platform.ts';

const hex = (bytes: Uint8Array) => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
const bytes = (...values: number[]) => Uint8Array.from(values);

const golden: { name: string; address: SocketAddress; family: number; raw: string }[] = [
  {
    name: 'inet',
    address: { family: 'inet', address: bytes(192, 0, 2, 1), port: 8080 },
    family: 2,
    raw: '02001f90c00002010000000000000000',
  },
  {
    name: 'inet6 with a scope',
    address: {
      family: 'inet6',
      address: bytes(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      port: 80,
      scope: 3,
    },
    family: 10,
    raw: '0a00005000000000fe80000000000000000000000000000103000000',
  },
  { name: 'unix path', address: { family: 'unix', path: '/run/a' }, family: 1, raw: '01002f72756e2f6100' },
  { name: 'abstract unix name', address: { family: 'unix', path: '\0a' }, family: 1, raw: '01000061' },
  {
    name: 'netlink',
    address: { family: 'netlink', port: 7, groups: 0x11 },
    family: 16,
    raw: '100000000700000011000000',
  },
  {
    name: 'packet',
    address: {
      family: 'packet',
      protocol: 0x0806,
      interface: 2,
      hardware: bytes(255, 255, 255, 255, 255, 255),
    },
    family: 17,
    raw: '1100080602000000000000' + '06ffffffffffff0000',
  },
];

for (const { name, address, family, raw } of golden) {
  test(`the address ${name} has the bytes of struct sockaddr`, t => {
    t.is(hex(encodeAddress(address)), raw);
    t.deepEqual(decodeAddress(encodeAddress(address)), address);
    t.is(familyNumber(address), family);
  });
}

test('a part that does not fit its field is refused', t => {
  t.throws(() => encodeAddress({ family: 'inet', address: bytes(1, 2, 3), port: 1 }), {
    instanceOf: RangeError,
  });
  t.throws(() => encodeAddress({ family: 'inet', address: bytes(1, 2, 3, 4), port: 65536 }), {
    instanceOf: RangeError,
  });
  t.throws(() => encodeAddress({ family: 'unix', path: `/${'a'.repeat(107)}` }), { instanceOf: RangeError });
  t.throws(() => encodeAddress({ family: 'unix', path: '' }), { instanceOf: RangeError });
  t.throws(
    () => encodeAddress({ family: 'packet', protocol: 0, interface: 0, hardware: new Uint8Array(9) }),
    { instanceOf: RangeError },
  );
});

test('any cut of any address decodes without an exception', t => {
  for (const { address } of golden) {
    const whole = encodeAddress(address);
    for (let length = 0; length < whole.length; length++) {
      t.notThrows(() => decodeAddress(whole.subarray(0, length)));
    }
  }
  t.is(decodeAddress(bytes()), null);
  t.is(decodeAddress(bytes(99, 0, 0, 0)), null);
  t.is(decodeAddress(bytes(17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255)), null);
});
