// Rules of policy routing, against what iproute2 sends and what a kernel (Linux 6.18) answers.
import test from 'ava';
import { type Message, readMessages } from '../../src/netlink/reader.ts';
import { deleteRule, getRules, newRule, type Rule, ruleRemoval } from '../../src/netlink/rule.ts';
import { bytes, hex, unsent } from './hex.ts';

const base: Rule = {
  family: 4,
  from: null,
  to: null,
  inInterface: null,
  outInterface: null,
  mark: null,
  priority: 0,
  action: 'table',
  table: 0,
  protocol: 0,
};

test('rule requests are those of iproute2', t => {
  t.is(
    hex(
      newRule({
        ...base,
        from: { address: bytes('0a010000'), prefix: 16 },
        inInterface: 'va',
        table: 100,
        priority: 1000,
      }),
    ),
    unsent(
      '34000000200005066a3c016b00000000020010006400000100000000080002000a010000070003007661000008000600e8030000',
    ),
  );
  t.is(
    hex(
      newRule({
        ...base,
        family: 6,
        to: { address: bytes('20010db8000700000000000000000000'), prefix: 48 },
        mark: { value: 0x10, mask: 0xff },
        table: 1000,
        priority: 2000,
      }),
    ),
    unsent(
      '50000000200005066a3c016b000000000a30000000000001000000001400010020010db800070000000000000000000008000a00' +
        '1000000008001000ff00000008000f00e803000008000600d0070000',
    ),
  );
  t.is(
    hex(
      newRule({
        ...base,
        from: { address: bytes('0a020001'), prefix: 32 },
        outInterface: 'vb',
        action: 'prohibit',
        priority: 3000,
      }),
    ),
    unsent(
      '34000000200005066a3c016b00000000020020000000000800000000080002000a020001070011007662000008000600b80b0000',
    ),
  );
});

test('a rule carries its mark, and is removed by all that it says', t => {
  const rule: Rule = {
    ...base,
    from: { address: bytes('0a020002'), prefix: 32 },
    table: 7,
    priority: 3001,
    protocol: 219,
  };
  t.is(
    hex(newRule(rule)),
    unsent(
      '34000000200005066a3c016b00000000020020000700000100000000080002000a02000208000600b90b000005001500db000000',
    ),
  );
  // iproute2 leaves the action open.
  t.is(
    hex(deleteRule(rule)),
    unsent(
      '34000000210005006a3c016b00000000020020000700000100000000080002000a02000208000600b90b000005001500db000000',
    ),
  );
});

test('of a dump exactly the rules with the mark are removed, as they stand there', t => {
  t.is(hex(getRules(6)), '1c0000002200010300000000000000000a0000000000000000000000');
  const removals: string[] = [];
  readMessages(
    bytes(`4c000000200002006c3c016bba1e000002001000640000010000000008000f006400000008000e00ffffffff05001500
      00000000070003007661000008000600e8030000080002000a010000
      44000000200002006c3c016bba1e000002002000070000010000000008000f000700000008000e00ffffffff05001500db000000
      08000600b90b0000080002000a020002
      3c000000200002006c3c016bba1e000002000000fe0000010000000008000f00fe00000008000e00ffffffff0500150002000000
      08000600fe7f0000`),
    (message: Message) => {
      const removal = ruleRemoval(message, 219);
      if (removal) removals.push(hex(removal));
      t.is(ruleRemoval({ ...message, type: 33 }, 219), null);
    },
  );
  t.deepEqual(removals, [
    hex(
      bytes(`44000000 21000100 00000000 00000000 02002000 07000001 00000000 08000f0007000000 08000e00ffffffff
        05001500db000000 08000600b90b0000 080002000a020002`),
    ),
  ]);
});
