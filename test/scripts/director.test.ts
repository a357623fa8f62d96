// npx director: the console commands of a workstation, started by whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { validate } from '../schemas/validate.ts';

const script = join(import.meta.dirname, '../../scripts/director');
const folder = mkdtempSync(join(tmpdir(), 'director-check-'));
test.after.always(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(node: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [script, ...words], { encoding: 'utf8', cwd: folder });
  return { status, stdout, stderr };
}

test('check exits 0 for a good file and 2 for a wrong one', t => {
  const good = file('good.conf', 'global_defs {\nrouter_id a\n}\n');
  const wrong = file('wrong.conf', 'global_defs {\nrouter_idd a\n}\n');
  t.is(run(process.execPath, 'check', good).status, 0);
  const { status, stdout } = run(process.execPath, 'check', wrong);
  t.is(status, 2);
  t.regex(stdout, /wrong\.conf:2:1: error: unknown word "router_idd"/);
});

test('check --json prints one object that conforms to its schema', t => {
  const { status, stdout } = run(process.execPath, 'check', '--json', join(folder, 'nosuch.conf'));
  t.is(status, 2);
  t.deepEqual(validate('check.schema', JSON.parse(stdout)), []);
});

test('included files are found beside the file that names them', t => {
  file('part.conf', 'router_id a\n');
  const main = file('main.conf', 'global_defs {\ninclude p*.conf\n}\n');
  t.is(run(process.execPath, 'check', main).status, 0);
});

test('wrong words exit 2 and show the usage', t => {
  for (const words of [[], ['chek'], ['check'], ['check', 'a', 'b'], ['check', '--jsn', 'a']]) {
    const { status, stderr } = run(process.execPath, ...words);
    t.is(status, 2);
    t.regex(stderr, /^usage: director check FILE/m);
  }
});

test('flash forecasts from a recorded trace, and names what is wrong with one', t => {
  const trace = join(import.meta.dirname, '../flash/traces/syslog-2.4.txt');
  const { status, stdout } = run(process.execPath, 'flash', '--trace', trace, '--card', 'slc-unlevelled');
  t.is(status, 0);
  t.regex(stdout, /^hda, card slc-unlevelled\n {2}lasts {4}15 days to 3\.1 years\n/m);
  const json = run(process.execPath, 'flash', '--json', '--trace', trace);
  t.deepEqual(validate('flash', JSON.parse(json.stdout)), []);
  const wrong = run(process.execPath, 'flash', '--json', '--trace', file('wrong.txt', '# 0\nfoo\n'));
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /^director: .*wrong\.txt: line 2, column 1: /);
  t.regex(JSON.parse(wrong.stdout).error, /wrong\.txt: line 2, column 1: /);
});

test('an older Node hands over to the one of the project', t => {
  const older = ['/usr/local/bin/node', '/usr/bin/node'].filter(path => existsSync(path));
  if (older.length === 0) t.log('no other Node on this machine');
  const good = file('older.conf', 'global_defs {\nrouter_id a\n}\n');
  for (const node of older) t.is(run(node, 'check', good).status, 0, node);
  t.pass();
});
