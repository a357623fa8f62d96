// Whatever arrives, the decoder and the instance neither throw nor leave their rules; a million more inputs are in test/simulation.
// SEED=<n> repeats a run.
import test from 'ava';
import { parseIpv4 } from '../../src/director/vrrp/datagram.ts';
import { decode } from '../../src/director/vrrp/packet.ts';
import { Random } from '../simulation/random.ts';
import { fuzz } from './fuzz.ts';

// Few, because QuickJS runs them too.
const ROUNDS = 5000;
const seed = Number(process.env.SEED ?? 1);

test(`messages and events (seed ${seed})`, t => {
  t.notThrows(() => fuzz(seed, ROUNDS));
});

test(`datagrams (seed ${seed})`, t => {
  const random = new Random(seed);
  for (let round = 0; round < ROUNDS; round++) {
    const data = Uint8Array.from({ length: random.integer(0, 80) }, () => random.integer(0, 255));
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
