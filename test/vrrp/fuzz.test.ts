// Whatever arrives, the decoder and the instance neither throw nor leave their rules. SEED=<n> repeats a run.
import test from 'ava';
import { readAdvertisement } from '../../src/director/vrrp/advertisement.ts';
import { parseIpv4 } from '../../src/director/vrrp/datagram.ts';
import { decode, encode, VRRP_GROUP } from '../../src/director/vrrp/packet.ts';
import { Random } from '../simulation/random.ts';
import { master, SETTINGS } from './bench.ts';
import { ip } from './bytes.ts';

const ROUNDS = 20_000;
const seed = Number(process.env.SEED ?? 1);

function bytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

/** A good message of the group with some of its bytes, or its end, changed. */
function mutated(random: Random, sender: Uint8Array): Uint8Array {
  const form = random.pick(['plain', 'pseudo-header'] as const);
  const content = {
    ...SETTINGS,
    version: random.pick([2, 3] as const),
    priority: random.integer(0, 255),
    interval: 100,
  };
  const message = encode(content, sender, VRRP_GROUP, form);
  for (let count = random.integer(0, 2); count > 0; count--) {
    message[random.integer(0, message.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.2) ? message.subarray(0, random.integer(0, message.length)) : message;
}

test(`messages, random and mutated (seed ${seed})`, t => {
  const random = new Random(seed);
  const bench = master();
  for (let round = 0; round < ROUNDS; round++) {
    const sender = ip(`10.99.0.${random.integer(1, 5)}`);
    const message = random.chance(0.3) ? bytes(random, random.integer(0, 64)) : mutated(random, sender);
    const hops = random.chance(0.1) ? random.integer(0, 255) : 255;
    const envelope = { source: sender, destination: VRRP_GROUP, hops };
    const event = readAdvertisement(bench.state, message, envelope, 0);
    const { phase, counters } = bench.state;
    bench.send(event);
    if (event.kind !== 'advertisement') {
      if (bench.state.phase !== phase) t.fail(`round ${round}: a malformed message changed the phase`);
    } else {
      const { priority } = event.advertisement;
      const loses = priority < 100 && phase === 'MASTER';
      if (loses && bench.state.phase !== 'MASTER') t.fail(`round ${round}: lost against ${priority}`);
    }
    const { received, discarded } = bench.state.counters;
    if (received + discarded !== counters.received + counters.discarded + 1)
      t.fail(`round ${round}: not counted`);
    bench.pass(random.between(0, 200));
  }
  t.pass();
});

test(`datagrams (seed ${seed})`, t => {
  const random = new Random(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const data = bytes(random, random.integer(0, 80));
    if (random.chance(0.8) && data.length > 3) {
      data[0] = 0x40 + random.integer(0, 15);
      data[2] = 0;
      data[3] = random.integer(0, data.length);
    }
    const datagram = parseIpv4(data);
    if (datagram !== null) decode(datagram.payload, datagram);
  }
  t.pass();
});
