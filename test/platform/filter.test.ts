import test from 'ava';
import { BPF_JUMP_SET, BPF_RETURN, encodeFilter, KEEP } from '../../src/platform/filter.ts';

test('instructions are written as struct sock_filter', t => {
  const bytes = encodeFilter([
    [BPF_JUMP_SET, 1, 2, 0x0200],
    [BPF_RETURN, 0, 0, KEEP],
  ]);
  t.deepEqual([...bytes], [0x45, 0, 1, 2, 0, 2, 0, 0, 0x06, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
});
