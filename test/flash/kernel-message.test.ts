// What the kernel's log says of cards.
import test from 'ava';
import { parseRecord, understand } from '../../src/director/flash/kernel-message.ts';

test('a record is its number and its first line', t => {
  t.deepEqual(parseRecord('3,1234,98765432,-;I/O error, dev sda, sector 0\n SUBSYSTEM=block\n'), {
    sequence: 1234,
    text: 'I/O error, dev sda, sector 0',
  });
  t.deepEqual(parseRecord('6,7,1,c,caller=T1;a; b\n'), { sequence: 7, text: 'a; b' });
  t.is(parseRecord('no record'), null);
  t.is(parseRecord(''), null);
});

test('a refused write names who wrote, where the kernel tells', t => {
  const refused = 'refused a write to read-only block device sda1';
  t.deepEqual(understand(refused), { kind: 'refused write', device: 'sda1', culprit: null });
  t.deepEqual(understand(`${refused} by my logger[412]`), {
    kind: 'refused write',
    device: 'sda1',
    culprit: { name: 'my logger', pid: 412 },
  });
  t.like(understand(`${refused} by kworker/u2:1[33]`), { kind: 'refused write', culprit: null });
});

test('complaints of disks and of their bus are heard', t => {
  const of = (text: string) => {
    const message = understand(text);
    return message?.kind === 'complaint' ? message.device : undefined;
  };
  t.is(of('I/O error, dev sda, sector 2048 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2'), 'sda');
  t.is(of('critical medium error, dev sdb, sector 8 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2'), 'sdb');
  t.is(of('Buffer I/O error on dev sda4, logical block 0, async page read'), 'sda4');
  t.is(of('ata1.00: disabled'), null);
  t.is(of('eth0: link down'), undefined);
});
