import test from 'ava';
import type { Reply } from '../../../../scripts/bench/failover/probe.ts';
import { recovery } from '../../../../scripts/bench/failover/recovery.ts';

const at = { fault: 1000, interval: 100, backup: 'b' };
const reply = (time: number, mac: string, last: number): Reply => ({ time, mac, last });

test('the first answer of the backup counts', t => {
  const first = reply(1330, 'b', 1003);
  t.is(recovery([reply(10, 'a', 0), first, reply(1400, 'b', 1350)], at), first);
});

test('it counts also when the old master never fell silent', t => {
  const first = reply(1330, 'b', 1329);
  t.is(recovery([reply(10, 'a', 0), first], at), first);
});

test('what the backup answered before the fault does not count', t => {
  t.is(recovery([reply(900, 'b', 0), reply(950, 'a', 949)], at), null);
});

test('the old master counts when it answers again after a silence', t => {
  const again = reply(1400, 'a', 1010);
  t.is(recovery([reply(1010, 'a', 1003), again], at), again);
});
