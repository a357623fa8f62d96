// Stands in for ava inside QuickJS: collects the tests of a bundle, runs them one after the other and reports in TAP.
import '../../../src/platform/globals.ts';
import './node-globals.ts';
import { describeStack, print } from 'host';
import { AssertionError, ExecutionContext } from './assertions.ts';

type Implementation = (t: ExecutionContext, ...args: unknown[]) => unknown;
type Macro = {
  readonly exec: Implementation;
  readonly title?: (given: string | undefined, ...args: unknown[]) => string;
};
type Hook = 'before' | 'after' | 'beforeEach' | 'afterEach';

interface Test {
  readonly file: string;
  readonly title: string;
  readonly body: Implementation;
}

const tests: Test[] = [];
const hooks: { readonly kind: Hook; readonly file: string; readonly body: Implementation }[] = [];
let currentFile = '';

/** Called by the bundle before each test file's own code. */
export function beginFile(name: string): void {
  currentFile = name;
}

function test(...args: unknown[]): void {
  const title = typeof args[0] === 'string' ? args.shift() : undefined;
  const [body, ...rest] = args as [Implementation | Macro, ...unknown[]];
  const macro: Macro = typeof body === 'function' ? { exec: body } : body;
  tests.push({
    file: currentFile,
    title: macro.title?.(title as string | undefined, ...rest) ?? String(title),
    body: t => macro.exec(t, ...rest),
  });
}

const hook =
  (kind: Hook) =>
  (...args: unknown[]): void =>
    void hooks.push({ kind, file: currentFile, body: args.at(-1) as Implementation });

test.serial = test;
test.macro = (macro: Macro | Implementation): Macro =>
  typeof macro === 'function' ? { exec: macro } : macro;
test.skip = (): void => {};
test.before = hook('before');
test.after = hook('after');
test.beforeEach = hook('beforeEach');
test.afterEach = hook('afterEach');

export default test;

async function runHooks(kind: Hook, file: string, t: ExecutionContext): Promise<void> {
  for (const each of hooks) if (each.kind === kind && each.file === file) await each.body(t);
}

function comment(text: string): void {
  print(1, `${text.trimEnd().replace(/^/gm, '# ')}\n`);
}

function explain(error: unknown): string {
  if (error instanceof AssertionError || error instanceof Error) {
    return `${error.message || error}\n${describeStack(error.stack ?? '')}`;
  }
  return String(error);
}

/** Runs every test; prints one TAP line for each and the plan at the end. A failure does not stop the others. */
export async function runTests(): Promise<void> {
  let number = 0;
  let file = '';
  const outside = new ExecutionContext('', comment);
  for (const { file: name, title, body } of tests) {
    if (name !== file) await runHooks('before', name, outside);
    file = name;
    const t = new ExecutionContext(title, comment);
    let trouble: string | null = null;
    try {
      await runHooks('beforeEach', name, t);
      await body(t);
    } catch (error) {
      trouble = explain(error);
    }
    try {
      await runHooks('afterEach', name, t);
      await t.end();
    } catch (error) {
      trouble ??= explain(error);
    }
    print(1, `${trouble === null ? 'ok' : 'not ok'} ${++number} - ${name} › ${title.replace(/\s+/g, ' ')}\n`);
    if (trouble !== null) comment(trouble);
  }
  for (const name of new Set(tests.map(each => each.file))) await runHooks('after', name, outside);
  print(1, `1..${number}\n`);
}
