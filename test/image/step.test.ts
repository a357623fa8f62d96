// The step framework: keys, caching, failure, builds at once.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { cacheFolder } from '../../image/cache.ts';
import { run } from '../../image/exec.ts';
import { duration, silent } from '../../image/progress.ts';
import { type Context, createContext, type Step, step, stepKey } from '../../image/step.ts';

function temporary(): Context {
  return createContext({ cache: mkdtempSync(join(tmpdir(), 'step-')), progress: silent });
}

function writing(text: string, onBuild: () => void = () => {}): Step {
  return {
    name: 'greeting',
    inputs: [text],
    estimate: 1,
    build: async work => {
      onBuild();
      writeFileSync(join(work.out, 'file'), text);
    },
  };
}

test('a step is built once and found afterwards', async t => {
  const context = temporary();
  let builds = 0;
  const first = await step(
    context,
    writing('hello', () => builds++),
  );
  const second = await step(
    context,
    writing('hello', () => builds++),
  );
  t.is(builds, 1);
  t.deepEqual(second, first);
  t.is(readFileSync(join(first.path, 'file'), 'utf8'), 'hello');
  t.true(first.path.startsWith(join(context.cache, 'greeting-')));
  rmSync(context.cache, { recursive: true });
});

test('another input makes another folder', async t => {
  const context = temporary();
  const one = await step(context, writing('one'));
  const two = await step(context, writing('two'));
  t.not(one.path, two.path);
  rmSync(context.cache, { recursive: true });
});

test('two builds at once build once', async t => {
  const context = temporary();
  let builds = 0;
  const spec = writing('shared', () => builds++);
  await Promise.all([step(context, spec), step(context, spec), step(context, spec)]);
  t.is(builds, 1);
  rmSync(context.cache, { recursive: true });
});

test('a failed step leaves nothing behind but its log, whose end is in the error', async t => {
  const context = temporary();
  const spec: Step = {
    name: 'broken',
    inputs: [],
    estimate: 1,
    build: async work => {
      writeFileSync(join(work.out, 'half'), '');
      await work.run('sh', ['-c', 'echo the reason; exit 3']);
    },
  };
  const error = await t.throwsAsync(step(context, spec));
  t.regex(error!.message, /^broken: sh .*exit status 3\nthe reason\n\(whole log: .*\)$/s);
  t.deepEqual(readdirSync(context.cache), ['log']);
  const log = /whole log: (.*)\)/.exec(error!.message)![1]!;
  t.regex(readFileSync(log, 'utf8'), /the reason/);
  rmSync(context.cache, { recursive: true });
});

test('keys follow content and not place', t => {
  const folder = mkdtempSync(join(tmpdir(), 'key-'));
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, name, 'sub'), { recursive: true });
    writeFileSync(join(folder, name, 'sub', 'file'), 'same');
  }
  const keys = ['a', 'b'].map(name => stepKey('x', [{ folder: join(folder, name) }]));
  const files = ['a', 'b'].map(name => stepKey('x', [{ file: join(folder, name, 'sub/file') }]));
  t.is(keys[0], keys[1]);
  t.is(files[0], files[1]);
  writeFileSync(join(folder, 'b/sub/file'), 'changed');
  t.not(stepKey('x', [{ folder: join(folder, 'b') }]), keys[0]);
  t.not(stepKey('y', [{ folder: join(folder, 'a') }]), keys[0]);
  t.not(stepKey('x', ['a', 'b']), stepKey('x', ['ab']));
  t.not(stepKey('x', ['a', 'b']), stepKey('x', ['b', 'a']));
  rmSync(folder, { recursive: true });
});

test('a program sees a clean environment', async t => {
  process.env.COMPACT_TEST_LEAK = 'leaked';
  const printed = await run('env', []);
  t.notRegex(printed, /leaked/);
  t.regex(printed, /^LC_ALL=C$/m);
  t.regex(printed, /^SOURCE_DATE_EPOCH=\d+$/m);
});

test('a program that cannot be started is an error that names it', async t => {
  await t.throwsAsync(run('/no/such/program', ['argument']), {
    message: /^\/no\/such\/program argument: .*ENOENT/,
  });
});

test('the cache folder follows the environment', t => {
  t.is(cacheFolder({ COMPACT_DIRECTOR_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  t.is(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/compact-director');
  t.regex(cacheFolder({}), /\/\.cache\/compact-director$/);
});

test('durations are told in seconds, then in minutes', t => {
  t.is(duration(4.6), '5 s');
  t.is(duration(200), '3 min 20 s');
});

test('a build that was killed does not keep the lock', async t => {
  const context = temporary();
  const module = JSON.stringify(join(context.root, 'image/cache.ts'));
  const id = `greeting-${stepKey('greeting', ['after']).slice(0, 12)}`;
  const script = `import { withLock } from ${module};
    await withLock(${JSON.stringify(context.cache)}, ${JSON.stringify(id)}, () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); });`;
  await t.throwsAsync(run(process.execPath, ['--input-type=module', '-e', script]), { message: /SIGKILL/ });
  t.true(existsSync(join(context.cache, 'log', `${id}.lock`)));
  await step(context, writing('after'));
  rmSync(context.cache, { recursive: true });
});

test('what a killed build left behind is removed by the next', async t => {
  const context = temporary();
  const { path } = await step(context, writing('first'));
  rmSync(path, { recursive: true });
  mkdirSync(`${path}.tmp-1/out`, { recursive: true });
  await step(context, writing('first'));
  t.false(existsSync(`${path}.tmp-1`));
  rmSync(context.cache, { recursive: true });
});
