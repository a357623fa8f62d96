// The host from inside: every function of the module `host`, used and abused by scripts that run on it. Once on this machine's processor with
// sanitizers, once as the board's own binary.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { bundle } from '../../image/bundle.ts';
import { boardCompiler, type Compiler, hostProgram, sanitizingCompiler } from '../../image/host.ts';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { bundleTests, context, root, runTests } from './quickjs/run.ts';

test.before(requireInside);

const files = globSync('test/host/inside/*.ts', { cwd: root }).sort();

async function program(compiler: Compiler): Promise<string> {
  const output = await hostProgram(
    context,
    compiler,
    { main: await bundleTests(files) },
    `director-inside-${compiler.name}`,
  );
  return join(output.path, 'director');
}

test('every function holds, and no memory is misused or lost', async t => {
  // The engine with sanitizers is compiled here when nobody did so before.
  t.timeout(600_000);
  const binary = await program(await sanitizingCompiler());
  const { passed, failed, output, status } = await runTests(binary, [], {
    ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  });
  t.log(`${passed} tests passed`);
  if (failed.length > 0 || status !== 0) t.log(output.replace(/^ok .*\n/gm, ''));
  t.deepEqual(failed, []);
  t.is(status, 0);
  t.notRegex(output, /Sanitizer|runtime error/);
});

test('every function holds on the binary of the board', async t => {
  const { passed, failed, output, status } = await runTests(await program(await boardCompiler(context)));
  t.log(`${passed} tests passed`);
  if (failed.length > 0) t.log(output.replace(/^ok .*\n/gm, ''));
  t.deepEqual(failed, []);
  t.is(status, 0);
});

const ENDINGS = `
import './src/platform/globals.ts';
import { createPlatform } from './src/platform/quickjs.ts';
const { processes, print, neverWaitForOutput } = createPlatform();
function deep(): never {
  throw new RangeError('too deep');
}
switch (processes.args[0]) {
  case 'exception': setTimeout(deep, 1); setTimeout(() => print('too late'), 2); break;
  case 'rejection': setTimeout(async () => deep(), 1); break;
  case 'top level': deep();
  case 'not an error': setTimeout(() => { throw { toString() { throw 1; } }; }, 1); break;
  case 'exit': setTimeout(() => processes.exit(3), 1); break;
  case 'nothing': break;
  case 'hasty': neverWaitForOutput();
  case 'pipe': for (;;) print('x'.repeat(100_000));
}
`;

test('the end of a process says how it came', async t => {
  const script = await bundle(root, { text: ENDINGS });
  const { path } = await hostProgram(
    context,
    await boardCompiler(context),
    { main: script },
    'director-endings',
  );
  const end = (...args: string[]) => spawnSync(join(path, 'director'), args, { encoding: 'utf8' });

  const exception = end('exception');
  t.is(exception.status, 70);
  t.is(exception.stdout, '');
  t.regex(exception.stderr, /^uncaught exception: RangeError: too deep\n {4}at deep \(entry\.ts:6\)\n/);

  const rejection = end('rejection');
  t.is(rejection.status, 70);
  t.regex(rejection.stderr, /^unhandled rejection: RangeError: too deep\n {4}at deep \(entry\.ts:6\)\n/);

  t.is(end('top level').status, 70);
  t.is(end('not an error').status, 70);
  t.is(end('exit').status, 3);
  t.like(end('nothing'), { status: 0, stdout: '', stderr: '' });

  const broken = spawnSync('sh', ['-c', '"$0" pipe | head -c 10', join(path, 'director')], {
    encoding: 'utf8',
  });
  t.regex(broken.stderr, /EPIPE/);
});

test('a process that is told so does not wait for who reads its output', async t => {
  const script = await bundle(root, { text: ENDINGS });
  const { path } = await hostProgram(
    context,
    await boardCompiler(context),
    { main: script },
    'director-endings',
  );
  // The reader goes only when the writer has gone: if that waited, both would for ever.
  const command = 'mkfifo "$1"; exec 3<>"$1"; ("$0" hasty; echo >&3) | read line <&3';
  const fifo = join('/run/scratch', `fifo-${process.pid}`);
  const { stderr } = spawnSync('sh', ['-c', command, join(path, 'director'), fifo], { encoding: 'utf8' });
  t.regex(stderr, /write 1: Resource temporarily unavailable \(EAGAIN\)/);
});

test("the board's binary is static, and asks nothing of the machine that builds it", async t => {
  const binary = await program(await boardCompiler(context));
  const headers = execFileSync('readelf', ['-h', '-l', '-d', binary], { encoding: 'utf8' });
  t.regex(headers, /Intel 80386/);
  t.notRegex(headers, /INTERP|NEEDED/);
  const strings = execFileSync('strings', [binary], { encoding: 'utf8' });
  t.false(strings.includes(root));
  t.false(strings.includes(context.cache));
});
