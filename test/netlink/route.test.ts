import test from 'ava';
import {
  decodeAddress,
  decodeAddressRemoval,
  deleteAddress,
  getAddresses,
  IFA_F_NODAD,
  newAddress,
} from '../../src/netlink/address.ts';
import { decodeLink, decodeLinkRemoval, getLinks, setLinkUp } from '../../src/netlink/link.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { decodeRoute, deleteRoute, getRoutes, newRoute, RT_TABLE_MAIN } from '../../src/netlink/route.ts';
import * as captures from './captures.ts';
import { bytes, hex, unsent } from './hex.ts';

function only(text: string): Message {
  const messages: Message[] = [];
  readMessages(bytes(text), message => messages.push(message));
  return messages[0]!;
}

/** The same bytes with another message type. */
function retyped(text: string, type: number): Message {
  return { ...only(text), type };
}

const vip = bytes('0a000050');
const base = { interface: 3, protocol: 218, metric: 0, table: RT_TABLE_MAIN };

test('a link is read from what the kernel sends', t => {
  t.deepEqual(decodeLink(only(captures.link)), {
    index: 3,
    name: 'va',
    up: true,
    running: true,
    loopback: false,
    carrier: true,
    operState: 'up',
    hardware: bytes('020000000001'),
    mtu: 1500,
    master: 0,
    lower: 2,
    group: 0,
    kind: 'veth',
    vlan: null,
  });
  t.is(decodeLinkRemoval(only(captures.link)), null);
  t.is(decodeLinkRemoval(retyped(captures.link, 17)), 3);
});

test("a bridge's report about its port is not about the interface", t => {
  const message = only(captures.link);
  message.payload[0] = 7;
  t.is(decodeLink(message), null);
  t.is(decodeLinkRemoval({ ...message, type: 17 }), null);
});

test('link requests are those of iproute2', t => {
  t.is(hex(setLinkUp(2, true)), unsent('200000001000050000f2006b0000000000000000020000000100000001000000'));
  t.is(hex(setLinkUp(2, false)), unsent('200000001000050000f2006b0000000000000000020000000000000001000000'));
  t.is(
    hex(getLinks()),
    hex(bytes('28000000 1200 0103 00000000 00000000 00000000 00000000 00000000 00000000 08001d00 08000000')),
  );
});

test('an address is read from what the kernel sends', t => {
  t.deepEqual(decodeAddress(only(captures.address)), {
    interface: 3,
    address: bytes('0a000001'),
    prefix: 24,
    protocol: 0,
    scope: 0,
    flags: 0x80,
    label: 'va',
    broadcast: null,
    validLifetime: Infinity,
    preferredLifetime: Infinity,
  });
  const lease = decodeAddress(only(captures.lease));
  t.is(lease?.validLifetime, 30);
  t.is(lease?.preferredLifetime, 20);
  t.is(lease?.label, 'va:vip');
  t.is(decodeAddress(only(captures.linkLocal))?.protocol, 3);
  const six = decodeAddress(only(captures.address6));
  t.deepEqual(six?.address, bytes('20010db8000000000000000000000001'));
  t.is(six?.prefix, 64);
  t.is(six?.flags, 0x82);
  t.deepEqual(decodeAddressRemoval(retyped(captures.address, 21))?.address, bytes('0a000001'));
});

test('address requests are those of iproute2', t => {
  t.is(
    hex(newAddress({ interface: 3, address: bytes('0a000001'), prefix: 24, protocol: 0 }, false)),
    unsent('280000001400050612f2006b000000000218000003000000080002000a000001080001000a000001'),
  );
  // iproute2 has IFA_LOCAL, IFA_BROADCAST, IFA_ADDRESS; the order has no meaning.
  t.is(
    hex(
      newAddress(
        {
          interface: 3,
          address: bytes('0a090001'),
          prefix: 24,
          protocol: 0,
          broadcast: bytes('0a0900ff'),
          scope: 253,
        },
        false,
      ),
    ),
    unsent(
      '300000001400050612f2006b00000000021800fd03000000080002000a090001080001000a090001080004000a0900ff',
    ),
  );
  t.is(
    hex(deleteAddress({ interface: 3, address: vip, prefix: 32 })),
    unsent('280000001500050012f2006b000000000220000003000000080002000a000050080001000a000050'),
  );
  t.is(hex(getAddresses()).slice(0, 48), '180000001600010300000000000000000000000000000000');
});

