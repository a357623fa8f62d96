import test from 'ava';
import type {
  CheckConfig,
  Config,
  RealServerConfig,
  VirtualServerConfig,
} from '../../src/director/config/config.ts';
import { KINDS, type Kind, partOf } from '../../src/director/control/partial.ts';
import { describe } from '../../src/director/ipvs/describe.ts';
import { desiredTable } from '../../src/director/ipvs/desired.ts';
import { type IpvsChange, plan } from '../../src/director/ipvs/plan.ts';
import { generator } from '../netlink/random.ts';

function server(host: number, rest: Partial<RealServerConfig> = {}): RealServerConfig {
  return { address: `10.0.0.${host}`, port: 80, weight: 1, forwarding: 'DR', checks: [], ...rest };
}

function service(
  port: number,
  realServers: readonly RealServerConfig[],
  rest: Partial<VirtualServerConfig> = {},
): VirtualServerConfig {
  const key = { kind: 'address', protocol: 'TCP', address: '10.0.0.80', port } as const;
  return { key, scheduler: 'wlc', persistenceTimeout: null, realServers, ...rest };
}

function config(virtualServers: readonly VirtualServerConfig[], routerId = 'one'): Config {
  return { globals: { routerId }, virtualServers } as unknown as Config;
}

/** The kernel's table when all servers are up. */
function tableFor({ virtualServers }: Config) {
  return desiredTable(
    virtualServers.map(each => ({
      config: each,
      servers: each.realServers.map(real => ({ config: real, weight: real.weight })),
    })),
  );
}

function changes(from: Config, to: Config): IpvsChange[] {
  return plan(tableFor(to), tableFor(from));
}

const before = config([service(80, [server(11), server(12), server(13)]), service(443, [server(11)])]);
const after = config(
  [
    service(80, [server(11, { weight: 5 }), server(12, { forwarding: 'NAT' }), server(14)], {
      scheduler: 'rr',
    }),
    service(25, [server(11)]),
  ],
  'two',
);

const part = (...only: Kind[]) => changes(before, partOf(before, after, only)).map(describe);

test('only what is new', t => {
  t.deepEqual(part('add'), [
    'add 10.0.0.14:80 to TCP 10.0.0.80:80: DR, weight 1',
    'add TCP 10.0.0.80:25: wlc',
    'add 10.0.0.11:80 to TCP 10.0.0.80:25: DR, weight 1',
  ]);
});

test('only weights', t => {
  t.deepEqual(part('weight'), ['change 10.0.0.11:80 of TCP 10.0.0.80:80: weight 1 becomes 5']);
});

test('only other settings', t => {
  t.deepEqual(part('change'), [
    'change TCP 10.0.0.80:80: wlc becomes rr',
    'change 10.0.0.12:80 of TCP 10.0.0.80:80: DR, weight 1 becomes NAT, weight 1',
  ]);
});

test('only what is gone', t => {
  t.deepEqual(part('delete'), ['delete 10.0.0.13:80 of TCP 10.0.0.80:80', 'delete TCP 10.0.0.80:443']);
});

test('what is no virtual service is one kind', t => {
  t.deepEqual(part('rest'), []);
  t.is(partOf(before, after, ['rest']).globals.routerId, 'two');
  t.is(partOf(before, after, ['add', 'weight', 'change', 'delete']).globals.routerId, 'one');
});

test('a check that says weights begins with the one that is in force', t => {
  const misc = { kind: 'MISC_CHECK', dynamicFrom: 5 } as unknown as CheckConfig;
  const agent = { kind: 'AGENT_CHECK', weightFrom: 5 } as unknown as CheckConfig;
  const checked = config([service(80, [server(11, { weight: 5, checks: [misc, agent] })])]);
  const heavier = config([
    service(80, [
      server(11, {
        weight: 9,
        checks: [
          { ...misc, dynamicFrom: 9 },
          { ...agent, weightFrom: 9 },
        ] as CheckConfig[],
      }),
    ]),
  ]);
  t.deepEqual(partOf(checked, heavier, ['weight']), heavier);
  t.deepEqual(partOf(checked, heavier, ['change']), checked);
});

test('two services may not become one by half a change', t => {
  const one = service(80, [server(11)]);
  const group = service(80, [server(11)], { group: { name: 'web', keys: [one.key] } });
  t.throws(() => partOf(config([one]), config([group]), ['add']), {
    message: /TCP 10\.0\.0\.80:80 and group web|group web and TCP 10\.0\.0\.80:80/,
  });
  t.deepEqual(partOf(config([one]), config([group]), ['add', 'delete']).virtualServers, [group]);
});

test('a part needs a whole', t => {
  t.throws(() => partOf(undefined, after, ['add']), { message: /nothing is in force/ });
});

function kindOf({ kind }: IpvsChange): Kind {
  return kind.startsWith('add') ? 'add' : kind.startsWith('delete') ? 'delete' : 'change';
}

test('any part changes only its kinds, and all parts one after the other are the whole', t => {
  const seed = Number(process.env.SEED ?? 20261121);
  t.log(`seed ${seed}`);
  const random = generator(seed);
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const randomConfig = () =>
    config(
      [80, 81, 82]
        .filter(() => random(3) > 0)
        .map(port =>
          service(
            port,
            [11, 12, 13]
              .filter(() => random(2))
              .map(host => server(host, { weight: pick([1, 2]), forwarding: pick(['DR', 'NAT'] as const) })),
            { scheduler: pick(['rr', 'wlc'] as const) },
          ),
        ),
      pick(['one', 'two']),
    );
  for (let round = 0; round < 500; round += 1) {
    const [from, to] = [randomConfig(), randomConfig()];
    const only = KINDS.filter(() => random(2));
    const some = partOf(from, to, only);
    for (const change of changes(from, some)) {
      if (change.kind === 'set destination') {
        const { before: old, destination } = change;
        if (old.weight !== destination.weight) t.true(only.includes('weight'));
        if (old.forwarding !== destination.forwarding) t.true(only.includes('change'));
      } else {
        t.true(only.includes(kindOf(change)), describe(change));
      }
    }
    const whole = KINDS.reduce((config, kind) => partOf(config, to, [kind]), from);
    t.deepEqual(changes(whole, to), []);
    t.deepEqual(whole.globals, to.globals);
    t.deepEqual(changes(partOf(from, to, KINDS), to), []);
  }
});
