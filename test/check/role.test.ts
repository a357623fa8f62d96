// The checker process as a whole, over a kernel, programs and a control process that are not real.
import test from 'ava';
import { runChecker } from '../../src/director/check/role.ts';
import type { CheckConfig, RealServerConfig, VirtualServerConfig } from '../../src/director/config/config.ts';
import { openClient } from '../../src/director/ipc/client.ts';
import { createLog } from '../../src/director/log.ts';
import type { CheckerStatus, ServiceEvent, TrackReport } from '../../src/director/protocol.ts';
import { SIGTERM } from '../../src/platform/linux.ts';
import { realServer, virtualServer } from '../control/sample.ts';
import { createConnected, pass } from '../ipc/unix-network.ts';
import { FakeIpvs } from '../ipvs/kernel.ts';
import { serve } from '../netlink/kernel.ts';

const BEAT = { interval: 1000, retries: 0, delayBeforeRetry: 0 };

const MISC: CheckConfig = {
  kind: 'MISC_CHECK',
  command: { words: ['/bin/check'], user: null, group: null },
  timeout: 500,
  dynamicFrom: 5,
  ...BEAT,
};

const FILE: CheckConfig = {
  kind: 'FILE_CHECK',
  ...{ name: 'load', path: '/run/load', initial: { value: 0, overwrite: true }, weight: -1, reverse: false },
  ...BEAT,
};

const server = (...checks: CheckConfig[]) => realServer('10.0.0.11', { weight: 5, checks });

/** A checker process that keeps `ipvs`; its programs end at once with the status that `programs` says, or hang. */
function start(ipvs = new FakeIpvs()) {
  const programs = { status: 0, hang: false };
  const platform = createConnected({
    files: { '/run/other': '', '/run/load': '2' },
    onSocket: socket => serve(socket, request => ipvs.handle(request)),
  });
  const spawn = platform.processes.spawn.bind(platform.processes);
  platform.processes.spawn = (...words) => {
    const pid = spawn(...words);
    if (!programs.hang) platform.clock.soon(() => platform.processes.end(pid, programs.status));
    return pid;
  };
  runChecker(platform, { runDirectory: '/run', log: createLog(platform, 'checker') });
  const reports: TrackReport[] = [];
  const events: ServiceEvent[] = [];
  const onPush = (message: unknown) => {
    const { report, event } = message as { report?: TrackReport; event?: ServiceEvent };
    if (report) reports.push(report);
    if (event) events.push(event);
  };
  const client = openClient(platform, '/run/checker.sock', { onPush });
  const ask = async (command: string, argument: unknown = null) => {
    const answer = client.request(command, argument);
    await pass(platform, 100);
    return answer;
  };
  const configure = async (...realServers: RealServerConfig[]) => {
    const virtualServers: VirtualServerConfig[] = [virtualServer(realServers)];
    await ask('configure', { virtualServers });
  };
  const weights = () =>
    [...ipvs.services.values()].flatMap(each => [...each.destinations.values()].map(({ weight }) => weight));
  return { platform, ipvs, programs, reports, events, ask, configure, weights };
}

test('what a program says becomes the weight in the kernel, and what it takes back leaves the table', async t => {
  const { platform, programs, reports, ask, configure, weights } = start();
  await ask('subscribe');
  await configure(server(MISC));
  await pass(platform, 2000);
  t.deepEqual(weights(), [5]);
  programs.status = 22;
  await pass(platform, 2000);
  t.deepEqual(weights(), [20]);
  programs.status = 2;
  await pass(platform, 2000);
  t.deepEqual(weights(), [0]);
  programs.status = 1;
  await pass(platform, 2000);
  t.deepEqual(weights(), []);
  t.deepEqual(
    reports.map(({ up }) => up),
    [true, false],
  );
  t.regex(
    platform.output.errors,
    /10\.0\.0\.11:80 of TCP \S+ has weight 20, had 5: exit status 22: weight 20/,
  );
});

test('a checker process that is started again leaves weights and files as they are', async t => {
  const first = start();
  await first.configure(server(MISC, FILE));
  await pass(first.platform, 2000);
  t.is(first.platform.files.readText('/run/load'), '0\n');
  first.programs.status = 32;
  await pass(first.platform, 2000);
  t.deepEqual(first.weights(), [30]);
  const before = first.ipvs.commands.length;
  const second = start(first.ipvs);
  second.programs.status = 32;
  await second.configure(server(MISC, FILE));
  await pass(second.platform, 2000);
  t.is(second.platform.files.readText('/run/load'), '2');
  t.deepEqual(second.weights(), [28]);
  t.is(first.ipvs.commands.length, before + 1, 'only the weight that the file says was set');
});

test('the status has the weight in force, and a plan foresees it', async t => {
  const { platform, programs, ask, configure } = start();
  programs.status = 12;
  await configure(server(MISC));
  await pass(platform, 2000);
  const status = (await ask('status')) as CheckerStatus;
  t.like(status.services[0]?.realServers[0], {
    weight: 10,
    state: 'up',
    reason: 'exit status 12: weight 10',
  });
  t.deepEqual(await ask('plan', { virtualServers: [virtualServer([server(MISC)])] }), []);
});

test('at the end nothing stays behind: no service, no program', async t => {
  const { platform, programs, ipvs, configure } = start();
  await configure(server(MISC));
  await pass(platform, 2000);
  t.is(ipvs.services.size, 1);
  programs.hang = true;
  await pass(platform, 1000);
  const [pid = 0] = platform.processes.children.keys();
  const exits: number[] = [];
  platform.processes.exit = status => {
    exits.push(status);
    return undefined as never;
  };
  platform.processes.raise(SIGTERM);
  await pass(platform, 100);
  t.is(ipvs.services.size, 0);
  t.deepEqual(platform.processes.killed, [{ pid: -pid, signal: SIGTERM }]);
  t.deepEqual(exits, [0]);
});
