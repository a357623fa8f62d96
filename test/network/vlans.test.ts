// `interface eth0.5 { }`: what becomes of VLANs, those that are ours and those that are not.
import test from 'ava';
import type { InterfaceConfig } from '../../src/director/config/config.ts';
import { desiredNetwork } from '../../src/director/network/desired.ts';
import { CONFIGURED_ADDRESS, CONFIGURED_LINK, CONFIGURED_ROUTE } from '../../src/director/network/marks.ts';
import { describeNetworkChange, type NetworkChange, planNetwork } from '../../src/director/network/plan.ts';
import type { ActualLink, ActualNetwork, Marked, NetworkAddress } from '../../src/director/network/state.ts';
import { generator } from '../netlink/random.ts';

const hardware = { up: true, mtu: 1500, lower: 0, group: 0, vlan: null };
const eth0: ActualLink = { ...hardware, index: 2, name: 'eth0' };
const eth1: ActualLink = { ...hardware, index: 3, name: 'eth1' };

/** A VLAN interface, of ours unless `group` says otherwise. */
function vlan(name: string, base: ActualLink, id: number, group = CONFIGURED_LINK): ActualLink {
  return { ...hardware, index: 100 + id + 10 * base.index, name, lower: base.index, group, vlan: id };
}

function block(name: string, ...addresses: string[]): InterfaceConfig {
  const [base, id] = name.split('.') as [string, string?];
  return {
    name,
    ...(id === undefined ? {} : { vlan: { base, id: Number(id) } }),
    addresses: addresses.map(address => ({ address, prefix: 24 })),
    routes: [],
  };
}

function on(name: string, address: string, protocol = CONFIGURED_ADDRESS): Marked<NetworkAddress> {
  return { interface: name, address, prefix: 24, protocol };
}

function words(blocks: InterfaceConfig[], links: ActualLink[], more: Partial<ActualNetwork> = {}): string[] {
  const actual = { addresses: [], routes: [], ...more, links };
  return planNetwork(desiredNetwork(blocks), actual).map(describeNetworkChange);
}

test('the base comes up, then the VLAN is made, then it gets its addresses and routes', t => {
  const routes = [{ destination: { address: '10.8.0.0', prefix: 16 }, gateway: '10.5.0.9' }];
  t.deepEqual(words([{ ...block('eth0.5', '10.5.0.1'), routes }, block('eth0')], [{ ...eth0, up: false }]), [
    'set eth0 up',
    'add eth0.5, VLAN 5 of eth0',
    'set eth0.5 up',
    'add 10.5.0.1/24 on eth0.5',
    'add route 10.8.0.0/16 via 10.5.0.9 on eth0.5',
  ]);
});

test('a VLAN that is there is right, whoever made it and whatever made it', t => {
  for (const group of [0, CONFIGURED_LINK]) {
    const there = vlan('eth0.5', eth0, 5, group);
    const addresses = [on('eth0.5', '10.5.0.1')];
    t.deepEqual(words([block('eth0.5', '10.5.0.1')], [eth0, there], { addresses }), []);
    t.deepEqual(words([block('eth0.5')], [eth0, { ...there, up: false }]), ['set eth0.5 up']);
  }
});

test('one of ours that is no longer configured goes with all that is on it, one of others stays', t => {
  const links = [eth0, vlan('eth0.5', eth0, 5), vlan('eth0.6', eth0, 6, 0)];
  const route = { destination: '10.8.0.0', prefix: 16, gateway: null, interface: 'eth0.5', metric: 0 };
  const more = {
    addresses: [on('eth0.5', '10.5.0.1'), on('eth0.6', '10.6.0.1')],
    routes: [{ ...route, protocol: CONFIGURED_ROUTE }],
  };
  t.deepEqual(words([], links, more), ['delete 10.6.0.1/24 on eth0.6', 'delete eth0.5']);
});

test('what moves to another interface is there before the VLAN goes', t => {
  const routes = [{ destination: { address: '0.0.0.0', prefix: 0 }, gateway: '10.5.0.9' }];
  const before = { destination: '0.0.0.0', prefix: 0, gateway: '10.5.0.9', metric: 0, protocol: 218 };
  const more = {
    addresses: [on('eth0.5', '10.5.0.1')],
    routes: [{ ...before, interface: 'eth0.5' }],
  };
  t.deepEqual(words([{ ...block('eth0', '10.5.0.1'), routes }], [eth0, vlan('eth0.5', eth0, 5)], more), [
    'add 10.5.0.1/24 on eth0',
    'change route 0.0.0.0/0 via 10.5.0.9 on eth0.5 to via 10.5.0.9 on eth0',
    'delete eth0.5',
  ]);
});

test('an interface of that name that is something else is left alone, and told', t => {
  const wrong = [
    { ...hardware, index: 9, name: 'eth0.5' },
    vlan('eth0.5', eth0, 6, 0),
    vlan('eth0.5', eth1, 5, 0),
    // A macvlan, in a group of the same number.
    { ...hardware, index: 9, name: 'eth0.5', group: CONFIGURED_LINK, lower: 2 },
  ];
  for (const other of wrong) {
    t.deepEqual(
      words([block('eth0.5', '10.5.0.1'), block('eth1', '10.1.0.1')], [eth0, eth1, { ...other, up: false }]),
      ['eth0.5 is there already and is not VLAN 5 of eth0: rename or remove it', 'add 10.1.0.1/24 on eth1'],
    );
  }
});

