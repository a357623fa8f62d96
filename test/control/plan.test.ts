import test from 'ava';
import type { Config } from '../../src/director/config/config.ts';
import { planBoard, planVrrp } from '../../src/director/control/plan.ts';
import { goodConfig, instance } from '../config/support.ts';
import { INSTANCE, sampleConfig, virtualAddress } from './sample.ts';

const NOTHING = sampleConfig({ vrrpInstances: [] });
const ONE = sampleConfig();

test('instances are added, removed and changed by name', t => {
  t.deepEqual(planVrrp(ONE, ONE), []);
  t.deepEqual(planVrrp(ONE, NOTHING), ['remove instance web']);
  t.deepEqual(planVrrp(NOTHING, ONE), ['add instance web on eth0']);
  t.deepEqual(planVrrp(null, ONE), ['add instance web on eth0']);
});

test('each setting that changes is named with its values', t => {
  const changed = {
    ...INSTANCE,
    priority: 150,
    virtualAddresses: [...INSTANCE.virtualAddresses, virtualAddress('10.0.0.101', 24, 'eth1')],
  };
  t.deepEqual(planVrrp(ONE, sampleConfig({ vrrpInstances: [changed] })), [
    'instance web: priority 100 becomes 150',
    'instance web: virtual addresses 10.0.0.100/24 on eth0 becomes 10.0.0.100/24 on eth0, 10.0.0.101/24 on eth1',
  ]);
});

test('keys and passwords are not shown', t => {
  const changed = { ...INSTANCE, authentication: { kind: 'PASS', password: 'secret' } } as const;
  t.deepEqual(planVrrp(ONE, sampleConfig({ vrrpInstances: [changed] })), [
    'instance web: authentication changes',
  ]);
});

const inInstances = (lines: string, more: string) => {
  const instance = (name: string, id: number) =>
    `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${id}\nvirtual_ipaddress {\n10.0.0.${id}/24\n}\n${lines}}\n`;
  return goodConfig(instance('A', 1) + instance('B', 2) + more);
};

test('sync groups, trackers and settings are planned as well', t => {
  const before: Config = inInstances('', '');
  const script = 'vrrp_script chk {\nscript /bin/true\n}\n';
  const group = 'vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n';
  const after = inInstances(
    'track_script {\nchk\n}\n',
    `${script}${group}global_defs {\nvrrp_startup_delay 2\n}\n`,
  );
  const plan = planVrrp(before, after);
  for (const line of ['add sync group G', 'add script chk', 'startup delay 0 becomes 2000']) {
    t.true(plan.includes(line), plan.join('\n'));
  }
  t.true(planVrrp(after, before).includes('remove sync group G'));
});

test('of what is tracked the part that changes is shown', t => {
  const tracking = (lines: string) => inInstances(`track_interface {\n${lines}}\n`, '');
  const before = tracking('eth1 weight -10\neth2\n');
  t.deepEqual(planVrrp(before, tracking('eth1 weight -20\neth3\n')), [
    'instance A: tracks interfaces eth1 weight -10 becomes -20',
    'instance A: remove tracks interfaces eth2',
    'instance A: add tracks interfaces eth3',
    'instance B: tracks interfaces eth1 weight -10 becomes -20',
    'instance B: remove tracks interfaces eth2',
    'instance B: add tracks interfaces eth3',
  ]);
});

test('what heat does is shown, for all and for each instance that follows', t => {
  const cool = goodConfig(instance());
  const heated = goodConfig(`thermal { weight -60 }\n${instance()}`);
  t.regex(planVrrp(cool, heated).join('\n'), /^instance VI_1: tracks heat nothing becomes -60$/);
  t.deepEqual(planBoard(cool, heated), ['add thermal']);
  t.deepEqual(planBoard(heated, cool), ['remove thermal']);
  const limits = goodConfig(`thermal {\nweight -60\nwarn 60\nhot 70\ncritical 80\n}\n${instance()}`);
  t.deepEqual(planVrrp(heated, limits), []);
  t.deepEqual(planBoard(heated, limits), ['add thermal limits']);
  const others = goodConfig(
    `thermal {\nweight -60\nwarn 60\nhot 72\ncritical 80\nvoltage in7 {\nleast 3.1\n}\n}\n${instance()}`,
  );
  t.deepEqual(planBoard(limits, others), ['thermal limits hot 70 becomes 72', 'add thermal voltages in7']);
  t.deepEqual(planBoard(limits, limits), []);
});

test('what changes on the board itself is shown, a password without its hash', t => {
  const before = goodConfig('system {\nhostname lb1\npassword_hash "$6$salt$one"\n}');
  const after = goodConfig(
    'system {\nhostname lb2\npassword_hash "$6$salt$two"\nntp_server 192.0.2.123\n}\nflash_budget {\nper_day 64k\ncard slc-static\n}',
  );
  t.deepEqual(planBoard(before, after), [
    'host name lb1 becomes lb2',
    'password hash changes',
    'ntp servers nothing becomes 192.0.2.123',
    'budget per day nothing becomes 65536',
    'card nothing becomes slc-static',
  ]);
  t.deepEqual(planBoard(after, after), []);
});
