// IPVS tables by the director's netlink, on a kernel that has IPVS.
import { existsSync } from 'node:fs';
import test from 'ava';
import { buildScript, space } from './netlink/space.ts';

test.before(buildScript);

const ipvs = existsSync('/proc/net/ip_vs');
const ipvsTest = ipvs ? test.serial : test.serial.skip;

ipvsTest(`any IPVS table can be made of any other${ipvs ? '' : ': this kernel has no IPVS'}`, t => {
  const { director } = space();
  const seed = Number(process.env.SEED ?? 20260106);
  t.log(`seed ${seed}`);
  const lines = director('ipvs', seed);
  t.is(lines.length, 1);
  t.true('services' in lines[0]);
});
