// The word that somebody who misspelt one most likely meant.

/**
 * Edits between two words: one character added, left out or replaced, or two neighbours exchanged (optimal string alignment).
 * Infinity when there are more than `limit`: most words are far from each other, and that shows early.
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; ++i) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= to.length; ++j) {
      const same = from[i - 1] === to[j - 1];
      let edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (exchanged) edits = Math.min(edits, before[j - 2]! + 1);
      next.push(edits);
      if (edits < least) least = edits;
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    before = row;
    row = next;
  }
  const edits = row[to.length]!;
  return edits <= limit ? edits : Number.POSITIVE_INFINITY;
}

/** More edits than this make another word. */
const MOST_EDITS = 3;

/** The candidate with the fewest edits, at most a third of the word's length, the first of equals; null when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const folded = word.toLowerCase();
  let best: string | null = null;
  let limit = Math.min(MOST_EDITS, Math.max(1, Math.floor(word.length / 3)));
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const edits = editDistance(folded, candidate.toLowerCase(), limit);
    if (edits > limit) continue;
    best = candidate;
    limit = edits - 1;
    if (limit < 0) break;
  }
  return best;
}
