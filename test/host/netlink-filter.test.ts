// The director's rules against a real kernel, as nft reads and meddles with them.
import test from 'ava';
import type { FilterSlice } from '../../src/director/protocol.ts';
import { buildScript, space } from './netlink/space.ts';

test.before(buildScript);

const slice: FilterSlice = {
  marks: [
    {
      mark: 7,
      protocol: 'TCP',
      destination: '10.0.0.80',
      ports: [
        { from: 80, to: 80 },
        { from: 8000, to: 8100 },
      ],
    },
  ],
  masquerades: [{ source: { address: '10.1.0.0', prefix: 26 }, outInterface: 'va' }],
  noAccept: [
    {
      address: '10.0.0.81',
      services: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.81', port: 80 }],
    },
    { address: '2001:db8::81', services: [{ kind: 'fwmark', mark: 7, family: 6 }] },
  ],
};

const listing = `table inet director {
  chain marks {
    type filter hook prerouting priority mangle; policy accept;
    ip daddr 10.0.0.80 tcp dport 80 meta mark set 0x00000007 comment "mark 7: TCP 10.0.0.80 port 80"
    ip daddr 10.0.0.80 tcp dport 8000-8100 meta mark set 0x00000007 comment "mark 7: TCP 10.0.0.80 port 8000-8100"
  }

  chain local-marks {
    type filter hook output priority mangle; policy accept;
    ip daddr 10.0.0.80 tcp dport 80 meta mark set 0x00000007 comment "mark 7: TCP 10.0.0.80 port 80"
    ip daddr 10.0.0.80 tcp dport 8000-8100 meta mark set 0x00000007 comment "mark 7: TCP 10.0.0.80 port 8000-8100"
  }

  chain masquerades {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.1.0.0/26 oifname "va" masquerade comment "masquerade 10.1.0.0/26 out of va"
  }

  chain no-accept {
    type filter hook input priority 110; policy accept;
    ip daddr 10.0.0.81 tcp dport 80 accept comment "10.0.0.81: TCP port 80 passes"
    ip daddr 10.0.0.81 icmp type destination-unreachable accept comment "10.0.0.81: ICMP type 3-3 passes"
    ip daddr 10.0.0.81 icmp type 11-12 accept comment "10.0.0.81: ICMP type 11-12 passes"
    ip daddr 10.0.0.81 drop comment "10.0.0.81: all else is dropped"
    ip6 daddr 2001:db8::81 meta mark 0x00000007 accept comment "2001:db8::81: mark 7 passes"
    ip6 daddr 2001:db8::81 icmpv6 type 1-4 accept comment "2001:db8::81: ICMP type 1-4 passes"
    ip6 daddr 2001:db8::81 icmpv6 type 133-137 accept comment "2001:db8::81: ICMP type 133-137 passes"
    ip6 daddr 2001:db8::81 drop comment "2001:db8::81: all else is dropped"
  }
}
`;

test.serial('rules are set in one transaction, and nft shows what was meant', t => {
  const { director, nft } = space();
  const [changes, left, failure] = director('filter', slice);
  t.is(changes.length, 13);
  t.deepEqual([left, failure], [[], null]);
  t.is(nft(), listing);
});

test.serial('rules that somebody else changed are put right', t => {
  const { director, inside, nft } = space();
  director('filter', slice);
  for (const meddling of [
    'flush chain inet director no-accept',
    'insert rule inet director marks counter accept',
    'add chain inet director mine',
    'delete table inet director',
    'add chain inet director marks { policy drop; }',
  ]) {
    inside('/usr/sbin/nft', meddling);
    const [changes, left, failure] = director('filter', slice);
    t.not(changes.length, 0, meddling);
    t.deepEqual([left, failure], [[], null], meddling);
    t.is(nft(), listing, meddling);
  }
});

test.serial('without need of rules there is no table, and others keep theirs', t => {
  const { director, inside, nft } = space();
  inside('/usr/sbin/nft', 'add table inet other');
  director('filter', slice);
  const [, left, failure] = director('filter', { marks: [], masquerades: [], noAccept: [] });
  t.deepEqual([left, failure], [[], null]);
  t.is(nft(), 'table inet other {\n}\n');
});

test.serial('a closed address drops what is for itself and lets its service through', t => {
  const { director, ip, inside } = space();
  ip('link set lo up');
  ip('addr add 10.0.0.81/32 dev va');
  director('filter', slice);
  const ping = () => inside('sh', '-c', 'ping -c 1 -W 1 10.0.0.81 >/dev/null 2>&1; echo $?').trim();
  t.is(ping(), '1');
  inside('/usr/sbin/nft', 'delete table inet director');
  t.is(ping(), '0');
});
