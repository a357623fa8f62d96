// Words that are read already but have no effect yet: they are refused until it is there. Whoever lands an effect takes its words out.
import { shorten } from './characters.ts';
import { keepalivedKeywords } from './keepalived-keywords.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';

/** Words by the block they stand in; '' is the top level. For lines that are no statements: the options in them. */
export type Pending = Readonly<Record<string, readonly string[]>>;

export const PENDING: Pending = {
  '': [],
  global_defs: [],
  vrrp_instance: [],
  vrrp_sync_group: [],
  virtual_ipaddress: [],
};

/** An error when word `index` of the statement is pending in `block`. It is read all the same: what else is wrong is told as well. */
export function refusePending(
  statement: Statement,
  index: number,
  block: string,
  name: string,
  reading: Reading,
): void {
  if (reading.pending[block]?.includes(name) !== true) return;
  const word = shorten(statement.words[index]!);
  const knows =
    keepalivedKeywords().has(name) || index > 0 ? `${word} is known to keepalived, but` : `${word} is`;
  reading.error(statement, index, `${knows} not supported by this version`, 'delete it');
}
