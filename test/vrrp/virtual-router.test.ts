// One instance at work: what its effects do to sockets.
import test from 'ava';
import { parseIpv4 } from '../../src/director/vrrp/datagram.ts';
import type { Interfaces } from '../../src/director/vrrp/interfaces.ts';
import { Ports } from '../../src/director/vrrp/ports.ts';
import { type Surroundings, VirtualRouter } from '../../src/director/vrrp/virtual-router.ts';
import { createFake } from '../../src/platform/fake.ts';
import { IPPROTO_RAW } from '../../src/platform/linux.ts';
import { INSTANCE } from '../control/sample.ts';
import { ip } from './bytes.ts';

const PEERS = ['10.0.0.2', '10.0.0.3', '10.0.0.4'];
const SILENT = { info() {}, warn() {}, error() {} };

/** An owner, which is master at once, with unicast peers. */
function master() {
  const platform = createFake();
  const interfaces = {
    link: () => ({ index: 7 }),
    linkByIndex: () => ({ index: 7 }),
    addressesOf: () => [{ interface: 7, address: ip('10.0.0.1'), prefix: 24, flags: 0 }],
  } as unknown as Interfaces;
  const surroundings = {
    platform,
    log: SILENT,
    interfaces,
    ports: new Ports(platform, SILENT, interfaces, () => {}),
    addresses: { hold() {}, isSettled: () => false },
    routes: { hold() {} },
    isInterfaceUp: () => true,
    stepped() {},
  } as unknown as Surroundings;
  const unicast = {
    peers: PEERS.map(address => ({ address, minimumTtl: 0, maximumTtl: 255 })),
    ttl: 64,
    checkSource: true,
  };
  const router = new VirtualRouter(
    surroundings,
    { ...INSTANCE, priority: 255, unicast },
    { yielding: false, synced: false },
  );
  router.happen({ kind: 'start' });
  const outlet = platform.sockets.find(({ protocol }) => protocol === IPPROTO_RAW)!;
  const heard = () => outlet.sent.splice(0).map(({ data }) => parseIpv4(data)!.destination.join('.'));
  return { platform, router, outlet, heard };
}

test('an advertisement goes to every unicast peer', t => {
  const { heard } = master();
  t.deepEqual(heard(), PEERS);
});

test('a peer that cannot be reached keeps no advertisement from the others', t => {
  const { platform, router, outlet, heard } = master();
  heard();
  // What the kernel says to the first of them.
  outlet.refused('EHOSTUNREACH');
  platform.clock.advance(1000);
  t.deepEqual(heard(), PEERS.slice(1));
  t.is(router.state.phase, 'MASTER');
  t.regex(router.status().trouble ?? '', /^cannot advertise: .*EHOSTUNREACH/);
  platform.clock.advance(1000);
  t.deepEqual(heard(), PEERS);
});
