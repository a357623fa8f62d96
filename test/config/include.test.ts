// Files that include others.
import test from 'ava';
import { alternatives, expandPattern, isPattern } from '../../src/director/config/glob.ts';
import { loadConfig } from '../../src/director/config/load.ts';
import { memoryReader } from './support.ts';

function load(files: Readonly<Record<string, string>>) {
  const { config, problems } = loadConfig('etc/main.conf', memoryReader(files));
  const found = problems.map(
    each => `${each.file}:${each.line}:${each.column} ${each.severity}: ${each.message}`,
  );
  return { config, found };
}

test('an included file stands in the place of the line, also inside a block', t => {
  const { config, found } = load({
    'etc/main.conf': 'global_defs {\n include parts/name.conf\n}\ninclude system.conf\n',
    'etc/parts/name.conf': 'router_id a\n',
    'etc/system.conf': 'system {\nhostname b\n}\n',
  });
  t.deepEqual(found, []);
  t.is(config?.globals.routerId, 'a');
  t.is(config?.system.hostName, 'b');
});

test('names in an included file are relative to that file', t => {
  const { config } = load({
    'etc/main.conf': 'include a/one.conf\n',
    'etc/a/one.conf': 'include two.conf\n',
    'etc/a/two.conf': 'global_defs {\nrouter_id x\n}\n',
  });
  t.is(config?.globals.routerId, 'x');
});

test('a pattern includes all that match, in order', t => {
  const { config, found } = load({
    'etc/main.conf': 'include conf.d/*.conf\n',
    'etc/conf.d/20.conf': 'global_defs {\nrouter_id last\n}\n',
    'etc/conf.d/10.conf': 'global_defs {\nrouter_id first\n}\n',
    'etc/conf.d/30.conf~': 'rubbish',
    'etc/conf.d/.hidden.conf': 'rubbish',
  });
  t.deepEqual(found, []);
  t.is(config?.globals.routerId, 'last');
});

test('a missing file is an error where it is named', t => {
  const { config, found } = load({ 'etc/main.conf': 'global_defs {\n}\n  include nosuch.conf\n' });
  t.is(config, null);
  t.deepEqual(found, ['etc/main.conf:3:11 error: cannot read etc/nosuch.conf: no such file']);
});

test('a pattern without matches is a warning, an error where keepalived makes it one', t => {
  const { found } = load({ 'etc/main.conf': 'include x/*\nincludea x/*\nglobal_defs {\n}\n' });
  t.deepEqual(found, [
    'etc/main.conf:1:9 warning: no file matches etc/x/*',
    'etc/main.conf:2:10 error: no file matches etc/x/*',
  ]);
});

test('the variants of include say what must be there', t => {
  const found = (line: string) =>
    load({
      'etc/main.conf': `${line}\nglobal_defs {\n}\n`,
      'etc/x/a.conf': '',
    }).found.map(each => each.replace('etc/main.conf:1:', ''));
  t.deepEqual(found('includer none.conf'), ['10 warning: cannot read etc/none.conf: no such file']);
  t.deepEqual(found('includer x/none*'), []);
  t.deepEqual(found('includem none.conf'), ['10 error: cannot read etc/none.conf: no such file']);
  t.deepEqual(found('includem x/none*'), ['10 warning: no file matches etc/x/none*']);
  t.deepEqual(found('includew x/none*'), ['10 error: no file matches etc/x/none*']);
  t.deepEqual(found('include x/{a,b}.conf'), []);
  t.deepEqual(found('includeb x/{a,b}.conf'), ['10 error: no file matches etc/x/b.conf']);
  t.deepEqual(found('includea x/{a,b}.conf'), ['10 error: no file matches etc/x/b.conf']);
  t.deepEqual(found('includea x/a.conf'), []);
});

test('include_check says for all lines below it what must be there', t => {
  const found = (check: string, line: string) =>
    load({
      'etc/main.conf': `include x/none*\nglobal_defs {\ninclude_check ${check}\n${line}\n}\n`,
      'etc/x/a.conf': '',
    }).found.slice(1);
  t.deepEqual(found('', 'include x/none*'), ['etc/main.conf:4:9 error: no file matches etc/x/none*']);
  t.deepEqual(found('wildcard_match', 'include x/{a,b}.conf'), []);
  t.deepEqual(found('brace_match', 'include x/{a,b}.conf'), [
    'etc/main.conf:4:9 error: no file matches etc/x/b.conf',
  ]);
  t.deepEqual(found('match\ninclude_check +wildcard_match -match', 'include x/none*'), [
    'etc/main.conf:5:9 error: no file matches etc/x/none*',
  ]);
  t.deepEqual(found('\ninclude_check -wildcard_match', 'include x/none*'), [
    'etc/main.conf:5:9 warning: no file matches etc/x/none*',
  ]);
  t.deepEqual(found('wild', ''), [
    'etc/main.conf:3:15 error: "wild" is not one of wildcard_match, brace_match, match, readable',
  ]);
});

