// The page on flash says what the program says: its tables and its worked example are made anew here and compared.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { describeFlash } from '../../src/director/flash/describe.ts';
import { SHIPPED_CARDS, shippedCard } from '../../src/director/flash/profiles.ts';
import { type FlashReport, reportTrace } from '../../src/director/flash/report.ts';
import { parseTrace } from '../../src/director/flash/trace.ts';
import { inBytes, inDays, inRange, inThousands } from '../../src/director/flash/words.ts';

const page = readFileSync(new URL('../../src/director/flash/README.md', import.meta.url), 'utf8');

function report(card: string, trace = 'syslog-2.4', readOnly: readonly string[] | null = null): FlashReport {
  const text = readFileSync(new URL(`traces/${trace}.txt`, import.meta.url), 'utf8');
  return reportTrace(parseTrace(text), {
    card: shippedCard(card)!,
    readOnly: readOnly && new Set(readOnly),
    held: null,
    smart: null,
    calibration: null,
    written: null,
  });
}

/** The lines below the header of a table. */
function rowsBelow(header: string): string[] {
  const [, after] = page.split(`${header}\n`);
  const lines = (after ?? '').split('\n').slice(1);
  return lines.slice(
    0,
    lines.findIndex(line => !line.startsWith('|')),
  );
}

test('the table of cards is that of the shipped profiles', t => {
  t.deepEqual(
    rowsBelow('| name | cell | cycles | erase block | levelling | what it is |'),
    SHIPPED_CARDS.map(({ name, cell, cycles, eraseBlock, levelling, description }) => {
      const [cycleText, block] = [inRange(cycles, inThousands), inRange(eraseBlock, inBytes)];
      return `| ${name} | ${cell} | ${cycleText} | ${block} | ${levelling} | ${description} |`;
    }),
  );
});

test('the worked example is what the program prints', t => {
  t.is(page.split('```\n')[1], describeFlash(report('slc-unlevelled')));
});

test('the same writes on other cards last as long as the page says', t => {
  const cards = ['slc-unlevelled', 'mlc-unlevelled', 'slc-static', 'slc-zoned', 'sandisk-1998', 'unknown'];
  t.deepEqual(
    rowsBelow('| card | lasts |'),
    cards.map(card => {
      const { forecast } = report(card).cards[0]!;
      return `| ${card} | ${forecast.kind === 'interval' ? inRange(forecast.life, inDays) : forecast.kind} |`;
    }),
  );
});

test('the numbers of the 23 days follow from each other', t => {
  const seconds = 23 * 86_400;
  t.true(page.includes(`23 days are ${inThousands(seconds)} s.`));
  t.true(page.includes(`when that happens every ${(seconds / 100_000).toFixed(1)} s`));
  t.true(page.includes(`when it happens every ${(seconds / 10_000).toFixed(0)} s`));
  t.is(((100_000 * 14_400) / 725 / 86_400).toFixed(2), '22.99');
});

test('the traces give what the page says', t => {
  const cases = [
    ['syslog-2.4', 'slc-unlevelled', []],
    ['cache-wrap', 'slc-static', []],
    ['read-only-write', 'slc', ['sda1']],
    ['read-only-write', 'slc', []],
    ['lab-log', 'slc-dynamic', []],
  ] as const;
  t.deepEqual(
    rowsBelow('| trace (`test/flash/traces`) | by hand | the program |').map(row => row.split(' | ')[2]),
    cases.map(([trace, card, readOnly]) => {
      const { forecast } = report(card, trace, readOnly).cards[0]!;
      return `${forecast.kind === 'interval' ? inRange(forecast.life, inDays) : forecast.kind} |`;
    }),
  );
});