test('a virtual address carries its lifetime and its mark', t => {
  t.is(
    hex(
      newAddress(
        { interface: 3, address: vip, prefix: 32, protocol: 18, validLifetime: 3, label: 'va:vip' },
        true,
      ),
    ),
    hex(
      bytes(`50000000 1400 0105 00000000 00000000 02200000 03000000
        0800 0200 0a000050 0800 0100 0a000050 0b00 0300 76613a76697000 00
        0500 0b00 12000000 1400 0600 03000000 03000000 00000000 00000000`),
    ),
  );
  const six = newAddress(
    {
      interface: 3,
      address: bytes('20010db8000000000000000000000080'),
      prefix: 64,
      protocol: 18,
      validLifetime: 3,
      preferredLifetime: 0,
      flags: IFA_F_NODAD,
    },
    true,
  );
  t.is(
    hex(six),
    hex(
      bytes(`64000000 1400 0105 00000000 00000000 0a400200 03000000
        1400 0200 20010db8000000000000000000000080 1400 0100 20010db8000000000000000000000080
        0800 0800 02000000 0500 0b00 12000000 1400 0600 00000000 03000000 00000000 00000000`),
    ),
  );
});

test('a route is read from what the kernel sends', t => {
  t.deepEqual(decodeRoute(only(captures.route)), {
    ...base,
    destination: bytes('0a070000'),
    prefix: 16,
    gateway: bytes('0a000002'),
  });
  t.deepEqual(decodeRoute(only(captures.defaultRoute)), {
    ...base,
    destination: bytes('00000000'),
    prefix: 0,
    gateway: bytes('0a000002'),
    metric: 7,
  });
  t.is(decodeRoute(only(captures.highTable))?.table, 1000);
  t.deepEqual(decodeRoute(only(captures.route6)), {
    ...base,
    protocol: 2,
    destination: bytes('20010db8000000000000000000000000'),
    prefix: 64,
    gateway: null,
    metric: 256,
  });
  t.is(decodeRoute(only(captures.localRoute)), null);
});

test('route requests are those of iproute2', t => {
  const route = { ...base, destination: bytes('0a070000'), prefix: 16, gateway: bytes('0a000002') };
  t.is(
    hex(newRoute(route, false)),
    unsent(
      '340000001800050612f2006b0000000002100000feda000100000000080001000a070000080005000a0000020800040003000000',
    ),
  );
  t.is(
    hex(deleteRoute(route)),
    unsent(
      '340000001900050012f2006b0000000002100000fedaff0100000000080001000a070000080005000a0000020800040003000000',
    ),
  );
  t.is(
    hex(newRoute({ ...route, destination: new Uint8Array(4), prefix: 0, interface: 0 }, false)),
    unsent('240000001800050612f2006b0000000002000000feda000100000000080005000a000002'),
  );
  t.is(hex(getRoutes(6)), '1c0000001a00010300000000000000000a0000000000000000000000');
});

test('IPv6 routes, metrics and high tables are written as the kernel reads them', t => {
  t.is(
    hex(
      newRoute(
        {
          ...base,
          destination: bytes('20010db8000100000000000000000000'),
          prefix: 48,
          gateway: bytes('20010db8000000000000000000000001'),
          metric: 5,
        },
        true,
      ),
    ),
    hex(
      bytes(`54000000 1800 0105 00000000 00000000 0a300000 feda0001 00000000
        1400 0100 20010db8000100000000000000000000 1400 0500 20010db8000000000000000000000001
        0800 0400 03000000 0800 0600 05000000`),
    ),
  );
  t.is(
    hex(newRoute({ ...base, destination: bytes('0a080000'), prefix: 16, gateway: null, table: 1000 }, false)),
    hex(
      bytes(`34000000 1800 0106 00000000 00000000 02100000 00dafd01 00000000
        0800 0100 0a080000 0800 0400 03000000 0800 0f00 e8030000`),
    ),
  );
});
