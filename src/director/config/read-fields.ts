// The statements of a block -> the values of its keywords. An unknown word is a problem; the rest of the block is read all the same.
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { readUnknown } from './unknown.ts';
import type { Fields } from './vocabulary.ts';

/** Values by keyword: of those that may be said several times an array. `owner` is the block's statement, null at the top. */
export function readFields(
  fields: Fields,
  statements: readonly Statement[],
  owner: Statement | null,
  reading: Reading,
): Record<string, unknown> {
  const enclosing = reading.fields;
  const values: Record<string, unknown> = {};
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i]!;
    reading.fields = fields;
    let name = statement.words[0]!;
    let keyword = fields.get(name);
    if (keyword !== undefined && 'synonymOf' in keyword) {
      const { synonymOf, deprecated } = keyword;
      if (deprecated) reading.warning(statement, 0, `${name} is an old word`, `write ${synonymOf}`);
      name = synonymOf;
      keyword = fields.get(name);
    }
    if (keyword === undefined || 'synonymOf' in keyword) {
      readUnknown(statement, owner, reading);
      continue;
    }
    const value = keyword.read(statement, reading);
    if (value === undefined) continue;
    const earlier = values[name];
    if (keyword.repeat === 'all') {
      if (earlier === undefined) values[name] = [value];
      else (earlier as unknown[]).push(value);
    } else {
      if (earlier !== undefined) {
        reading.warning(
          statement,
          0,
          `${name} is here a second time`,
          'the last one counts: delete the others',
        );
      }
      values[name] = value;
    }
  }
  reading.fields = enclosing;
  return values;
}
