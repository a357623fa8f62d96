import test from 'ava';
import type { InterfaceConfig } from '../../src/director/config/config.ts';
import { desiredNetwork } from '../../src/director/network/desired.ts';
import { CONFIGURED_ADDRESS, CONFIGURED_ROUTE, VIRTUAL_ADDRESS } from '../../src/director/network/marks.ts';
import { describeNetworkChange, type NetworkChange, planNetwork } from '../../src/director/network/plan.ts';
import {
  type ActualLink,
  type ActualNetwork,
  type DesiredNetwork,
  type Marked,
  type NetworkAddress,
  type NetworkRoute,
  sameAddress,
  sameDestination,
  sameRoute,
} from '../../src/director/network/state.ts';
import { generator } from '../netlink/random.ts';

const hardware = { up: true, mtu: 1500, lower: 0, group: 0, vlan: null };
const eth0: ActualLink = { ...hardware, index: 2, name: 'eth0' };
const eth1: ActualLink = { ...hardware, index: 3, name: 'eth1' };
const empty: ActualNetwork = { links: [eth0, eth1], addresses: [], routes: [] };

function block(name: string, addresses: string[], routes: [string, string | null][] = []): InterfaceConfig {
  const prefixed = (text: string) => {
    const [address, prefix] = text.split('/') as [string, string];
    return { address, prefix: Number(prefix) };
  };
  return {
    name,
    addresses: addresses.map(prefixed),
    routes: routes.map(([destination, gateway]) => ({ destination: prefixed(destination), gateway })),
  };
}

function address(text: string, protocol = 0, name = 'eth0'): Marked<NetworkAddress> {
  return { interface: name, ...block(name, [text]).addresses[0]!, protocol };
}

function route(
  destination: string,
  gateway: string | null,
  protocol = 3,
  name = 'eth0',
): Marked<NetworkRoute> {
  return { ...desiredNetwork([block(name, [], [[destination, gateway]])]).routes[0]!, protocol };
}

function words(blocks: InterfaceConfig[], actual: Partial<ActualNetwork> = {}): string[] {
  return planNetwork(desiredNetwork(blocks), { ...empty, ...actual }).map(describeNetworkChange);
}

test('an interface comes up, then its addresses, then the routes over them', t => {
  t.deepEqual(
    words(
      [
        block(
          'eth0',
          ['10.0.0.1/24', '2001:db8::1/64'],
          [
            ['0.0.0.0/0', '10.0.0.254'],
            ['10.8.0.0/16', null],
          ],
        ),
      ],
      { links: [{ ...eth0, up: false }] },
    ),
    [
      'set eth0 up',
      'add 10.0.0.1/24 on eth0',
      'add 2001:db8::1/64 on eth0',
      'add route 0.0.0.0/0 via 10.0.0.254 on eth0',
      'add route 10.8.0.0/16 on eth0',
    ],
  );
});

test('what is there already is right, whoever set it', t => {
  const blocks = [block('eth0', ['10.0.0.1/24'], [['10.7.0.0/16', '10.0.0.2']])];
  for (const [addressMark, routeMark] of [
    [0, 3],
    [CONFIGURED_ADDRESS, CONFIGURED_ROUTE],
  ] as const) {
    t.deepEqual(
      words(blocks, {
        addresses: [address('10.0.0.1/24', addressMark)],
        routes: [route('10.7.0.0/16', '10.0.0.2', routeMark)],
      }),
      [],
    );
  }
});

test('what is ours and no longer configured goes, what is not ours stays', t => {
  t.deepEqual(
    words([], {
      addresses: [
        address('10.0.0.1/24', CONFIGURED_ADDRESS),
        address('10.0.0.2/24'),
        address('10.0.0.80/32', VIRTUAL_ADDRESS),
        address('2001:db8::1/64', CONFIGURED_ADDRESS, 'eth1'),
      ],
      routes: [route('10.7.0.0/16', '10.0.0.2', CONFIGURED_ROUTE), route('10.8.0.0/16', '10.0.0.2')],
    }),
    [
      'delete route 10.7.0.0/16 via 10.0.0.2 on eth0',
      'delete 10.0.0.1/24 on eth0',
      'delete 2001:db8::1/64 on eth1',
    ],
  );
});

test('another gateway replaces the route, also one that somebody else set', t => {
  t.deepEqual(
    words([block('eth0', [], [['0.0.0.0/0', '10.0.0.254']])], {
      routes: [route('0.0.0.0/0', '10.0.0.1')],
    }),
    ['change route 0.0.0.0/0 via 10.0.0.1 on eth0 to via 10.0.0.254 on eth0'],
  );
});

test('another prefix is another address in IPv4, and the same one in IPv6', t => {
  t.deepEqual(
    words([block('eth0', ['10.0.0.1/16', '2001:db8::1/48'])], {
      addresses: [address('10.0.0.1/24', CONFIGURED_ADDRESS), address('2001:db8::1/64', CONFIGURED_ADDRESS)],
    }),
    [
      'add 10.0.0.1/16 on eth0',
      'delete 2001:db8::1/64 on eth0',
      'add 2001:db8::1/48 on eth0',
      'delete 10.0.0.1/24 on eth0',
    ],
  );
});

