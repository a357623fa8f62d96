// GRUB's environment block as grub-editenv writes it.
import test from 'ava';

import { type GrubenvPlan, parseGrubenv, planGrubenv } from '../../src/director/flash/grubenv.ts';
import { environmentBlock } from './grub.ts';

const NAMES = ['ip_vs.conn_tab_bits', 'natsemi.rx_copybreak'];

const variablesOf = (plan: GrubenvPlan) =>
  plan.kind === 'write' ? Object.fromEntries(parseGrubenv(plan.block)) : plan;

test('words are added, and everything else in the block stays', t => {
  const block = environmentBlock({ active: 'b', pending: 'a', tries: '2' });
  const plan = planGrubenv(block, ['ip_vs.conn_tab_bits=14'], NAMES);
  t.deepEqual(variablesOf(plan), {
    active: 'b',
    pending: 'a',
    tries: '2',
    bootargs: 'ip_vs.conn_tab_bits=14',
  });
  t.is(plan.kind === 'write' && plan.block.length, 512);
});

test('words of the same names are replaced, those of others stay', t => {
  const block = environmentBlock({
    active: 'a',
    bootargs: 'quiet ip_vs.conn_tab_bits=12 natsemi.rx_copybreak=9 debug',
  });
  t.deepEqual(variablesOf(planGrubenv(block, ['ip_vs.conn_tab_bits=14'], NAMES)), {
    active: 'a',
    bootargs: 'quiet debug ip_vs.conn_tab_bits=14',
  });
  t.deepEqual(variablesOf(planGrubenv(block, [], NAMES)), { active: 'a', bootargs: 'quiet debug' });
  const ours = environmentBlock({ active: 'a', bootargs: 'ip_vs.conn_tab_bits=12' });
  t.deepEqual(variablesOf(planGrubenv(ours, [], NAMES)), { active: 'a' });
});

test('a block that says so already is not written', t => {
  const block = environmentBlock({ active: 'a', bootargs: 'quiet ip_vs.conn_tab_bits=14' });
  t.deepEqual(planGrubenv(block, ['ip_vs.conn_tab_bits=14'], NAMES), { kind: 'same' });
  t.deepEqual(planGrubenv(environmentBlock({ active: 'a' }), [], NAMES), { kind: 'same' });
});

test('a damaged block is written anew with what GRUB reads in it, when there is something to say', t => {
  const damaged = new Uint8Array(512);
  const words = ['ip_vs.conn_tab_bits=14'];
  t.deepEqual(variablesOf(planGrubenv(damaged, words, NAMES)), { bootargs: 'ip_vs.conn_tab_bits=14' });
  t.is(planGrubenv(damaged, [], NAMES).kind, 'same');
  const unended = environmentBlock({ active: 'b', bootargs: 'x' });
  unended.fill(0x41, unended.indexOf(0x78));
  t.deepEqual(variablesOf(planGrubenv(unended, words, NAMES)), {
    active: 'b',
    bootargs: 'ip_vs.conn_tab_bits=14',
  });
});

test('remarks are passed over, as grub-editenv writes one', t => {
  const text = '# GRUB Environment Block\n# WARNING: Do not edit\nactive=b\n###x\ntries=1\n'.padEnd(512, '#');
  const block = Uint8Array.from(text, character => character.charCodeAt(0));
  t.deepEqual(Object.fromEntries(parseGrubenv(block)), { active: 'b', tries: '1' });
});

test('wherever a write of the block is cut off, the slots stay and the words are harmless', t => {
  const blocks = [
    environmentBlock({ active: 'b' }),
    environmentBlock({ active: 'b', bootargs: 'ip_vs.conn_tab_bits=9' }),
    environmentBlock({ active: 'b', bootargs: 'ip_vs.conn_tab_bits=14 natsemi.rx_copybreak=200' }),
    environmentBlock({ active: 'b', bootargs: 'natsemi.rx_copybreak=1514' }),
  ];
  for (const [index, before] of blocks.entries()) {
    for (const after of blocks.slice(0, index).concat(blocks.slice(index + 1))) {
      for (let cut = 0; cut <= 512; cut++) {
        const torn = before.slice();
        torn.set(after.subarray(0, cut));
        const variables = parseGrubenv(torn);
        t.is(variables.get('active'), 'b');
        const bytes = String.fromCharCode(...torn);
        t.true(/^[\w.=\s]*$/.test(variables.get('bootargs') ?? ''), bytes);
      }
    }
  }
});

test('what does not fit is refused', t => {
  const block = environmentBlock({ active: 'a', bootargs: 'x'.repeat(450) });
  t.is(planGrubenv(block, ['ip_vs.conn_tab_bits=14'], NAMES).kind, 'impossible');
});

test('GRUB puts a backslash before backslashes and line ends', t => {
  const text = '# GRUB Environment Block\nnote=a\\\\b\\\nc\n'.padEnd(512, '#');
  const block = Uint8Array.from(text, character => character.charCodeAt(0));
  t.deepEqual(Object.fromEntries(parseGrubenv(block)), { note: 'a\\b\nc' });
  const plan = planGrubenv(block, ['ip_vs.conn_tab_bits=9'], NAMES);
  t.deepEqual(variablesOf(plan), { note: 'a\\b\nc', bootargs: 'ip_vs.conn_tab_bits=9' });
});
