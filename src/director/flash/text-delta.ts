// What makes an older text of a newer one: lines of the newer that stay, and lines that it lacks. Pure.

/** Lines copied from the newer text (from 0, how many), or text that stands between them. */
export type Delta = readonly (string | readonly [from: number, count: number])[];

/** Places of the same line that are tried; a text of many equal lines must not take for ever. */
const TRIED = 8;

/** What makes `older` of `newer`. */
export function deltaTo(older: string, newer: string): Delta {
  const target = linesOf(older);
  const source = linesOf(newer);
  const places = placesOf(source);
  const delta: (string | readonly [number, number])[] = [];
  let missing = '';
  let next = 0;
  for (let at = 0; at < target.length; ) {
    const [from, count] = longest(target, at, source, places.get(target[at]!) ?? [], next);
    if (count === 0) {
      missing += target[at++]!;
      continue;
    }
    if (missing !== '') delta.push(missing);
    missing = '';
    delta.push([from, count]);
    at += count;
    next = from + count;
  }
  if (missing !== '') delta.push(missing);
  return delta;
}

/** The older text. Throws a RangeError when the delta is not one of this text. */
export function applyDelta(delta: Delta, newer: string): string {
  const source = linesOf(newer);
  let older = '';
  for (const piece of delta) {
    if (typeof piece === 'string') {
      older += piece;
      continue;
    }
    const [from, count] = piece;
    if (!(from >= 0 && count >= 0 && from + count <= source.length)) {
      throw new RangeError(`lines ${from + 1} to ${from + count} of ${source.length}`);
    }
    older += source.slice(from, from + count).join('');
  }
  return older;
}

/** With their ends, so that joined they are the text. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  const whole = lines.map(line => `${line}\n`);
  return last === '' ? whole : [...whole, last];
}

function placesOf(lines: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else if (known.length < TRIED) known.push(index);
  });
  return places;
}

/** The longest run that begins at one of the places, or where the last one ended. */
function longest(
  target: readonly string[],
  at: number,
  source: readonly string[],
  places: readonly number[],
  next: number,
): [from: number, count: number] {
  let best: [number, number] = [0, 0];
  for (const from of [next, ...places]) {
    let count = 0;
    while (at + count < target.length && target[at + count] === source[from + count]) count++;
    if (count > best[1]) best = [from, count];
  }
  return best;
}
