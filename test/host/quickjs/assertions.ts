// The assertions of ava that our tests use, for tests that run inside QuickJS.
import { deepEqual, isLike, show } from './deep-equal.ts';

type Constructor = abstract new (...args: never[]) => unknown;

/** What an exception has to be like. */
export interface Expectation {
  readonly instanceOf?: Constructor;
  readonly message?: string | RegExp | ((message: string) => boolean);
  readonly name?: string;
  readonly code?: string | number;
}

export class AssertionError extends Error {}

function fail(text: string, message?: string): never {
  throw new AssertionError(message ? `${message}: ${text}` : text);
}

function checkExpectation(error: unknown, expected: Expectation | undefined, message?: string): void {
  if (!(error instanceof Error)) fail(`not an Error was thrown: ${show(error)}`, message);
  const { instanceOf, message: text, name, code } = expected ?? {};
  if (instanceOf && !(error instanceof instanceOf)) fail(`${error} is no ${instanceOf.name}`, message);
  if (name !== undefined && error.name !== name) fail(`${error} is not named ${name}`, message);
  if (code !== undefined && Reflect.get(error, 'code') !== code)
    fail(`${error} has not the code ${code}`, message);
  if (text === undefined) return;
  const matches =
    typeof text === 'string'
      ? error.message === text
      : typeof text === 'function'
        ? text(error.message)
        : text.test(error.message);
  if (!matches) fail(`${error} does not say ${text}`, message);
}

/** `t` of a test. */
export class ExecutionContext {
  readonly title: string;
  context: Record<string, unknown> = {};
  readonly #teardowns: (() => unknown)[] = [];
  readonly #log: (text: string) => void;
  #count = 0;
  #planned: number | null = null;

  constructor(title: string, log: (text: string) => void) {
    this.title = title;
    this.#log = log;
  }

  /** Runs the teardowns, last first, and checks the plan. */
  async end(): Promise<void> {
    for (const teardown of this.#teardowns.reverse()) await teardown();
    if (this.#planned !== null && this.#planned !== this.#count)
      fail(`planned ${this.#planned} assertions, ran ${this.#count}`);
  }

  plan(count: number): void {
    this.#planned = count;
  }

  timeout(): void {}

  teardown(callback: () => unknown): void {
    this.#teardowns.push(callback);
  }

  log(...values: unknown[]): void {
    this.#log(values.map(value => (typeof value === 'string' ? value : show(value))).join(' '));
  }

  pass(): void {
    this.#count++;
  }

  fail(message?: string): never {
    fail('t.fail', message);
  }

  is(actual: unknown, expected: unknown, message?: string): void {
    this.#check(Object.is(actual, expected), `${show(actual)} is not ${show(expected)}`, message);
  }

  not(actual: unknown, expected: unknown, message?: string): void {
    this.#check(!Object.is(actual, expected), `${show(actual)} is what it must not be`, message);
  }

  deepEqual(actual: unknown, expected: unknown, message?: string): void {
    this.#check(deepEqual(actual, expected), `${show(actual)} does not equal ${show(expected)}`, message);
  }

  notDeepEqual(actual: unknown, expected: unknown, message?: string): void {
    this.#check(!deepEqual(actual, expected), `${show(actual)} equals what it must not`, message);
  }

  like(actual: unknown, expected: unknown, message?: string): void {
    this.#check(isLike(actual, expected), `${show(actual)} is not like ${show(expected)}`, message);
  }

  true(actual: unknown, message?: string): void {
    this.is(actual, true, message);
  }

  false(actual: unknown, message?: string): void {
    this.is(actual, false, message);
  }

  truthy(actual: unknown, message?: string): void {
    this.#check(Boolean(actual), `${show(actual)} is not truthy`, message);
  }

  falsy(actual: unknown, message?: string): void {
    this.#check(!actual, `${show(actual)} is not falsy`, message);
  }

  assert(actual: unknown, message?: string): void {
    this.truthy(actual, message);
  }

  regex(text: string, pattern: RegExp, message?: string): void {
    this.#check(pattern.test(text), `${show(text)} does not match ${pattern}`, message);
  }

  notRegex(text: string, pattern: RegExp, message?: string): void {
    this.#check(!pattern.test(text), `${show(text)} matches ${pattern}`, message);
  }

  throws(call: () => unknown, expected?: Expectation, message?: string): unknown {
    this.#count++;
    try {
      call();
    } catch (error) {
      checkExpectation(error, expected, message);
      return error;
    }
    return fail('nothing was thrown', message);
  }

  notThrows(call: () => unknown, message?: string): void {
    this.#count++;
    try {
      call();
    } catch (error) {
      fail(`threw ${error}`, message);
    }
  }

  async throwsAsync(
    work: PromiseLike<unknown> | (() => PromiseLike<unknown>),
    expected?: Expectation,
    message?: string,
  ): Promise<unknown> {
    this.#count++;
    try {
      await (typeof work === 'function' ? work() : work);
    } catch (error) {
      checkExpectation(error, expected, message);
      return error;
    }
    return fail('nothing was thrown', message);
  }

  async notThrowsAsync(
    work: PromiseLike<unknown> | (() => PromiseLike<unknown>),
    message?: string,
  ): Promise<void> {
    this.#count++;
    try {
      await (typeof work === 'function' ? work() : work);
    } catch (error) {
      fail(`threw ${error}`, message);
    }
  }

  #check(holds: boolean, text: string, message?: string): void {
    this.#count++;
    if (!holds) fail(text, message);
  }
}
