// What a card says of itself, as text of `director flash`.
import { table } from '../console/table.ts';
import type { CardFacts } from './ata.ts';
import { inBytes } from './words.ts';

/** Attributes that mean the same wherever they are (SFF-8035i 2.0 and what has become of it); makers use the others as they like. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'read errors',
  4: 'starts',
  5: 'reallocated sectors',
  9: 'hours powered',
  12: 'power cycles',
  190: 'temperature',
  194: 'temperature',
  196: 'reallocations',
  197: 'pending sectors',
  198: 'uncorrectable sectors',
  199: 'transfer errors',
};

export function describeFacts({ disk, identity, attributes, failing }: CardFacts): string {
  const { model, serial, firmware, sectors, isCompactFlash, hasTrim } = identity;
  const rows = [
    ['  model', `${model}, firmware ${firmware || '-'}, serial number ${serial || '-'}`],
    [
      '  is',
      `${isCompactFlash ? 'CompactFlash' : 'ATA'}, ${inBytes(sectors * 512)}${hasTrim ? ', TRIM' : ''}`,
    ],
    ...(attributes === null
      ? [['  SMART', 'no']]
      : attributes.map(({ id, value, raw }, at) => [
          at === 0 ? '  SMART' : '',
          `${id}${NAMES[id] === undefined ? '' : ` ${NAMES[id]}`}: ${value}, raw ${raw}${failing.includes(id) ? ', FAILING: at its threshold' : ''}`,
        ])),
  ];
  return `${disk} says\n${table(rows)}`;
}
