import test from 'ava';
import {
  parseClockRate,
  parseIpvs,
  parseIpvsStatistics,
  parseMemory,
} from '../../src/director/hardware/load.ts';

test('memory, with and without the estimate of newer kernels', t => {
  const text = 'MemTotal:         126104 kB\nMemFree:           98212 kB\n';
  t.deepEqual(parseMemory(text), { total: 126104 * 1024, free: 98212 * 1024 });
  t.is(parseMemory(`${text}MemAvailable:     101000 kB\n`)?.free, 101000 * 1024);
  t.is(parseMemory(''), null);
});

test('the clock rate, where the kernel has measured it', t => {
  t.is(parseClockRate('processor\t: 0\ncpu MHz\t\t: 266.650\nfdiv_bug\t: no\n'), 266.65);
  t.is(parseClockRate('processor\t: 0\nmodel name\t: Geode(TM) Integrated Processor by NSC\n'), null);
});

test('the table of connections', t => {
  const text = `IP Virtual Server version 1.2.1 (size=1024)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0A80164:0050 wrr
  -> 0A000002:0050      Route   1      12         30
  -> 0A000003:0050      Route   1      0          8
FWM  00000007 rr
  -> 0A000002:0000      Route   1      5          0
`;
  t.deepEqual(parseIpvs(text), { buckets: 1024, connections: 55 });
  t.is(parseIpvs(''), null);
});

test('rates of IPVS', t => {
  const text = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
     1F4      9C4        0           2BF20                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
     12C      708        0            249F0                0
`;
  t.deepEqual(parseIpvsStatistics(text), {
    connections: 300,
    packetsIn: 1800,
    packetsOut: 0,
    bytesIn: 150_000,
    bytesOut: 0,
  });
  t.is(parseIpvsStatistics(''), null);
});
