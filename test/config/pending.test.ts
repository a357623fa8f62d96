// Words that can be read but have no effect yet are refused, and what stands in their blocks is checked all the same.
import test from 'ava';
import { loadConfig } from '../../src/director/config/load.ts';
import { PENDING } from '../../src/director/config/pending.ts';
import { vocabulary } from '../../src/director/config/root.ts';
import { describe, instance, memoryReader, service } from './support.ts';

function problemsWith(pending: Readonly<Record<string, readonly string[]>>, text: string): string[] {
  return loadConfig('main.conf', memoryReader({ 'main.conf': text }), pending).problems.map(describe);
}

test('a pending word is refused in its block and nowhere else', t => {
  const pending = { vrrp_instance: ['priority'], '': ['virtual_server'], real_server: ['priority'] };
  t.deepEqual(problemsWith(pending, instance('priority 7')), [
    '7:1 error: priority is known to keepalived, but not supported by this version',
  ]);
  t.deepEqual(problemsWith(pending, service('', 'weight x')), [
    '1:1 error: virtual_server is known to keepalived, but not supported by this version',
    '7:8 error: "x" is not a whole number from 0 to 65535',
  ]);
  t.deepEqual(problemsWith({}, instance('priority 7')), []);
});

test('another word for a pending one is refused as well', t => {
  t.deepEqual(problemsWith({ virtual_server: ['lvs_sched'] }, service()), [
    '2:1 error: lb_algo is known to keepalived, but not supported by this version',
  ]);
});

test('a pending word that is not of keepalived is not said to be', t => {
  const [problem] = problemsWith({ '': ['system'] }, 'system {\n}\n');
  t.is(problem, '1:1 error: system is not supported by this version');
});

test('every pending word of the top level is in the vocabulary', t => {
  const unknown = (PENDING[''] ?? []).filter(word => !vocabulary.has(word));
  t.deepEqual(unknown, []);
});
