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
  for (const statement of statements) {
    const word = statement.words[0]!;
    const field = fields.get(word);
    reading.fields = fields;
    if (field === undefined) {
      readUnknown(statement, owner, reading);
      continue;
    }
    const { name, keyword } = field;
    if (field.isDeprecated) reading.warning(statement, 0, `${word} is an old word`, `write ${name}`);
    const value = keyword.read(statement, reading);
    if (value === undefined) continue;
    const earlier = values[name];
    if (earlier === undefined) {
      values[name] = keyword.repeat === 'all' ? [value] : value;
    } else if (keyword.repeat === 'all') {
      (earlier as unknown[]).push(value);
    } else {
      reading.warning(
        statement,
        0,
        `${word} is here a second time`,
        'the last one counts: delete the others',
      );
      values[name] = value;
    }
  }
  reading.fields = enclosing;
  return values;
}
