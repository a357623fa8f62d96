// Bytes in hexadecimal, as the lines of a check give them.
import { shorten } from '../characters.ts';
import type { Reading } from '../reading.ts';
import type { Statement } from '../tree.ts';

/**
 * The words behind the keyword as bytes: two digits each from the left of a word, one that is left over is a byte of its own, as
 * keepalived reads them. In small letters. Undefined when a problem has been reported.
 */
export function readHex(statement: Statement, digit: RegExp, reading: Reading): string | undefined {
  let bytes = '';
  for (let index = 1; index < statement.words.length; index++) {
    const word = statement.words[index]!.toLowerCase();
    if (![...word].every(each => digit.test(each))) {
      const advice = 'write hexadecimal digits, for example: 0a 1b2c';
      reading.error(statement, index, `"${shorten(word)}" is not hexadecimal`, advice);
      return undefined;
    }
    for (let at = 0; at < word.length; at += 2) bytes += word.slice(at, at + 2).padStart(2, '0');
  }
  return bytes;
}
