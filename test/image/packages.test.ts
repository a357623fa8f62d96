// Which npm packages a bundle is made of.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { bundledPackages } from '../../image/packages.ts';
import { sha256 } from '../../image/step.ts';

test('each package in a bundle is told with its version, licence and files', t => {
  const root = mkdtempSync(join(tmpdir(), 'packages-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  put('node_modules/@scope/one/package.json', '{"version": "1.2.3", "license": "MIT"}');
  put('node_modules/@scope/one/lib/b.js', 'b');
  put('node_modules/@scope/one/a.js', 'a');
  put('node_modules/@scope/one/node_modules/two/package.json', '{"version": "2.0.0", "license": "ISC"}');
  put('node_modules/@scope/one/node_modules/two/index.js', 'two');
  const sources = [
    'src/director/main.ts',
    'node_modules/@scope/one/lib/b.js',
    'node_modules/@scope/one/a.js',
    'node_modules/@scope/one/node_modules/two/index.js',
  ];
  t.deepEqual(bundledPackages(root, JSON.stringify({ sources })), [
    {
      name: '@scope/one',
      version: '1.2.3',
      licence: 'MIT',
      sources: [
        { file: 'a.js', sha256: sha256('a') },
        { file: 'lib/b.js', sha256: sha256('b') },
      ],
    },
    { name: 'two', version: '2.0.0', licence: 'ISC', sources: [{ file: 'index.js', sha256: sha256('two') }] },
  ]);
});
