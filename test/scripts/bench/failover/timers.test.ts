import test from 'ava';
import { allTimers, downInterval, skewTime } from '../../../../scripts/bench/failover/timers.ts';

test('the times that the RFCs grant a backup of priority 100', t => {
  const [v2, v3] = allTimers;
  // RFC 3768: (256 - 100) / 256 s; RFC 9568: the same part of the master's interval.
  t.is(skewTime(v2!), 609.375);
  t.is(downInterval(v2!), 3609.375);
  t.is(skewTime(v3!), 60.9375);
  t.is(downInterval(v3!), 360.9375);
});
