// The same career of servers and services as keepalived 2.2.7 had on the board's kernel; what is expected is what it wrote into its
// lvs_notify_fifo and which programs it ran.
import test from 'ava';
import type { Config, RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { createNotifier } from '../../src/director/notify/notifier.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, sampleConfig, virtualServer } from '../control/sample.ts';

const FIFO = '/run/lvs';
const NAMES = ['TCP 10.8.0.1:80', 'fwmark 7 IPv4', 'group shop'] as const;

const command = (...words: string[]) => ({ words: ['/rec', ...words], user: null, group: null });

function server(number: number): RealServerConfig {
  const name = `rs${number}`;
  return realServer(`10.7.0.${number}`, { onUp: command(name, 'up'), onDown: command(name, 'down') });
}

/** `whole`: with all services and servers; else the first with its second server is left. */
function configOf(whole: boolean, more: Partial<VirtualServerConfig>): Config {
  const service = (
    number: number,
    servers: readonly RealServerConfig[],
    is: Partial<VirtualServerConfig>,
  ) => {
    const name = `vs${number}`;
    const quorum = { weight: 1, hysteresis: 0, onUp: command(name, 'up'), onDown: command(name, 'down') };
    return virtualServer(servers, { quorum, ...is, ...more });
  };
  const tcp = (address: string) => ({ kind: 'address', protocol: 'TCP', address, port: 80 }) as const;
  const keys = [tcp('10.8.0.5'), tcp('10.8.0.6')];
  const fifo = {
    path: FIFO,
    about: 'lvs' as const,
    user: null,
    group: null,
    statesOnReload: false,
    script: null,
  };
  const first = service(1, whole ? [server(1), server(2)] : [server(2)], { key: tcp('10.8.0.1') });
  const others = [
    service(2, [server(1)], { key: { kind: 'fwmark', mark: 7, family: 4 } }),
    service(3, [server(1)], { key: keys[0]!, group: { name: 'shop', keys } }),
  ];
  return sampleConfig({
    vrrp: { ...NO_VRRP, fifos: [fifo] },
    virtualServers: whole ? [first, ...others] : [first],
  });
}

function begin(more: Partial<VirtualServerConfig> = {}) {
  const platform = createFake({ files: { '/run/x': '', '/proc/sys/kernel/hostname': 'lvs1\n' } });
  const log = { info() {}, warn() {}, error() {} };
  const notifier = createNotifier(platform, {
    commands: createCommands(platform),
    log,
    path: '/run/notified.json',
    servicesPath: '/run/notified-services.json',
  });
  notifier.configure(configOf(true, more));
  /** `1.2 down`: the second server of the first service; `1 up`: its quorum. */
  const happen = (...events: string[]) => {
    for (const text of events) {
      const [who = '', state = ''] = text.split(' ');
      const [service = '', number] = who.split('.');
      notifier.happenedToService({
        subject: number === undefined ? 'VIRTUAL SERVER' : 'REAL SERVER',
        service: NAMES[Number(service) - 1]!,
        server: number === undefined ? null : `10.7.0.${number}:80`,
        state: state as ServiceEvent['state'],
        reason: '',
        at: 0,
      });
    }
  };
  /** The lines and the programs since the last time, sorted: keepalived has programs run at the same time. */
  const seen = () => {
    const ran: string[] = [];
    while (platform.processes.children.size > 0) {
      const [pid, { args }] = [...platform.processes.children][0]!;
      ran.push(args.slice(1).join(' '));
      platform.processes.end(pid, 0);
      platform.clock.settle();
    }
    return { lines: platform.files.drainFifo(FIFO), ran: ran.sort().join(', ') };
  };
  return { platform, notifier, happen, seen, reload: () => notifier.configure(configOf(false, more)) };
}

const LOST = `RS [10.7.0.1]:tcp:80 [10.8.0.1]:tcp:80 DOWN
VS [10.8.0.1]:tcp:80 DOWN
RS [10.7.0.1]:none:80 FWM 7 DOWN
VS FWM 7 DOWN
RS [10.7.0.1]:tcp:80 [shop]:0 DOWN
VS [shop]:0 DOWN
`;
const REMOVED = LOST.replace('VS [10.8.0.1]:tcp:80 DOWN\n', '');

test('servers that come, go and are taken out of the configuration', async t => {
  const { notifier, happen, seen, reload } = begin();
  happen('1.1 up', '1 up', '2.1 up', '2 up', '3.1 up', '3 up', '1.2 down');
  t.deepEqual(seen(), {
    lines: `VS [10.8.0.1]:tcp:80 UP
VS FWM 7 UP
VS [shop]:0 UP
RS [10.7.0.2]:tcp:80 [10.8.0.1]:tcp:80 DOWN
`,
    ran: 'rs2 down, vs1 up, vs2 up, vs3 up',
  });
  happen('1.1 down', '1 down', '2.1 down', '2 down', '3.1 down', '3 down');
  t.deepEqual(seen(), {
    lines: LOST,
    ran: 'rs1 down, rs1 down, rs1 down, vs1 down, vs2 down, vs3 down',
  });
  happen('1.1 up', '1 up', '1.2 up', '3.1 up', '3 up', '2.1 up', '2 up');
  t.deepEqual(seen(), {
    lines: `RS [10.7.0.1]:tcp:80 [10.8.0.1]:tcp:80 UP
VS [10.8.0.1]:tcp:80 UP
RS [10.7.0.2]:tcp:80 [10.8.0.1]:tcp:80 UP
RS [10.7.0.1]:tcp:80 [shop]:0 UP
VS [shop]:0 UP
RS [10.7.0.1]:none:80 FWM 7 UP
VS FWM 7 UP
`,
    ran: 'rs1 up, rs1 up, rs1 up, rs2 up, vs1 up, vs2 up, vs3 up',
  });
  reload();
  t.deepEqual(seen(), { lines: REMOVED, ran: 'rs1 down, rs1 down, rs1 down, vs2 down, vs3 down' });
  const stopped = notifier.stop();
  t.deepEqual(seen(), { lines: '', ran: '' });
  await stopped;
});

test('with alpha and omega the first and the last moment are told too', async t => {
  const { notifier, happen, seen, reload } = begin({ tellsStart: true, tellsStop: true });
  happen('1.1 up', '1 up', '1.2 down', '2.1 up', '2 up', '3.1 up', '3 up');
  t.deepEqual(seen(), {
    lines: `RS [10.7.0.1]:tcp:80 [10.8.0.1]:tcp:80 UP
VS [10.8.0.1]:tcp:80 UP
RS [10.7.0.2]:tcp:80 [10.8.0.1]:tcp:80 DOWN
RS [10.7.0.1]:none:80 FWM 7 UP
VS FWM 7 UP
RS [10.7.0.1]:tcp:80 [shop]:0 UP
VS [shop]:0 UP
`,
    ran: 'rs1 up, rs1 up, rs1 up, rs2 down, vs1 up, vs2 up, vs3 up',
  });
  happen('1.2 up');
  seen();
  reload();
  t.deepEqual(seen(), { lines: REMOVED, ran: 'rs1 down, rs1 down, rs1 down, vs2 down, vs3 down' });
  const stopped = notifier.stop();
  t.deepEqual(seen(), {
    lines: 'RS [10.7.0.2]:tcp:80 [10.8.0.1]:tcp:80 DOWN\nVS [10.8.0.1]:tcp:80 DOWN\n',
    ran: 'rs2 down, vs1 down',
  });
  await stopped;
});
