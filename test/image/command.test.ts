// npm run image, as far as it says no: exit status 2, before anything is built.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');

function image(...args: string[]) {
  return spawnSync(process.execPath, [join(root, 'image/main.ts'), ...args], { encoding: 'utf8' });
}

test('an unknown board is refused and the boards are listed', t => {
  const { status, stderr } = image('nosuch');
  t.is(status, 2);
  t.is(stderr, 'there is no board "nosuch"; boards: alix, geos, net4501, net4521, net4801, net5501, wrap\n');
});

test('without a board the usage and the boards are shown', t => {
  const { status, stderr } = image();
  t.is(status, 2);
  t.regex(stderr, /^usage: npm run image -- <board>\|all .*\nboards: alix, /);
});

test('an unknown option is refused', t => {
  const { status, stderr } = image('net4801', '--fast');
  t.is(status, 2);
  t.regex(stderr, /Unknown option '--fast'/);
});

test('a configuration with mistakes is refused with the place of each', t => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'site.conf');
  writeFileSync(file, 'vrrp_instnce A {\n}\ninclude more.conf\n');
  const { status, stderr } = image('net4801', '--config', file);
  t.is(status, 2);
  t.true(stderr.includes(`${file}:1:1: error: `));
  t.true(stderr.includes(`${file}:3:9: error: `));
  t.regex(stderr, /a card carries one file/);
});

test('files that are not there, or not a key, are refused', t => {
  t.is(image('net4801', '--config', '/nonexistent/site.conf').status, 2);
  t.is(image('net4801', '--key', '/nonexistent/key').status, 2);
  const { status, stderr } = image('net4801', '--key', join(root, 'package.json'));
  t.is(status, 2);
  t.regex(stderr, /not a private key in PEM; make one: openssl genpkey -algorithm ed25519/);
});
