// What a card says of itself, as text of `director flash`.
import { table } from '../console/table.ts';
import type { CardFacts } from './ata.ts';
import { inBytes } from './words.ts';

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
          `${id}: ${value}, raw ${raw}${failing.includes(id) ? ', FAILING: at its threshold' : ''}`,
        ])),
  ];
  return `${disk} says\n${table(rows)}`;
}
