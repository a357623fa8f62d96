// Shapes that a JSON value can be checked against: every deviation is told with its place, what was found and what is allowed.

/** Checks `value`, which stands at `path`, and reports each problem as one line of text. */
export type Shape = (value: unknown, path: string, report: (problem: string) => void) => void;

/** A value as a message shows it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function expected(what: string, accepts: (value: unknown) => boolean): Shape {
  return (value, path, report) => {
    if (!accepts(value)) report(`${path}: found ${shown(value)}, expected ${what}`);
  };
}

/** A text that is not empty. */
export const text: Shape = expected('a text', value => typeof value === 'string' && value !== '');

export function whole(minimum: number, maximum: number): Shape {
  return expected(
    `a whole number from ${minimum} to ${maximum}`,
    value => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
  );
}

export function oneOf(...choices: readonly (string | number)[]): Shape {
  return expected(`one of ${choices.join(', ')}`, value => choices.some(choice => choice === value));
}

export function matching(pattern: RegExp, what: string): Shape {
  return expected(what, value => typeof value === 'string' && pattern.test(value));
}

/** What is not known is written null, never left out. */
export function orNull(shape: Shape): Shape {
  return (value, path, report) => {
    if (value !== null) shape(value, path, report);
  };
}

export function listOf(shape: Shape): Shape {
  return (value, path, report) => {
    if (!Array.isArray(value)) return report(`${path}: found ${shown(value)}, expected a list`);
    value.forEach((element, index) => {
      shape(element, `${path}[${index}]`, report);
    });
  };
}

/** An object with exactly these fields. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, path, report) => {
    if (!isRecord(value)) return report(`${path || 'the file'}: found ${shown(value)}, expected an object`);
    const at = (name: string) => (path ? `${path}.${name}` : name);
    const names = Object.keys(fields);
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) report(`${at(name)}: no such field; there are ${names.join(', ')}`);
    }
    for (const [name, shape] of Object.entries(fields)) {
      if (name in value) shape(value[name], at(name), report);
      else report(`${at(name)}: missing (what is not known is written null)`);
    }
  };
}

/** An object with any field names, whose values all have one shape. */
export function mapOf(shape: Shape): Shape {
  return (value, path, report) => {
    if (!isRecord(value)) return report(`${path}: found ${shown(value)}, expected an object`);
    for (const [name, element] of Object.entries(value)) shape(element, `${path}.${name}`, report);
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
