// The whole director on one page: what is wrong is gathered from everywhere.
import test from 'ava';
import { collectStatus, type StatusSources } from '../../src/director/control/status.ts';
import type { VrrpInstanceStatus } from '../../src/director/protocol.ts';

/** As far as what is wrong goes. */
const GOOD = { faults: [], duplicate: null, trouble: null };

function troublesWith(instances: Partial<VrrpInstanceStatus>[]): Promise<readonly string[]> {
  const link = (answer: unknown) => ({ trouble: null, ask: async () => answer });
  const sources = {
    children: [],
    watchdogTrouble: 'this board has no watchdog that Linux knows',
    configFile: 'site.conf',
    configSince: null,
    vrrp: link({ instances, syncGroups: [] }),
    checker: link({ services: [], repairs: 0, trouble: null }),
    telemetry: link({ budget: null, troubles: ['ALARM: 2 sectors written'] }),
    machine: { repairs: {}, troubles: [], notes: [] },
    attendants: { troubles: ['sync daemon: ENODEV'] },
    commits: { trouble: null },
    card: { troubles: [] },
    hardware: { heat: null, troubles: ['the board is warm'] },
    now: () => 0,
  } as unknown as StatusSources;
  return collectStatus(sources).then(({ troubles }) => troubles);
}

test('a second master and a fault are trouble of the whole director', async t => {
  const duplicate = { address: '10.0.0.9', priority: 90, cause: 'its key differs from ours (auth_hmac)' };
  t.deepEqual(
    await troublesWith([
      { ...GOOD, name: 'web' },
      { ...GOOD, name: 'mail', duplicate, trouble: 'advertisement from 10.0.0.9 discarded' },
      { ...GOOD, name: 'dns', faults: ['the interface is down or missing'] },
    ]),
    [
      'ALARM: 2 sectors written',
      'mail: ALARM: second master 10.0.0.9, priority 90: its key differs from ours (auth_hmac)',
      'mail: advertisement from 10.0.0.9 discarded',
      'dns: FAULT: the interface is down or missing',
      'sync daemon: ENODEV',
      'the board is warm',
      'this board has no watchdog that Linux knows',
    ],
  );
});
