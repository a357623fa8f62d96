// What a server said, as reasons and logs repeat it.

/** Characters that are repeated. */
const LONGEST = 60;

/** In quotes, cut, and without anything that moves a cursor; `text` has one character a byte. */
export function quoted(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
  return `"${shown.trimEnd().replace(/[^ -~]/g, '?')}"`;
}
