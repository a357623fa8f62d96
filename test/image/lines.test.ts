import test from 'ava';
import { lineTable } from '../../image/lines.ts';

const table = (sources: string[], mappings: string) => [...lineTable({ sources, mappings })];
const names = (...texts: string[]) => [
  ...new TextEncoder().encode(texts.map(text => `${text}\0`).join('')),
  0,
];

test('lines that follow each other make one run', t => {
  // Bundle lines 1 to 3 are lines 1 to 3 of the only file.
  t.deepEqual(table(['a.ts'], 'AAAA;AACA;AACA'), [...names('a.ts'), 0, 3, 0, 1]);
});

test('a gap, a step back and another file each begin a run', t => {
  // Line 2 comes from line 11 of a.ts, line 3 from nowhere, line 4 from line 1 of b.ts, line 5 from line 1 of a.ts.
  t.deepEqual(table(['a.ts', 'b.ts'], ';AAUA;;ACVA;ADAA'), [
    ...names('a.ts', 'b.ts'),
    ...[1, 1, 0, 11],
    ...[1, 1, 1, 1],
    ...[0, 1, 0, 1],
  ]);
});

test('the first place of a line counts, and later ones still move the position', t => {
  // Line 1 has segments at lines 1 and 3 of the source, line 2 goes on from there to line 4.
  t.deepEqual(table(['a.ts'], 'AAAA,IAEA;AACA'), [...names('a.ts'), 0, 1, 0, 1, 0, 1, 0, 4]);
});

test('numbers over 127 take two bytes', t => {
  t.deepEqual(table(['a.ts'], `${';'.repeat(300)}AAgTA`), [...names('a.ts'), 0xac, 0x02, 1, 0, 0xb1, 0x02]);
});
