// Long texts on a serial console, which has 80 columns and breaks lines in the middle of words.

const COLUMNS = 79;

/** Lines broken at spaces; the first begins with `first`, the others with `rest`. A word that is longer than a line stays whole. */
export function wrap(text: string, first: string, rest: string): string {
  let lines = '';
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines += `${line}\n`;
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return `${lines}${line}\n`;
}