test('a VLAN that somebody else has made under another name cannot be made again, and that is told', t => {
  t.deepEqual(words([block('eth0.5', '10.5.0.1')], [eth0, vlan('lan', eth0, 5, 0)]), [
    'VLAN 5 of eth0 is there already as lan: rename or remove it',
  ]);
});

test('one of ours that stands elsewhere since interfaces were renamed is made anew', t => {
  const addresses = [on('eth0.5', '10.5.0.1')];
  t.deepEqual(words([block('eth0.5', '10.5.0.1')], [eth0, eth1, vlan('eth0.5', eth1, 5)], { addresses }), [
    'delete eth0.5',
    'add eth0.5, VLAN 5 of eth0',
    'set eth0.5 up',
    'add 10.5.0.1/24 on eth0.5',
  ]);
  t.deepEqual(words([block('eth0.5')], [eth0, vlan('eth9.5', eth0, 5)]), [
    'delete eth9.5',
    'add eth0.5, VLAN 5 of eth0',
    'set eth0.5 up',
  ]);
});

test('without its base it is waited for', t => {
  t.deepEqual(words([block('eth9.5', '10.5.0.1'), block('eth0', '10.0.0.1')], [eth0]), [
    'wait for interface eth9, which does not exist',
    'add 10.0.0.1/24 on eth0',
  ]);
});

test('one of ours has the MTU of its base, also when that has grown', t => {
  const base = { ...eth0, mtu: 9000 };
  t.deepEqual(words([block('eth0.5')], [base, vlan('eth0.5', eth0, 5)]), ['set the MTU of eth0.5 to 9000']);
  t.deepEqual(words([block('eth0.5')], [base, vlan('eth0.5', eth0, 5, 0)]), []);
});

test('any VLANs become what is configured, in one plan, and those of others stay', t => {
  const seed = Number(process.env.SEED ?? 20260205);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  const names = ['eth0.5', 'eth0.6', 'eth1.5', 'eth1'];
  for (let round = 0; round < 3000; round += 1) {
    const actual = randomNetwork(random, names);
    const blocks = names.filter(() => random(2)).map(name => block(name, ...(random(2) ? ['10.5.0.1'] : [])));
    const desired = desiredNetwork(blocks);
    const changes = planNetwork(desired, actual);
    const result = changes.reduce(carryOut, actual);
    const left = planNetwork(desired, result);
    t.deepEqual(
      left.filter(({ kind }) => kind !== 'leave link'),
      [],
    );
    for (const link of actual.links) {
      if (link.vlan === null || link.group === CONFIGURED_LINK) continue;
      t.true(result.links.some(({ index }) => index === link.index));
    }
    const ours = result.links.filter(link => link.vlan !== null && link.group === CONFIGURED_LINK);
    for (const { name, up } of ours) t.true(up && blocks.some(each => each.name === name));
  }
});

function randomNetwork(random: (limit: number) => number, names: readonly string[]): ActualNetwork {
  const links = [eth0, eth1].map(link => ({ ...link, up: random(2) === 1 }));
  for (const name of [...names, 'lan']) {
    const base = [eth0, eth1][random(2)]!;
    const id = 5 + random(3);
    const taken = links.some(link => link.name === name || (link.vlan === id && link.lower === base.index));
    if (random(2) && !taken) {
      links.push({ ...vlan(name, base, id, random(3) ? CONFIGURED_LINK : 0), up: random(2) === 1 });
    }
  }
  const addresses = links.filter(() => random(2)).map(({ name }) => on(name, '10.5.0.1'));
  return { links, addresses, routes: [] };
}

/** What the kernel does with a change; throws where it refuses. */
function carryOut(network: ActualNetwork, change: NetworkChange): ActualNetwork {
  const { links, addresses } = network;
  const find = (name: string) => {
    const link = links.find(each => each.name === name);
    if (link === undefined) throw new Error(`ENODEV: ${name}`);
    return link;
  };
  switch (change.kind) {
    case 'leave link':
      return network;
    case 'add VLAN': {
      const made = { ...vlan(change.vlan.name, find(change.vlan.base), change.vlan.id), up: false };
      const clash = links.some(
        link => link.name === made.name || (link.vlan === made.vlan && link.lower === made.lower),
      );
      if (clash) throw new Error('EEXIST');
      return { ...network, links: [...links, made] };
    }
    case 'delete VLAN': {
      const { name } = find(change.name);
      return {
        ...network,
        links: links.filter(link => link.name !== name),
        addresses: addresses.filter(address => address.interface !== name),
      };
    }
    case 'set link up': {
      const link = find(change.name);
      if (link.vlan !== null && !links.find(({ index }) => index === link.lower)!.up) {
        throw new Error('ENETDOWN');
      }
      return { ...network, links: links.map(each => (each === link ? { ...link, up: true } : each)) };
    }
    case 'add address':
      find(change.address.interface);
      return { ...network, addresses: [...addresses, { ...change.address, protocol: CONFIGURED_ADDRESS }] };
    case 'delete address':
      find(change.address.interface);
      return {
        ...network,
        addresses: addresses.filter(({ interface: name }) => name !== change.address.interface),
      };
    default:
      throw new Error(`not expected: ${change.kind}`);
  }
}
