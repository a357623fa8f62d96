import test from 'ava';
import { filterMessages, type KernelRuleset, planFilter } from '../../src/director/filter/plan.ts';
import { desiredRuleset, TABLE } from '../../src/director/filter/rules.ts';
import type { FilterSlice } from '../../src/director/protocol.ts';
import type { Expression } from '../../src/netlink/nftables/expression.ts';
import { decodeChain, decodeRule } from '../../src/netlink/nftables/ruleset.ts';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { bytes } from '../netlink/hex.ts';
import { generator } from '../netlink/random.ts';
import { dumped } from './captures.ts';

const nothing: FilterSlice = { marks: [], masquerades: [], noAccept: [] };
const slice: FilterSlice = {
  marks: [{ mark: 7, protocol: 'TCP', destination: '10.0.0.80', ports: [{ from: 80, to: 80 }] }],
  masquerades: [{ source: { address: '10.1.0.0', prefix: 24 }, outInterface: 'eth1' }],
  noAccept: [{ address: '2001:db8::81', services: [] }],
};

function messages(data: readonly Uint8Array[]): Message[] {
  const all: Message[] = [];
  for (const each of data) readMessages(each, message => all.push(message));
  return all;
}

/** What a kernel has after these messages: requests to make chains and rules read like its dumps of them. */
function kernelOf(data: readonly Uint8Array[]): KernelRuleset {
  const all = messages(data);
  return {
    chains: all.flatMap(message => decodeChain(message, TABLE) ?? []),
    rules: all.flatMap(message => decodeRule(message, TABLE) ?? []),
  };
}

function kernelFor(given: FilterSlice): KernelRuleset {
  return kernelOf(filterMessages(desiredRuleset(given), false));
}

test('what the kernel gives back is recognised', t => {
  const actual = kernelOf(dumped.map(bytes));
  t.deepEqual(
    actual.chains.map(({ base }) => base),
    [
      { name: 'marks', type: 'filter', hook: 'prerouting', priority: -150 },
      { name: 'local-marks', type: 'filter', hook: 'output', priority: -150 },
      { name: 'masquerades', type: 'nat', hook: 'postrouting', priority: 100 },
      { name: 'no-accept', type: 'filter', hook: 'input', priority: 110 },
    ],
  );
  t.deepEqual(
    actual.rules.map(({ chain, comment }) => `${chain}: ${comment}`),
    [
      'marks: mark 7: TCP 10.0.0.80 port 80',
      'marks: mark 8: UDP 2001:db8::80 port 8000-8100',
      'masquerades: masquerade 10.1.0.0/26 out of eth1',
      'no-accept: 10.0.0.81: mark 7 passes',
      'no-accept: 10.0.0.81: ICMP type 11-12 passes',
      'no-accept: 10.0.0.81: all else is dropped',
    ],
  );
  const desired = desiredRuleset({
    marks: [
      { mark: 7, protocol: 'TCP', destination: '10.0.0.80', ports: [{ from: 80, to: 80 }] },
      { mark: 8, protocol: 'UDP', destination: '2001:db8::80', ports: [{ from: 8000, to: 8100 }] },
    ],
    masquerades: [{ source: { address: '10.1.0.0', prefix: 26 }, outInterface: 'eth1' }],
    noAccept: [{ address: '10.0.0.81', services: [{ kind: 'fwmark', mark: 7, family: 4 }] }],
  });
  t.deepEqual(planFilter(desired, actual), [
    'add mark 7: TCP 10.0.0.80 port 80',
    'add mark 8: UDP 2001:db8::80 port 8000-8100',
    'add 10.0.0.81: ICMP type 3-3 passes',
  ]);
});

test('what was written is read back as it was meant', t => {
  for (const given of [nothing, slice]) {
    const desired = desiredRuleset(given);
    t.deepEqual(kernelFor(given).rules, desired.rules);
    t.deepEqual(
      kernelFor(given).chains.map(({ base }) => base),
      [...desired.chains],
    );
  }
});

test('without a table everything is to be added', t => {
  t.deepEqual(planFilter(desiredRuleset(slice), null).length, desiredRuleset(slice).rules.length);
  t.deepEqual(planFilter(desiredRuleset(nothing), null), []);
});

