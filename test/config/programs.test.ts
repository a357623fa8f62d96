// Programs that a configuration names, where it is known which there are.
import test from 'ava';
import { loadConfig } from '../../src/director/config/load.ts';
import { describe, instance, memoryReader } from './support.ts';

function problemsOn(machine: Readonly<Record<string, string>>, text: string): string[] {
  const reader = {
    ...memoryReader({ 'main.conf': text }),
    troubleOf: (path: string) => machine[path] ?? null,
  };
  return loadConfig('main.conf', reader).problems.map(describe);
}

test('a program that cannot be run is a warning at the command', t => {
  const text = instance('notify "/bin/tell all"\nnotify_master /bin/true\nnotify_fault tell');
  t.deepEqual(problemsOn({ '/bin/tell': 'no such file' }, text), ['7:8 warning: /bin/tell: no such file']);
});

test('scripts of trackers are looked for as well', t => {
  const text = `${instance('track_script {\nchk\n}')}vrrp_script chk {\nscript /bin/chk\n}\n`;
  t.deepEqual(problemsOn({ '/bin/chk': 'this file is not executable' }, text), [
    '12:8 warning: /bin/chk: this file is not executable',
  ]);
});

test('where nobody knows which programs there are, none is missed', t => {
  const reader = memoryReader({ 'main.conf': instance('notify /no/such/program') });
  t.deepEqual(loadConfig('main.conf', reader).problems, []);
});
