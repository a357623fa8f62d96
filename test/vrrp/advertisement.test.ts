// What a datagram on the group means to an instance.
import test from 'ava';
import { readAdvertisement, sealAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import type { InstanceEvent, InstanceSettings } from '../../src/director/vrrp/instance.ts';
import type { UnicastSettings } from '../../src/director/vrrp/settings.ts';
import { backup, HIGHER, LOWER, OWN } from './bench.ts';
import { VRRP_GROUP } from './bytes.ts';

/** What an instance with `settings` makes of a good advertisement from `source`. */
function read(settings: Partial<InstanceSettings>, source: Uint8Array, hops: number): InstanceEvent {
  const { state } = backup(settings);
  const message = sealAdvertisement(state, 150, source, VRRP_GROUP, 0n);
  return readAdvertisement(state, message, { source, destination: VRRP_GROUP, hops }, 0, 0);
}

const PEERS: UnicastSettings = {
  peers: [{ address: HIGHER, minimumTtl: 250, maximumTtl: 254 }],
  checkSource: false,
};

test('5.1.1.3: the TTL must be 255', t => {
  t.like(read({}, HIGHER, 255), { kind: 'advertisement', sender: HIGHER });
  for (const hops of [0, 1, 254]) {
    t.deepEqual(read({}, HIGHER, hops), {
      kind: 'malformed',
      malformation: 'hops',
      sender: HIGHER,
      priority: 150,
      interval: 100,
    });
    t.like(read({ version: 2, advertInterval: 1000 }, HIGHER, hops), { malformation: 'hops' });
  }
});

test('a unicast peer may be as far away as is configured', t => {
  for (const hops of [250, 254]) t.like(read({ unicast: PEERS }, HIGHER, hops), { kind: 'advertisement' });
  for (const hops of [249, 255]) t.like(read({ unicast: PEERS }, HIGHER, hops), { malformation: 'hops' });
});

test('a unicast sender that is no peer has to be near, and with check_unicast_src it is not heard', t => {
  t.like(read({ unicast: PEERS }, LOWER, 255), { kind: 'advertisement' });
  t.like(read({ unicast: PEERS }, LOWER, 254), { malformation: 'hops' });
  t.like(read({ unicast: { ...PEERS, checkSource: true } }, LOWER, 255), { malformation: 'source' });
  t.like(read({ unicast: { ...PEERS, checkSource: true } }, HIGHER, 254), { kind: 'advertisement' });
});

test('RFC 3768: an authenticated advertisement is not taken', t => {
  const { state } = backup({ version: 2, advertInterval: 1000 });
  const message = sealAdvertisement(state, 150, HIGHER, VRRP_GROUP, 0n);
  const envelope = { source: HIGHER, destination: VRRP_GROUP, hops: 255 };
  for (const type of [1, 2]) {
    message[4] = type;
    message[6]! -= type;
    t.like(readAdvertisement(state, message, envelope, 0, 0), { malformation: 'authentication' });
    message[6]! += type;
  }
  t.deepEqual(OWN, state.link.address);
});
