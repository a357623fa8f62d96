// What checks have in common: their beat, and where they connect from and to.
import test from 'ava';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { goodConfig, problemsOf, service } from './support.ts';

function checkOf(inCheck: string, inServer = '', inService = ''): CheckConfig {
  const text = service(inService, `${inServer}\nTCP_CHECK {\n${inCheck}\n}`);
  return goodConfig(text).virtualServers[0]!.realServers[0]!.checks[0]!;
}

test('the check counts before its real server, that before its virtual server', t => {
  const said = (seconds: number) =>
    [`delay_loop ${seconds}`, `warmup ${seconds}`, `connect_timeout ${seconds}`, `retry ${seconds}`].join(
      '\n',
    );
  const is = (number: number) => ({
    interval: number * 1000,
    warmup: number * 1000,
    connectTimeout: number * 1000,
    retries: number,
  });
  t.like(checkOf(said(1), said(2), said(3)), is(1));
  t.like(checkOf('', said(2), said(3)), is(2));
  t.like(checkOf('', '', said(3)), is(3));
});

test('what is not said is not there', t => {
  t.deepEqual(checkOf(''), {
    kind: 'TCP_CHECK',
    connectAddress: '10.0.0.1',
    connectPort: 80,
    connectTimeout: 5000,
    interval: 60_000,
    retries: 1,
    delayBeforeRetry: 1000,
  });
});

test('a server waits for its first success unless alpha is switched off', t => {
  t.is(checkOf('').assumedUp, undefined);
  t.is(checkOf('alpha').assumedUp, undefined);
  t.is(checkOf('', 'alpha yes').assumedUp, undefined);
  t.true(checkOf('alpha off').assumedUp);
  t.true(checkOf('', '', 'alpha no').assumedUp);
  t.is(checkOf('', 'alpha', 'alpha no').assumedUp, undefined);
  t.true(checkOf('log_all_failures').logsFailures);
});

test('a check comes from where it is told to', t => {
  const lines = 'bindto 10.0.0.9\nbind_port 1023\nbind_if eth1\nfwmark 7';
  t.like(checkOf(lines), { source: { address: '10.0.0.9', port: 1023, interface: 'eth1', mark: 7 } });
  t.like(checkOf('fwmark 7'), { source: { mark: 7 } });
  t.false('source' in checkOf('fwmark 0'));
});

test('what cannot work is told', t => {
  const told = (lines: string) => problemsOf(service('', `TCP_CHECK {\n${lines}\n}`));
  t.deepEqual(told('bindto 2001:db8::1'), [
    '8:8 error: 2001:db8::1 cannot reach 10.0.0.1: the families differ',
  ]);
  t.deepEqual(told('connect_ip fe80::1'), ['8:1 error: fe80::1 is link-local']);
  t.deepEqual(told('connect_ip fe80::1\nbindto fe80::2\nbind_if eth0'), []);
  t.deepEqual(told('fwmark -1'), ['8:8 error: "-1" is not a whole number from 0 to 4294967295']);
});
