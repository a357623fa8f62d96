// The unit tests of the pure core, run by the board's engine and on the board's binary: QuickJS is not V8.
import { join } from 'node:path';
import test from 'ava';
import { boardCompiler, hostProgram } from '../../image/host.ts';
import { suiteFiles } from '../../scripts/test/suites.ts';
import { bundleTests, context, portableTests, root, runTests } from './quickjs/run.ts';

/** What runs on a workstation only. */
const FOR_NODE = /^test\/(scripts|image|flashing|station|migrate)\//;

test('the unit tests of the core hold in QuickJS as well', async t => {
  // Without a just-in-time compiler, and on a machine that may have other things to do.
  t.timeout(600_000);
  const all = suiteFiles(root, 'unit').filter(file => !FOR_NODE.test(file));
  const files = await portableTests(all);
  const compiler = await boardCompiler(context);
  const program = await hostProgram(context, compiler, { main: await bundleTests(files) }, 'director-units');
  const { passed, failed, output, status } = await runTests(join(program.path, 'director'));
  t.log(`${passed} tests of ${files.length} files passed; ${all.length - files.length} files need Node`);
  if (failed.length > 0) t.log(output.replace(/^ok .*\n/gm, ''));
  t.deepEqual(failed, []);
  t.is(status, 0);
  t.true(passed > 100);
});
