import test from 'ava';
import { describePlan } from '../../src/director/console/plan.ts';
import { describeOverview, describeServices } from '../../src/director/console/services.ts';
import { describeStatus } from '../../src/director/console/status.ts';
import { duration, table } from '../../src/director/console/table.ts';
import { describeVrrp, oneOf } from '../../src/director/console/vrrp.ts';
import type { RealServerStatus, VrrpInstanceStatus } from '../../src/director/protocol.ts';

const SERVER: RealServerStatus = {
  address: '10.0.0.11',
  port: 80,
  forwarding: 'DR',
  weight: 1,
  state: 'up',
  reason: 'status 200 for /',
  since: 3_725_000,
  activeConnections: 12,
  inactiveConnections: 3,
};

const INSTANCE: VrrpInstanceStatus = {
  name: 'web',
  interface: 'eth0',
  virtualRouterId: 51,
  version: 3,
  family: 4,
  syncGroup: null,
  state: 'BACKUP',
  since: 5000,
  priority: 100,
  configuredPriority: 100,
  adjustments: [],
  faults: [],
  advertInterval: 100,
  virtualAddresses: ['10.0.0.100', '10.0.0.101'],
  master: { address: '10.0.0.2', priority: 150 },
  duplicate: null,
  counters: {
    becameMaster: 1,
    sent: 20,
    received: 700,
    priorityZeroSent: 1,
    priorityZeroReceived: 0,
    discarded: 2,
  },
  trouble: null,
};

const CHECKER = {
  services: [
    {
      key: { kind: 'address' as const, protocol: 'TCP' as const, address: '10.0.0.100', port: 80 },
      scheduler: 'wlc',
      realServers: [
        SERVER,
        {
          ...SERVER,
          address: '10.0.0.12',
          state: 'down' as const,
          reason: 'connection refused',
          activeConnections: null,
          inactiveConnections: null,
        },
      ],
    },
  ],
  repairs: 4,
  trouble: null,
};

test('columns are as wide as their widest cell', t => {
  t.is(
    table([
      ['a', 'long', 'x'],
      ['longer', 'b', ''],
    ]),
    'a       long  x\nlonger  b\n',
  );
});

test('a duration shows its two largest units', t => {
  const cases: [number, string][] = [
    [0, '0 s'],
    [59_999, '59 s'],
    [61_000, '1 min 1 s'],
    [3_725_000, '1 h 2 min'],
    [90_061_000, '1 d 1 h'],
  ];
  for (const [milliseconds, text] of cases) t.is(duration(milliseconds), text);
});

test('services show each real server with its state and why', t => {
  t.is(
    describeServices(CHECKER),
    `SERVICE / REAL SERVER  KIND  WEIGHT  ACTIVE  INACTIVE  STATE  SINCE      REASON
TCP 10.0.0.100:80      wlc
  10.0.0.11:80         DR    1       12      3         up     1 h 2 min  status 200 for /
  10.0.0.12:80         DR    1       -       -         down   1 h 2 min  connection refused
`,
  );
  t.is(describeServices({ services: [], repairs: 0, trouble: null }), 'no virtual service is configured\n');
  t.regex(describeServices({ ...CHECKER, trouble: 'no IPVS' }), /TROUBLE\n {2}no IPVS\n$/);
});

