import test from 'ava';
import type { Config } from '../../src/director/config/config.ts';
import { NO_VRRP } from '../../src/director/config/vrrp-defaults.ts';
import { createNotifier, type Notifier } from '../../src/director/notify/notifier.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';
import { createCommands } from '../../src/director/system/commands.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, sampleConfig, virtualServer } from '../control/sample.ts';
import { generator } from '../netlink/random.ts';

const FIFO = '/run/lvs';
const SERVERS = [11, 12, 13];
const STATES = ['starting', 'up', 'down', 'draining', 'maintenance', 'damped'] as const;
const ROUNDS = 150;

function configOf(numbers: readonly number[]): Config {
  const command = (word: string) => ({ words: [`/${word}`], user: null, group: null });
  const fifo = {
    path: FIFO,
    about: 'lvs' as const,
    user: null,
    group: null,
    statesOnReload: false,
    script: null,
  };
  const servers = numbers.map(number =>
    realServer(`10.0.0.${number}`, { onUp: command(`up${number}`), onDown: command(`down${number}`) }),
  );
  return sampleConfig({
    vrrp: { ...NO_VRRP, fifos: [fifo] },
    virtualServers: [virtualServer(servers, { tellsStart: true })],
  });
}

/** One life of a director, with restarts of control and reloads; returns what is wrong with what was told. */
function live(seed: number): string[] {
  const pick = generator(seed);
  const platform = createFake({ files: { '/run/x': '', '/proc/sys/kernel/hostname': 'lvs1\n' } });
  const log = { info() {}, warn() {}, error() {} };
  const states = new Map<number, ServiceEvent['state']>();
  const ran: string[] = [];
  const told: string[] = [];
  let configured = SERVERS;
  let notifier: Notifier = begin();

  function begin(): Notifier {
    const started = createNotifier(platform, {
      commands: createCommands(platform),
      log,
      path: '/run/notified.json',
      servicesPath: '/run/notified-services.json',
    });
    started.configure(configOf(configured));
    return started;
  }

  function say(number: number, isPresent: boolean): void {
    const state = states.get(number);
    if (state === undefined) return;
    notifier.happenedToService({
      subject: 'REAL SERVER',
      service: 'TCP 10.0.0.100:80',
      server: `10.0.0.${number}:80`,
      state,
      reason: '',
      at: 0,
      ...(isPresent && { isPresent: true }),
    });
  }

  /** Programs end, what was told is written down. */
  function rest(): void {
    while (platform.processes.children.size > 0) {
      const [pid, { args }] = [...platform.processes.children][0]!;
      ran.push(args[0]!);
      platform.processes.end(pid, 0);
      platform.clock.settle();
    }
    platform.clock.advance(1000);
    told.push(...platform.files.drainFifo(FIFO).split('\n').slice(0, -1));
  }

  for (let round = 0; round < ROUNDS; round++) {
    const number = SERVERS[pick(SERVERS.length)]!;
    const choice = pick(20);
    if (choice === 0) {
      rest();
      notifier = begin();
      for (const each of configured) say(each, true);
    } else if (choice === 1) {
      rest();
      configured = SERVERS.filter(() => pick(3) > 0);
      notifier.configure(configOf(configured));
      rest();
      // One that comes back is another one.
      for (const each of SERVERS.filter(one => !configured.includes(one))) {
        states.delete(each);
        told.push(`RS [10.0.0.${each}]:tcp:80 - GONE`);
        ran.push(`/gone${each}`);
      }
    } else if (configured.includes(number)) {
      states.set(number, STATES[pick(STATES.length)]!);
      say(number, false);
      if (pick(3) === 0) rest();
    }
  }
  rest();
  return SERVERS.flatMap(number => {
    const lines = told.filter(line => line.includes(`.${number}]`)).map(line => line.split(' ')[3]!);
    const programs = ran.filter(name => name.endsWith(String(number))).map(name => name.slice(1, -2));
    return [...wrongIn(`lines about ${number}`, lines), ...wrongIn(`programs of ${number}`, programs)];
  });
}

/** Whoever was told one thing is told the other next. */
function wrongIn(what: string, conditions: readonly string[]): string[] {
  const twice = conditions.findIndex((each, at) => each === conditions[at - 1] && !/gone/i.test(each));
  return twice < 0 ? [] : [`${what}: ${conditions[twice]} twice, at ${twice}`];
}

test('whatever happens, UP and DOWN are told in turn, over restarts and reloads', t => {
  for (let seed = 1; seed <= 5; seed++) t.deepEqual(live(seed), [], `seed ${seed}`);
});
