import test from 'ava';
import { replayCuts } from '../../../scripts/lab/power-cut.ts';
import type { LoggedWrite } from '../../../scripts/lab/write-log.ts';

const write = (sector: number, ...bytes: number[]): LoggedWrite => ({
  kind: 'write',
  sector,
  data: Uint8Array.from(bytes.flatMap(byte => Array(512).fill(byte))),
});

for (const [name, card] of [
  ['bytes', new Uint8Array(1536)],
  ['a Buffer', Buffer.alloc(1536)],
] as const) {
  test(`what a card may hold at each flush, of ${name}`, t => {
    const log: LoggedWrite[] = [write(0, 1, 2), { kind: 'flush' }, write(2, 3), { kind: 'flush' }];
    const firstOf = (state: Uint8Array) => [0, 512, 1024].map(at => state[at]).join('');
    const seen: string[] = [];
    const states = replayCuts(card, log, { random: () => 0, reorderings: 0 }, (state, { before, after }) =>
      seen.push(`${firstOf(before)} ${firstOf(state)} ${firstOf(after)}`),
    );
    t.deepEqual(seen, [
      '000 000 120',
      '000 100 120',
      '000 120 120',
      '000 020 120',
      '120 120 123',
      '120 123 123',
    ]);
    t.is(states, seen.length);
    t.is(firstOf(card), '123');
  });
}
