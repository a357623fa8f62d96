// A checker over a kernel and real servers that are not real, for tests: each server answers its TCP_CHECK as `bad` says.
import { createChecker } from '../../src/director/check/checker.ts';
import type { CheckConfig, RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { createLog } from '../../src/director/log.ts';
import type {
  CheckerSlice,
  RealServerStatus,
  ServiceEvent,
  TrackReport,
} from '../../src/director/protocol.ts';
import { createFake } from '../../src/platform/fake.ts';
import { realServer, virtualServer } from '../control/sample.ts';
import { pass } from '../ipc/unix-network.ts';
import { FakeIpvs } from '../ipvs/kernel.ts';
import { serve } from '../netlink/kernel.ts';

/** Milliseconds between two attempts of a check. */
export const BEAT = 1000;

/** Says the number in a file: another one than 0 is down. */
function fileCheck(path: string): CheckConfig {
  const beat = { interval: BEAT, retries: 0, delayBeforeRetry: 0 };
  return { kind: 'FILE_CHECK', name: path, path, initial: null, weight: 0, reverse: false, ...beat };
}

/** 10.0.0.`number`, which is down while the file /bad/`number` says 1. */
export function checked(number: number, more: Partial<RealServerConfig> = {}): RealServerConfig {
  return realServer(`10.0.0.${number}`, { weight: 10, checks: [fileCheck(`/bad/${number}`)], ...more });
}

export type World = ReturnType<typeof startChecker>;

/** `ipvs`: the kernel that an earlier checker left. */
export function startChecker(ipvs = new FakeIpvs()) {
  const platform = createFake({
    files: { '/maintenance/.keep': '', '/bad/.keep': '' },
    onSocket: socket => serve(socket, request => ipvs.handle(request)),
  });
  const events: ServiceEvent[] = [];
  const reports: TrackReport[] = [];
  const checker = createChecker(platform, {
    log: createLog(platform, 'checker'),
    reported: report => reports.push(report),
    happened: event => events.push(event),
  });
  const say = (numbers: readonly number[], text: string) => {
    for (const number of numbers) platform.files.replace(`/bad/${number}`, text);
  };
  const wait = (milliseconds: number) => pass(platform, milliseconds);
  return {
    platform,
    ipvs,
    checker,
    reports,
    wait,
    /** What happened since this was asked last, as `SERVER STATE`. */
    told: () => events.splice(0).map(({ server, service, state }) => `${server ?? service} ${state}`),
    events,
    async configure(
      services: VirtualServerConfig | readonly VirtualServerConfig[],
      slice: Partial<CheckerSlice> = {},
    ) {
      const configured = checker.configure({ virtualServers: [services].flat(), ...slice });
      await wait(10);
      await configured;
    },
    /** Fails and mends the checks of servers. */
    bad: (...numbers: number[]) => say(numbers, '1'),
    good: (...numbers: number[]) => say(numbers, '0'),
    /** The kernel's table: `NUMBER:WEIGHT`, by number. */
    table: () =>
      [...ipvs.services.values()]
        .flatMap(({ destinations }) => [...destinations.values()])
        .map(({ id, weight }) => `${Number.parseInt(id.slice(6, 8), 16)}:${weight}`)
        .sort()
        .join(' '),
    connect: (number: number, ...counts: [number, number, number]) =>
      ipvs.connections.set(`0a0000${number.toString(16).padStart(2, '0')}${'0'.repeat(24)} 80`, counts),
    /** Each in the order of the configuration. */
    async servers(): Promise<readonly RealServerStatus[]> {
      const answer = checker.status(null);
      await wait(0);
      return (await answer).services.flatMap(({ realServers }) => realServers);
    },
    service: (numbers: readonly number[], more: Partial<VirtualServerConfig> = {}) =>
      virtualServer(
        numbers.map(number => checked(number)),
        more,
      ),
  };
}