test('an interface that does not exist is waited for, and the rest is done', t => {
  t.deepEqual(
    words([block('eth9', ['10.9.0.1/24'], [['10.8.0.0/16', null]]), block('eth0', ['10.0.0.1/24'])]),
    ['wait for interface eth9, which does not exist', 'add 10.0.0.1/24 on eth0'],
  );
});

test('destinations lose their host bits, and IPv6 routes have the metric the kernel gives them', t => {
  const { routes } = desiredNetwork([
    block(
      'eth0',
      [],
      [
        ['10.7.1.2/16', '10.0.0.2'],
        ['2001:db8::5/32', '2001:db8:1::1'],
        ['10.7.0.0/16', null],
      ],
    ),
  ]);
  t.deepEqual(routes, [
    { destination: '10.7.0.0', prefix: 16, gateway: '10.0.0.2', interface: 'eth0', metric: 0 },
    { destination: '2001:db8::', prefix: 32, gateway: '2001:db8:1::1', interface: 'eth0', metric: 1024 },
  ]);
});

test('any network becomes what is configured, in one plan, and nothing else of it is touched', t => {
  const seed = Number(process.env.SEED ?? 20260104);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  for (let round = 0; round < 3000; round += 1) {
    const actual = randomNetwork(random);
    const desired = desiredNetwork(
      ['eth0', 'eth1'].filter(() => random(3) > 0).map(name => randomBlock(name, random)),
    );
    const changes = planNetwork(desired, actual);
    const result = changes.reduce(carryOut, actual);
    t.deepEqual(planNetwork(desired, result), []);
    for (const wanted of desired.addresses) t.true(result.addresses.some(has => sameAddress(has, wanted)));
    for (const wanted of desired.routes) t.true(result.routes.some(has => sameRoute(has, wanted)));
    for (const before of actual.addresses) {
      if (before.protocol === CONFIGURED_ADDRESS || named(desired, before)) continue;
      t.true(result.addresses.includes(before));
    }
    for (const before of actual.routes) {
      if (before.protocol === CONFIGURED_ROUTE) continue;
      if (desired.routes.some(wanted => sameDestination(wanted, before))) continue;
      t.true(result.routes.includes(before));
    }
  }
});

function named(desired: DesiredNetwork, known: NetworkAddress): boolean {
  return desired.addresses.some(({ address: text }) => text === known.address);
}

function randomBlock(name: string, random: (limit: number) => number): InterfaceConfig {
  const some = <T>(values: T[]) => values.filter(() => random(2));
  return block(
    name,
    some(['10.0.0.1/24', '10.0.0.1/16', '10.1.0.1/24', '2001:db8::1/64']),
    some<[string, string | null]>([
      ['0.0.0.0/0', '10.0.0.254'],
      ['10.7.0.0/16', random(2) ? null : '10.0.0.2'],
      ['::/0', '2001:db8::fe'],
    ]),
  );
}

function randomNetwork(random: (limit: number) => number): ActualNetwork {
  const addresses: Marked<NetworkAddress>[] = [];
  const routes: Marked<NetworkRoute>[] = [];
  for (const name of ['eth0', 'eth1']) {
    const { addresses: some } = randomBlock(name, random);
    for (const each of some) addresses.push({ interface: name, ...each, protocol: [0, 18, 19][random(3)]! });
    if (random(2)) {
      addresses.push({ interface: name, address: '2001:db8::2', prefix: [48, 64][random(2)]!, protocol: 19 });
    }
    for (const each of desiredNetwork([randomBlock(name, random)]).routes) {
      if (routes.some(known => sameDestination(known, each))) continue;
      routes.push({ ...each, protocol: [2, 3, 218][random(3)]! });
    }
  }
  return { links: [eth0, { ...eth1, up: random(2) === 1 }], addresses, routes };
}

/** What the kernel does with a change; throws where it refuses. */
function carryOut(network: ActualNetwork, change: NetworkChange): ActualNetwork {
  const { links, addresses, routes } = network;
  switch (change.kind) {
    case 'await link':
    case 'leave link':
    case 'add VLAN':
    case 'delete VLAN':
    case 'set MTU':
      throw new Error(`not expected: ${change.kind}`);
    case 'set link up':
      return {
        ...network,
        links: links.map(link => (link.name === change.name ? { ...link, up: true } : link)),
      };
    case 'add address': {
      const six = change.address.address.includes(':');
      const clash = addresses.some(
        known =>
          known.interface === change.address.interface &&
          known.address === change.address.address &&
          (six || known.prefix === change.address.prefix),
      );
      if (clash) throw new Error('refused: the address exists');
      return { ...network, addresses: [...addresses, { ...change.address, protocol: CONFIGURED_ADDRESS }] };
    }
    case 'delete address':
      return { ...network, addresses: addresses.filter(known => !sameAddress(known, change.address)) };
    case 'add route':
      if (routes.some(known => sameDestination(known, change.route))) throw new Error('refused: EEXIST');
      return { ...network, routes: [...routes, { ...change.route, protocol: CONFIGURED_ROUTE }] };
    case 'replace route': {
      const rest = routes.filter(known => !sameDestination(known, change.route));
      return { ...network, routes: [...rest, { ...change.route, protocol: CONFIGURED_ROUTE }] };
    }
    case 'delete route':
      return { ...network, routes: routes.filter(known => !sameRoute(known, change.route)) };
  }
}
