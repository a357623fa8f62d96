import test from 'ava';
import { filterMessages, planFilter } from '../../src/director/filter/plan.ts';
import { desiredRuleset, type Ruleset, TABLE } from '../../src/director/filter/rules.ts';
import type { FilterSlice } from '../../src/director/protocol.ts';
import { batchBegin, batchEnd, decodeRule, type Rule } from '../../src/netlink/nftables/ruleset.ts';
import { readMessages } from '../../src/netlink/reader.ts';
import { bytes, hex } from '../netlink/hex.ts';
import { sent } from './captures.ts';

const nothing: FilterSlice = { marks: [], masquerades: [], noAccept: [] };

const slice: FilterSlice = {
  marks: [
    { mark: 7, protocol: 'TCP', destination: '10.0.0.80', ports: [{ from: 80, to: 80 }] },
    { mark: 8, protocol: 'UDP', destination: '2001:db8::80', ports: [{ from: 8000, to: 8100 }] },
  ],
  masquerades: [{ source: { address: '10.1.0.5', prefix: 26 }, outInterface: 'eth1' }],
  noAccept: [{ address: '10.0.0.81', services: [{ kind: 'fwmark', mark: 7, family: 4 }] }],
};

function comments({ rules }: Ruleset, chain: string): string[] {
  return rules.filter(rule => rule.chain === chain).map(({ comment }) => comment);
}

test('rules are written as nft writes them', t => {
  const desired = desiredRuleset(slice);
  // nft was given the rules of each kind once: output marks and the other ICMP rule have the same shape.
  const rules = desired.rules.filter(
    ({ chain, comment }) => chain !== 'local-marks' && !comment.includes('type 3-3'),
  );
  const messages = [
    batchBegin(),
    ...filterMessages({ chains: desired.chains, rules }, false),
    batchEnd(),
  ].map(message => {
    const flags = message.slice();
    // nft creates its table without NLM_F_CREATE.
    if (hex(message).slice(8, 12) === '000a') flags.fill(0, 7, 8);
    return hex(flags);
  });
  t.deepEqual(
    messages,
    sent.map(text => hex(bytes(text))),
  );
});

test('nothing configured needs no rule, no chain and no table', t => {
  const desired = desiredRuleset(nothing);
  t.deepEqual(desired, { chains: [], rules: [] });
  t.deepEqual(filterMessages(desired, false), []);
  t.is(filterMessages(desired, true).length, 1);
});

test('marks are set on what arrives and on what the director itself sends', t => {
  const desired = desiredRuleset({
    ...nothing,
    marks: [
      {
        mark: 7,
        protocol: 'SCTP',
        destination: '10.0.0.80',
        ports: [
          { from: 80, to: 80 },
          { from: 443, to: 450 },
        ],
      },
    ],
  });
  for (const chain of ['marks', 'local-marks']) {
    t.deepEqual(comments(desired, chain), [
      'mark 7: SCTP 10.0.0.80 port 80',
      'mark 7: SCTP 10.0.0.80 port 443-450',
    ]);
  }
  t.deepEqual(
    desired.chains.map(({ hook, priority }) => `${hook} ${priority}`),
    ['prerouting -150', 'output -150'],
  );
});

test('an address that accepts nothing still gets errors, and its services and neighbours pass', t => {
  const desired = desiredRuleset({
    ...nothing,
    noAccept: [
      {
        address: '10.0.0.81',
        services: [
          { kind: 'address', protocol: 'TCP', address: '10.0.0.81', port: 80 },
          { kind: 'address', protocol: 'UDP', address: '10.0.0.81', port: 0 },
        ],
      },
      { address: '2001:db8::81', services: [] },
    ],
  });
  t.deepEqual(comments(desired, 'no-accept'), [
    '10.0.0.81: TCP port 80 passes',
    '10.0.0.81: UDP passes',
    '10.0.0.81: ICMP type 3-3 passes',
    '10.0.0.81: ICMP type 11-12 passes',
    '10.0.0.81: all else is dropped',
    '2001:db8::81: ICMP type 1-4 passes',
    '2001:db8::81: ICMP type 133-137 passes',
    '2001:db8::81: all else is dropped',
  ]);
  // Behind IPVS, which takes its packets at 98 and 99.
  t.deepEqual(desired.chains, [{ name: 'no-accept', type: 'filter', hook: 'input', priority: 110 }]);
});

test('any prefix can be masqueraded', t => {
  for (const [address, prefix, expressions] of [
    ['10.1.0.0', 0, 5],
    ['10.1.0.0', 9, 8],
    ['10.1.0.1', 32, 7],
    ['2001:db8::', 61, 8],
  ] as const) {
    const [rule] = desiredRuleset({
      ...nothing,
      masquerades: [{ source: { address, prefix }, outInterface: 'eth1' }],
    }).rules;
    t.is(rule!.expressions.length, expressions, `${address}/${prefix}`);
  }
});

test('services that are not tracked leave before connection tracking sees them', t => {
  const desired = desiredRuleset({
    ...nothing,
    untracked: [
      { kind: 'address', protocol: 'TCP', address: '10.0.0.80', port: 80 },
      { kind: 'address', protocol: 'UDP', address: '2001:db8::80', port: 0 },
      { kind: 'fwmark', mark: 7, family: 4 },
    ],
  });
  t.deepEqual(desired.chains, [{ name: 'untracked', type: 'filter', hook: 'prerouting', priority: -300 }]);
  t.deepEqual(comments(desired, 'untracked'), [
    'untracked: 10.0.0.80 TCP port 80',
    'untracked: 2001:db8::80 UDP',
  ]);
  t.true(desired.rules.every(({ expressions }) => expressions.at(-1)?.kind === 'notrack'));
});

/** The rule for TCP port 80 of 10.0.0.80 as Linux 6.18 gives it back; notrack comes without data. */
const UNTRACKED = [
  'dc010000060a0208000000006b7f0000010000020d0001006469726563746f72000000000e000200756e747261636b656400',
  '00000c00030000000000000000037401040024000100090001006d6574610000000014000200080002000000000f08000100',
  '000000012c00010008000100636d700020000200080001000000000108000200000000000c00030005000100020000003400',
  '01000c0001007061796c6f616400240002000800010000000001080002000000000108000300000000100800040000000004',
  '2c00010008000100636d700020000200080001000000000108000200000000000c000300080001000a000050240001000900',
  '01006d6574610000000014000200080002000000001008000100000000012c00010008000100636d70002000020008000100',
  '0000000108000200000000000c0003000500010006000000340001000c0001007061796c6f61640024000200080001000000',
  '00010800020000000002080003000000000208000400000000022c00010008000100636d7000200002000800010000000001',
  '08000200000000000c0003000600010000500000100001000c0001006e6f747261636b00270007000021756e747261636b65',
  '643a2031302e302e302e38302054435020706f72742038300000',
].join('');

test('a service that is not tracked is known again', t => {
  const desired = desiredRuleset({
    ...nothing,
    untracked: [{ kind: 'address', protocol: 'TCP', address: '10.0.0.80', port: 80 }],
  });
  const rules: Rule[] = [];
  readMessages(bytes(UNTRACKED), message => rules.push(decodeRule(message, TABLE)!));
  const chains = desired.chains.map(base => ({ name: base.name, base }));
  t.deepEqual(planFilter(desired, { chains, rules }), []);
});