test('quorum, sorry server, names and what time will change are shown', t => {
  const [service] = CHECKER.services;
  const quorum = { up: false, weight: 1, needed: 3, since: 5000 };
  const sorryServer = { ...SERVER, address: '10.0.0.99', state: 'sorry' as const, reason: 'quorum lost' };
  const ramped = {
    ...SERVER,
    name: 'web1',
    weight: 3,
    configuredWeight: 10,
    rampLeft: 61_000,
    reason: 'status 200',
  };
  const draining = {
    ...SERVER,
    state: 'draining' as const,
    drainLeft: 5000,
    persistentConnections: 2,
    reason: 'ordered',
  };
  const damped = { ...SERVER, state: 'damped' as const, penalty: 900, dampedLeft: 30_000, reason: '' };
  const realServers = [ramped, draining, damped];
  t.is(
    describeServices({
      ...CHECKER,
      services: [{ ...service!, name: 'group shop', quorum, sorryServer, realServers }],
    }),
    `SERVICE / REAL SERVER  KIND  WEIGHT  ACTIVE  INACTIVE  STATE     SINCE      REASON
group shop             wlc   1                         LOST      5 s        1 of 3 up, weight 1 of 3 needed
  10.0.0.11:80 web1    DR    3/10    12      3         up        1 h 2 min  status 200; full weight in 1 min 1 s
  10.0.0.11:80         DR    1       12      3         draining  1 h 2 min  ordered; 2 of persistent clients; 5 s left
  10.0.0.11:80         DR    1       12      3         damped    1 h 2 min  penalty 900; serves again in 30 s
  sorry 10.0.0.99:80   DR    1       12      3         sorry     1 h 2 min  quorum lost
`,
  );
});

test('of thousands of real servers those are shown that are not up, services without quorum first', t => {
  const quorum = (up: boolean) => ({ up, weight: up ? 1 : 0, needed: 1, since: 5000 });
  const many = Array.from({ length: 200 }, (_, index) => ({
    ...CHECKER.services[0]!,
    name: `group ${index}`,
    quorum: quorum(index !== 7),
    realServers: Array.from({ length: 10 }, () =>
      index === 7 || index === 3 ? { ...SERVER, state: 'down' as const } : SERVER,
    ),
  }));
  const lines = describeOverview({ ...CHECKER, services: many }).split('\n');
  t.deepEqual(lines.slice(0, 3), [
    'services      200, 1 without quorum',
    'real servers  1980 up, 20 down',
    'connections   24000 active, 6000 inactive',
  ]);
  t.regex(lines[5]!, /^group 7 .* LOST/);
  t.regex(lines[16]!, /^group 3 /);
  t.is(lines.length, 30);
  const good = describeOverview({ ...CHECKER, services: many.slice(10) });
  t.regex(good, /nothing is wrong/);
});

test('instances show who is master', t => {
  t.is(
    describeVrrp({ instances: [INSTANCE], syncGroups: [] }),
    `web
  state          BACKUP for 5 s
  interface      eth0, virtual router 51
  priority       100, version 3, every 100 ms
  addresses      10.0.0.100, 10.0.0.101
  master         10.0.0.2, priority 150
  packets        sent 20 (1 goodbyes), received 700 (0 goodbyes), discarded 2
  became master  1 times
`,
  );
  t.regex(
    describeVrrp({ instances: [{ ...INSTANCE, state: 'MASTER' }], syncGroups: [] }),
    /master +this node/,
  );
  t.regex(describeVrrp({ instances: [{ ...INSTANCE, master: null }], syncGroups: [] }), /master +unknown/);
  t.regex(
    describeVrrp({ instances: [{ ...INSTANCE, trouble: 'two masters' }], syncGroups: [] }),
    /trouble +two masters/,
  );
  t.is(describeVrrp({ instances: [], syncGroups: [] }), 'no VRRP instance is configured\n');
});

test('many instances are a table, with what is wrong below and a way to all of one', t => {
  const many = Array.from({ length: 64 }, (_, index) => ({ ...INSTANCE, name: `group${index + 1}` }));
  const cause = 'its key differs from ours (auth_hmac)';
  const lines = describeVrrp({
    instances: [
      { ...many[0]!, duplicate: { address: '10.0.0.9', priority: 90, cause } },
      { ...many[1]!, state: 'FAULT', priority: 80, faults: ['the interface is down or missing'] },
      ...many.slice(2),
    ],
    syncGroups: [{ name: 'both', state: 'FAULT', members: ['group1', 'group2'] }],
  }).split('\n');
  t.deepEqual(lines.slice(0, 4), [
    'INSTANCE  STATE   SINCE  GROUP    PRIORITY             MASTER',
    'group1    BACKUP  5 s    eth0 51  100                  10.0.0.2, priority 150',
    'group2    FAULT   5 s    eth0 51  80 (configured 100)  10.0.0.2, priority 150',
    'group3    BACKUP  5 s    eth0 51  100                  10.0.0.2, priority 150',
  ]);
  t.deepEqual(lines.slice(65), [
    '',
    'TROUBLE',
    `  group1  ALARM  second master 10.0.0.9, priority 90: ${cause}`,
    '  group2  fault  the interface is down or missing',
    '',
    'director vrrp INSTANCE shows all of one',
    '',
    'sync group both: FAULT, group1, group2',
    '',
  ]);
});

