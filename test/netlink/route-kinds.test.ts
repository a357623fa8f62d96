// Routes with more than one way or none, with source, MTU and scope: against what iproute2 sends and a kernel (Linux 6.18) answers.
import test from 'ava';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { deleteRoute, newRoute, type Route, RT_TABLE_MAIN, routeRemoval } from '../../src/netlink/route.ts';
import { bytes, hex, unsent } from './hex.ts';

const base: Route = {
  destination: bytes('0a090000'),
  prefix: 16,
  gateway: null,
  interface: 0,
  protocol: 219,
  metric: 0,
  table: RT_TABLE_MAIN,
};

test('routes that discard have neither gateway nor interface', t => {
  t.is(
    hex(newRoute({ ...base, destination: bytes('0a070000'), kind: 'blackhole' }, false)),
    unsent('24000000180005066a3c016b0000000002100000fedb000600000000080001000a070000'),
  );
  t.is(
    hex(
      newRoute(
        {
          ...base,
          destination: bytes('20010db8000900000000000000000000'),
          prefix: 48,
          kind: 'unreachable',
        },
        false,
      ),
    ),
    unsent(
      '30000000180005066b3c016b000000000a300000fedb0007000000001400010020010db8000900000000000000000000',
    ),
  );
  t.is(hex(newRoute({ ...base, kind: 'prohibit' }, true)).slice(46, 48), '08');
});

test('source, MTU, metric and table are those of iproute2', t => {
  const route: Route = {
    ...base,
    destination: bytes('0a080000'),
    gateway: bytes('0a000002'),
    interface: 3,
    source: bytes('0a000001'),
    mtu: 1400,
    metric: 5,
    table: 100,
  };
  // iproute2 has the metric before the interface, and does not mark its nests.
  t.is(
    hex(newRoute(route, false)),
    unsent(`50000000180005066b3c016b000000000210000064db000100000000080001000a080000080007000a000001
      080005000a0000020800040003000000 08000600050000000c0008800800020078050000`),
  );
  t.is(hex(newRoute({ ...base, interface: 3, scope: 0 }, false)).slice(44, 46), '00');
  t.is(hex(newRoute({ ...base, interface: 3 }, false)).slice(44, 46), 'fd');
});

test('several ways share by weight', t => {
  const hops = [
    { gateway: bytes('0a000002'), interface: 3, weight: 3 },
    { gateway: bytes('0a000003'), interface: 0, weight: 1 },
  ];
  t.is(
    hex(newRoute({ ...base, hops }, false)),
    unsent(`48000000180005066b3c016b0000000002100000fedb000100000000080001000a090000
      240009001000000203000000080005000a0000021000000000000000080005000a000003`),
  );
  t.is(
    hex(deleteRoute({ ...base, hops })),
    hex(bytes('24000000 19000100 00000000 00000000 02100000fedbff01 00000000 080001000a090000')),
  );
  const six = [
    { gateway: bytes('20010db8000000000000000000000002'), interface: 3, weight: 1 },
    { gateway: bytes('20010db8000000000000000000000003'), interface: 3, weight: 2 },
  ];
  t.is(
    hex(
      newRoute(
        {
          ...base,
          destination: bytes('20010db8000a00000000000000000000'),
          prefix: 48,
          hops: six,
        },
        false,
      ),
    ),
    unsent(`6c000000180005066b3c016b000000000a300000fedb0001000000001400010020010db8000a00000000000000000000
      3c0009001c000000030000001400050020010db8000000000000000000000002
      1c000001030000001400050020010db8000000000000000000000003`),
  );
});

test('a gateway of the other family goes into an attribute of its own', t => {
  const route = { ...base, gateway: bytes('fe800000000000000000000000000001'), interface: 3 };
  t.is(
    hex(newRoute(route, false)).slice(72),
    hex(bytes('1600 1200 0a00 fe800000000000000000000000000001 0000 08000400 03000000')),
  );
});

test('of a dump exactly the routes with the mark are removed, as they stand there', t => {
  const removals: string[] = [];
  const blackhole = '02100000fedb00060000000008000f00fe000000080001000a070000';
  readMessages(
    bytes(`2c000000180022006c3c016b141f0000${blackhole}
      34000000180022006c3c016b141f000002100000fedafd010000000008000f00fe000000080001000a0a0000 0800040003000000`),
    (message: Message) => {
      const removal = routeRemoval(message, 219);
      if (removal) removals.push(hex(removal));
    },
  );
  t.deepEqual(removals, [`2c000000190001000000000000000000${blackhole}`]);
});