test('folders that a pattern matches are passed over', t => {
  const { found } = load({
    'etc/main.conf': 'include x/*\n',
    'etc/x/a': 'global_defs {\n}\n',
    'etc/x/y/b': 'rubbish',
  });
  t.deepEqual(found, []);
});

test('choices in braces are taken in the order in which they are written', t => {
  t.deepEqual(
    expandPattern('{b,a}{2,1}', () => ['a1', 'a2', 'b1', 'b2']),
    ['b2', 'b1', 'a2', 'a1'],
  );
  t.deepEqual(alternatives('f/{,c{d,e}},b'), ['f/,b', 'f/cd,b', 'f/ce,b']);
  t.deepEqual(alternatives('a{b'), ['a{b']);
});

test('a file that includes itself is an error that shows the way', t => {
  const { found } = load({ 'etc/main.conf': 'include a.conf\n', 'etc/a.conf': '\ninclude main.conf\n' });
  t.deepEqual(found, [
    'etc/a.conf:2:9 error: etc/main.conf includes itself: etc/main.conf -> etc/a.conf -> etc/main.conf',
  ]);
});

test('problems are told by the file they are in', t => {
  const { found } = load({
    'etc/main.conf': 'include a.conf\nfoo\n',
    'etc/a.conf': 'bar\nsystem {\n',
  });
  t.deepEqual(found, [
    'etc/a.conf:1:1 error: unknown word "bar" at the top level',
    'etc/a.conf:2:1 error: the block of system is never closed',
    'etc/main.conf:2:1 error: unknown word "foo" in system',
  ]);
});

test('include without one name is an error', t => {
  const { found } = load({ 'etc/main.conf': 'include\ninclude a b\nglobal_defs {\n}\n' });
  t.deepEqual(found, [
    'etc/main.conf:1:8 error: include takes one file name',
    'etc/main.conf:2:9 error: include takes one file name',
  ]);
});

test('included files are bounded in number', t => {
  const files: Record<string, string> = { 'etc/main.conf': 'include d/*\n', 'etc/leaf.conf': '' };
  for (let i = 0; i < 400; i++) files[`etc/d/${i}`] = 'include ../leaf.conf\n'.repeat(5);
  const reader = memoryReader(files);
  const read = (path: string) => reader.read(path.replace('d/../', ''));
  const { problems } = loadConfig('etc/main.conf', { ...reader, read });
  t.true(problems.some(each => each.message === 'more than 1000 files of configuration'));
});

test('a byte order mark at the start of a file is passed over', t => {
  const { config } = load({ 'etc/main.conf': '\ufeffglobal_defs {\nrouter_id a\n}\n' });
  t.is(config?.globals.routerId, 'a');
});

test('patterns know stars, question marks, sets and braces', t => {
  const names = ['a.conf', 'b.conf', 'c.txt', '.d.conf', 'a+b', 'x(1)'];
  const match = (pattern: string) => expandPattern(pattern, () => names);
  t.deepEqual(match('*.conf'), ['a.conf', 'b.conf']);
  t.deepEqual(match('?.txt'), ['c.txt']);
  t.deepEqual(match('[ab].conf'), ['a.conf', 'b.conf']);
  t.deepEqual(match('[!a].conf'), ['b.conf']);
  t.deepEqual(match('{a,c}.*'), ['a.conf', 'c.txt']);
  t.deepEqual(match('.*'), ['.d.conf']);
  t.deepEqual(match('?+b'), ['a+b']);
  t.deepEqual(match('x(?)'), ['x(1)']);
  t.deepEqual(match('[z-a]'), []);
  t.true(isPattern('a*'));
  t.false(isPattern('a.conf'));
});

test('a pattern in a folder looks into each', t => {
  const folders: Record<string, string[]> = {
    'r/': ['one', 'two'],
    'r/one/': ['x.conf'],
    'r/two/': ['y.conf'],
  };
  const list = (folder: string) => {
    const names = folders[folder];
    if (names === undefined) throw new Error('no such folder');
    return names;
  };
  t.deepEqual(expandPattern('r/*/x.conf', list), ['r/one/x.conf']);
  t.deepEqual(expandPattern('r/{one,two}/*', list), ['r/one/x.conf', 'r/two/y.conf']);
  t.deepEqual(expandPattern('nosuch/*', list), []);
});