test('one instance is shown with its sync group', t => {
  const other = { ...INSTANCE, name: 'mail' };
  const both = { name: 'both', state: 'BACKUP', members: ['web', 'mail'] } as const;
  const alone = { name: 'alone', state: 'BACKUP', members: ['dns'] } as const;
  const all = { instances: [INSTANCE, other], syncGroups: [both, alone] };
  t.deepEqual(oneOf(all, 'mail'), { instances: [other], syncGroups: [both] });
  t.throws(() => oneOf(all, 'nobody'), { message: 'there is no VRRP instance nobody' });
});

test('the status is one screen', t => {
  const status = {
    release: '1.2.3',
    uptime: 90_061_000,
    configFile: '/run/director/director.conf',
    configAge: 61_000,
    roles: [
      { role: 'supervisor' as const, pid: 1, since: 90_061_000, restarts: 0, lastEnd: null },
      { role: 'vrrp' as const, pid: null, since: 500, restarts: 3, lastEnd: 'signal 9' },
    ],
    vrrp: { instances: [INSTANCE], syncGroups: [] },
    checker: CHECKER,
    telemetry: null,
    repairs: { network: 1, filter: 0, kernel: 2, tuning: 0 },
    heat: null,
    troubles: [],
    notes: [],
  };
  t.is(
    describeStatus(status),
    `director  1.2.3, up 1 d 1 h
config    /run/director/director.conf, in force for 1 min 1 s
vrrp      web BACKUP
services  1 configured; real servers: 1 up, 1 down
repairs   table 4, network 1, filter 0, kernel settings 2, tuning 0

ROLE        PID   SINCE    RESTARTS  LAST END
supervisor  1     1 d 1 h  0         -
vrrp        down  0 s      3         signal 9

no trouble
`,
  );
  const instances = [...'ABCDEFGHI'].map(name => ({ ...INSTANCE, name }));
  const many = describeStatus({ ...status, vrrp: { instances, syncGroups: [] } });
  t.regex(many, /vrrp +9 instances: 9 BACKUP\n/);
  const troubled = describeStatus({
    ...status,
    vrrp: null,
    checker: null,
    configAge: null,
    troubles: ['a', 'b'],
  });
  t.regex(troubled, /vrrp +does not answer\n/);
  t.regex(troubled, /not in force yet/);
  const warm = describeStatus({ ...status, heat: { level: 'warm', celsius: 71, sensor: 'lm86 temp2' } });
  t.regex(warm, /\nheat +warm, lm86 temp2 at 71 C\n/);
  t.regex(troubled, /TROUBLE\n {2}a\n {2}b\n$/);
  const noted = describeStatus({ ...status, notes: ['tuning: c'] });
  t.regex(noted, /no trouble\n\nNOTES\n {2}tuning: c\n$/);
});

test('a plan shows its changes by kind', t => {
  const nothing = { network: [], filter: [], kernel: [], tuning: [], board: [], vrrp: [], table: [] };
  t.is(describePlan(nothing), 'nothing to change\n');
  t.is(
    describePlan({ ...nothing, table: ['add x', 'delete y'], network: ['set eth0 up'] }),
    'IPVS table\n  add x\n  delete y\nnetwork\n  set eth0 up\n',
  );
  t.is(describePlan(nothing, ['network: refused']), 'nothing to change\nBUT\n  network: refused\n');
  t.is(describePlan({ ...nothing, table: null }), 'IPVS table\n  the checker does not answer: unknown\n');
});
