// Deep equality as ava's t.deepEqual sees it: same prototypes, same own keys (one that is undefined is there), -0 is not 0.

/** True when the two values cannot be told apart by their content. */
export function deepEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (one instanceof RegExp) return String(one) === String(other);
  if (one instanceof Error && other instanceof Error && one.message !== other.message) return false;
  if (one instanceof Map && other instanceof Map) return deepEqual([...one], [...other]);
  if (one instanceof Set && other instanceof Set) {
    return one.size === other.size && [...one].every(each => other.has(each));
  }
  if (one instanceof ArrayBuffer && other instanceof ArrayBuffer) {
    return deepEqual(new Uint8Array(one), new Uint8Array(other));
  }
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(
    key => Object.hasOwn(other, key) && deepEqual(Reflect.get(one, key), Reflect.get(other, key)),
  );
}

/** True when `actual` has at least what `expected` has, as t.like sees it. */
export function isLike(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  const prototype = Object.getPrototypeOf(expected);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return deepEqual(actual, expected);
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false;
  return Object.keys(expected).every(key => isLike(Reflect.get(actual, key), Reflect.get(expected, key)));
}

/** A value in a message: short, and never an exception. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${value}]`.slice(0, 2000);
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  try {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each)).slice(0, 2000);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
