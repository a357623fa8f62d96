// director check: what people and programs read.
import test from 'ava';
import { checkFile } from '../../src/director/console/check.ts';
import { instance, memoryReader, service } from '../config/support.ts';
import { validate } from '../schemas/validate.ts';

function check(text: string, json = false) {
  return checkFile('site.conf', memoryReader({ 'site.conf': text }), { json });
}

test('a good file says what it holds', t => {
  const { exitCode, output } = check(service() + instance());
  t.is(exitCode, 0);
  t.is(output, 'site.conf: 0 errors, 0 warnings: good (1 virtual server, 1 real server, 1 VRRP instance)\n');
});

test('a problem is shown with its place, its line, a mark below it and advice', t => {
  const { exitCode, output } = check('global_defs {\n\trouter_idd a # name\n}\n');
  t.is(exitCode, 2);
  t.is(
    output,
    `site.conf:2:2: error: unknown word "router_idd" in global_defs
    |  router_idd a # name
    |  ^~~~~~~~~~
    did you mean router_id?

site.conf: 1 error, 0 warnings: refused
`,
  );
});

test('of a file with conditions it is said with what they were compared', t => {
  const checkAs = (configId: string | null) => {
    const reader = { ...memoryReader({ 'site.conf': `@lb1 foo\n${service()}` }), configId };
    return checkFile('site.conf', reader, { json: false }).output;
  };
  t.regex(checkAs('lb2'), /^site\.conf \(config id lb2\): 0 errors, 0 warnings: good \(/);
  t.regex(checkAs('lb1'), /\nsite\.conf \(config id lb1\): 1 error, 0 warnings: refused\n$/);
  t.regex(checkAs(null), /^site\.conf \(no config id\): /);
});

test('warnings alone do not refuse a file', t => {
  const { exitCode, output } = check(service('delay_loop 6 7'));
  t.is(exitCode, 0);
  t.regex(output, /site\.conf:5:14: warning: "7" has no effect/);
  t.regex(output, /site\.conf: 0 errors, 1 warning: good/);
});

test('of a long line the part with the problem is shown', t => {
  const { output } = check(`global_defs {\nrouter_id ${'a '.repeat(200)}\u001b[2J\n}`);
  const [, line, mark] = output.split('\n');
  t.true(line!.length <= 110);
  t.is(line!.charAt(mark!.indexOf('^')), 'a');
  t.false(output.includes('\u001b'));
});

test('a problem in an included file shows the line there', t => {
  const files = { 'site.conf': 'include more.conf\n', 'more.conf': '\n  foo\n' };
  const { output } = checkFile('site.conf', memoryReader(files), { json: false });
  t.regex(output, /^more\.conf:2:3: error: .*\n {4}\| {3}foo\n {4}\| {3}\^~~\n/);
});

test('a missing file is a located error', t => {
  const { exitCode, output } = checkFile('nosuch.conf', memoryReader({}), { json: false });
  t.is(exitCode, 2);
  t.regex(output, /^nosuch\.conf:1:1: error: cannot read nosuch\.conf: no such file\n/);
});

test('--json conforms to its schema, whatever the file', t => {
  for (const text of ['', 'foo', service(), service('delay_loop 6 7'), '{'.repeat(5000)]) {
    const { exitCode, output } = check(text, true);
    t.regex(output, /^[^\n]+\n$/);
    const answer = JSON.parse(output);
    t.deepEqual(validate('check.schema', answer), []);
    t.is(answer.ok, exitCode === 0);
  }
});