test('a table that is as it should be needs nothing', t => {
  t.deepEqual(planFilter(desiredRuleset(slice), kernelFor(slice)), []);
});

test('a table that nobody needs goes', t => {
  const none = desiredRuleset(nothing);
  t.deepEqual(planFilter(none, { chains: [], rules: [] }), ['delete table director']);
  t.is(planFilter(none, kernelFor(slice)).length, kernelFor(slice).rules.length);
});

test('whatever somebody changes is seen', t => {
  const desired = desiredRuleset(slice);
  const actual = kernelFor(slice);
  const [first, ...rest] = actual.rules as [(typeof actual.rules)[0], ...typeof actual.rules];
  const counter: Expression = { kind: 'other', name: 'counter' };
  t.deepEqual(planFilter(desired, { ...actual, rules: rest }), [`add ${first.comment}`]);
  t.deepEqual(planFilter(desired, { ...actual, rules: [...actual.rules, first] }), [
    'put the rules in order',
  ]);
  t.deepEqual(
    planFilter(desired, {
      ...actual,
      rules: [{ ...first, comment: '', expressions: [counter] }, ...actual.rules],
    }),
    ['delete a rule of chain marks that somebody else made'],
  );
  t.deepEqual(
    planFilter(desired, {
      ...actual,
      rules: [{ ...first, expressions: [...first.expressions, counter] }, ...rest],
    }),
    [`add ${first.comment}`, `delete ${first.comment}`],
  );
  t.deepEqual(planFilter(desired, { ...actual, chains: actual.chains.slice(1) }), ['set up chain marks']);
  t.deepEqual(planFilter(desired, { ...actual, chains: [...actual.chains, { name: 'mine', base: null }] }), [
    'delete chain mine',
  ]);
  const closed = actual.rules.filter(({ chain }) => chain === 'no-accept');
  t.deepEqual(
    planFilter(desired, {
      ...actual,
      rules: [...actual.rules.filter(({ chain }) => chain !== 'no-accept'), ...closed.reverse()],
    }),
    ['put the rules in order'],
  );
});

test('any configuration can be told from any other, and from itself not', t => {
  const seed = Number(process.env.SEED ?? 20260105);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  for (let round = 0; round < 300; round += 1) {
    const one = randomSlice(random);
    const other = randomSlice(random);
    const same = JSON.stringify(desiredRuleset(one)) === JSON.stringify(desiredRuleset(other));
    t.is(
      planFilter(desiredRuleset(one), kernelFor(other)).length === 0,
      same && desiredRuleset(one).rules.length > 0,
    );
    const messagesNeeded = filterMessages(desiredRuleset(one), true);
    t.is(kernelOf(messagesNeeded).rules.length, desiredRuleset(one).rules.length);
  }
});

function randomSlice(random: (limit: number) => number): FilterSlice {
  const address = () => ['10.0.0.80', '10.0.0.81', '2001:db8::80'][random(3)]!;
  const some = <T>(make: () => T) => Array.from({ length: random(3) }, make);
  return {
    marks: some(() => ({
      mark: 1 + random(2),
      protocol: (['TCP', 'UDP'] as const)[random(2)]!,
      destination: address(),
      ports: [{ from: 80, to: 80 + random(2) }],
    })),
    masquerades: some(() => ({
      source: { address: '10.1.0.0', prefix: 20 + random(3) },
      outInterface: 'eth1',
    })),
    noAccept: some(() => ({
      address: address(),
      services: some(() => ({ kind: 'fwmark', mark: random(2), family: 4 }) as const),
    })),
  };
}

test('an address, a prefix or a flag outside of what we write is not ours', t => {
  const rule = kernelFor(slice).rules[0]!;
  t.true(rule.expressions.every(({ kind }) => kind !== 'other'));
  const [table, ...others] = filterMessages(desiredRuleset(slice), false);
  t.is(decodeRule(messages([table!])[0]!, TABLE), null);
  t.is(decodeChain(messages([others[0]!])[0]!, 'elsewhere'), null);
});
