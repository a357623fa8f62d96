// Health checks of the real binary: against nginx, and against servers that hang, reset, lie and dribble.
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { RealServerStatus } from '../../src/director/protocol.ts';
import { httpGet, INTERFACE, service, TCP_CHECK } from './director/configs.ts';
import { buildDirector, createPlace, Director, until } from './director/director.ts';
import { addAddress, startBadServers, startNginx } from './director/servers.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

function decided(director: Director, address: string): Promise<RealServerStatus> {
  return until(
    () => director.realServer(address),
    server => server.state !== 'starting',
  );
}

test('nginx is up by TCP_CHECK and by the status of HTTP_GET', async t => {
  const place = createPlace();
  const cases = [
    { address: '10.9.0.11', check: TCP_CHECK, state: 'up', reason: 'takes connections' },
    { address: '10.9.0.12', check: httpGet('/', '200'), state: 'up', reason: 'status 200 for /' },
    { address: '10.9.0.13', check: httpGet('/busy', '200'), state: 'down', reason: 'status 503 for /busy' },
    {
      address: '10.9.0.14',
      check: httpGet('/moved', '301-302'),
      state: 'up',
      reason: 'status 302 for /moved',
    },
  ];
  for (const { address } of cases) {
    addAddress(place, address);
    await startNginx(t, place, address);
  }
  const director = new Director(t, binary, place, INTERFACE + service(...cases));
  await director.line(/IPVS|is up/);
  for (const { address, state, reason } of cases) {
    t.like(await decided(director, address), { state, reason }, address);
  }
});

test('a server that stops is down, and up again when it is back', async t => {
  const place = createPlace();
  addAddress(place, '10.9.0.11');
  const nginx = await startNginx(t, place, '10.9.0.11');
  const check = httpGet('/', '200');
  const director = new Director(t, binary, place, INTERFACE + service({ address: '10.9.0.11', check }));
  await director.line(/10\.9\.0\.11:80 of TCP \S+ is up, was starting/);
  await nginx.stop();
  await director.line(/10\.9\.0\.11:80 of TCP \S+ is down, was up: connection refused/);
  await startNginx(t, place, '10.9.0.11');
  await director.line(/10\.9\.0\.11:80 of TCP \S+ is up, was down: status 200 for \//);
  t.is((await director.realServer('10.9.0.11')).state, 'up');
});

test('what a server does instead of answering is told', async t => {
  const place = createPlace();
  await startBadServers(t, place);
  const cases = [
    { port: 7001, reason: 'no answer within 3 s' },
    { port: 7002, reason: 'connection reset' },
    { port: 7003, reason: 'the answer is not HTTP' },
    { port: 7004, reason: 'closed without an answer' },
    { port: 7005, reason: 'no answer within 3 s' },
    { port: 7006, reason: 'the head is longer than 16384 bytes' },
    { port: 7007, reason: 'connection refused' },
  ];
  const servers = cases.map(({ port }) => ({ address: '10.9.0.2', port, check: httpGet('/', '200') }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/is down/);
  const { services } = await until(
    () => director.services(),
    status => status.services[0]!.realServers.every(server => server.state === 'down'),
  );
  t.deepEqual(
    services[0]!.realServers.map(({ port, reason }) => ({ port, reason })),
    cases,
  );
});

test('an address that does not exist is down', async t => {
  const check = TCP_CHECK;
  const director = new Director(
    t,
    binary,
    createPlace(),
    INTERFACE + service({ address: '10.9.0.99', check }),
  );
  await director.line(
    /10\.9\.0\.99:80 of TCP \S+ is down, was starting: (?:no answer within 3 s|no route to host)/,
  );
  t.is((await director.realServer('10.9.0.99')).state, 'down');
});

test('a server without a check is up', async t => {
  const director = new Director(
    t,
    binary,
    createPlace(),
    INTERFACE + service({ address: '10.9.0.99', check: '' }),
  );
  await director.line(/IPVS/);
  t.like(await decided(director, '10.9.0.99'), { state: 'up', reason: 'has no check' });
});
