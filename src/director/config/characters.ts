// Characters that nobody meant to type: pasted from a web page, or left by a broken card.

/** What is wrong with the first such character of a word, or null. */
export function unwantedCharacter(word: string): string | null {
  for (let i = 0; i < word.length; ++i) {
    const code = word.charCodeAt(i);
    if (code > 0x20 && code < 0x7f) continue;
    const what = describe(code);
    if (what !== null) return what;
  }
  return null;
}

function describe(code: number): string | null {
  if (code === 0xfffd) return 'a byte that is not UTF-8';
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return `a control character (${name(code)})`;
  const isBlank = code === 0xa0 || (code >= 0x2000 && code <= 0x200f) || code === 0x3000 || code === 0xfeff;
  return isBlank ? `a character that only looks like a space (${name(code)})` : null;
}

function name(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text with everything that moves a cursor or hides replaced by `?`. */
export function visible(text: string): string {
  return unwantedCharacter(text.replaceAll(' ', '')) === null
    ? text
    : [...text]
        .map(character => (character !== ' ' && unwantedCharacter(character) !== null ? '?' : character))
        .join('');
}

/** A word as messages show it. */
export function shorten(word: string): string {
  return word.length <= 60 ? word : `${word.slice(0, 57)}...`;
}
