import test from 'ava';
import { UsageError } from '../../src/director/console/arguments.ts';
import { dispatch } from '../../src/director/console/dispatch.ts';
import { parseTime } from '../../src/director/console/time.ts';
import { serve } from '../../src/director/ipc/server.ts';
import type { RealServerStatus } from '../../src/director/protocol.ts';
import { createConnected, pass, settle } from '../ipc/unix-network.ts';
import { validate } from '../schemas/validate.ts';

const SERVER: RealServerStatus = {
  address: '10.0.0.11',
  port: 80,
  forwarding: 'DR',
  weight: 0,
  state: 'draining',
  reason: 'drained by order',
  since: 0,
  drainLeft: 60_000,
  activeConnections: 3,
  inactiveConnections: 1,
};

const NAME = '10.0.0.11:80 of TCP 10.0.0.100:80';

/** A director that knows web1; `now` is how web1 is. */
async function run(words: readonly string[], now: (look: number) => Partial<RealServerStatus> = () => ({})) {
  const platform = createConnected({ files: { '/run/director/x': '' } });
  const asked: unknown[] = [];
  let looks = 0;
  const server = serve(platform, '/run/director/control.sock', (command, argument) => {
    asked.push([command, argument]);
    if (command === 'order') {
      const isKnown = (argument as { server: string }).server === 'web1';
      return isKnown ? { servers: [NAME], likely: null } : { servers: [], likely: 'web1' };
    }
    const key = { kind: 'address', protocol: 'TCP', address: '10.0.0.100', port: 80 };
    return {
      services: [{ key, scheduler: 'wlc', realServers: [{ ...SERVER, ...now(looks++) }] }],
      repairs: 0,
      trouble: null,
    };
  });
  const result = dispatch(platform, words);
  await settle(platform);
  for (let second = 0; second < 20; second++) await pass(platform, 1000);
  server.close();
  await settle(platform);
  const { text, errors } = platform.output;
  return { status: await result, text, errors, asked };
}

test('an order says whom it was about', async t => {
  const { status, text, asked } = await run(['maintain', 'web1', '--service', 'shop']);
  t.is(status, 0);
  t.regex(text, /^10\.0\.0\.11:80 of TCP 10\.0\.0\.100:80: in maintenance/);
  t.deepEqual(asked, [['order', { kind: 'maintain', server: 'web1', service: 'shop' }]]);
});

test('who is not there is told who could be meant', async t => {
  const { status, errors } = await run(['undrain', 'wed1']);
  t.is(status, 2);
  t.is(errors, 'director: no real server is called wed1; did you mean web1?\n');
});

test('a drain is followed until nothing is left, with a line for every change and a count-down', async t => {
  const { status, text, asked } = await run(['drain', 'web1', '--timeout', '1m'], look =>
    look < 3
      ? { activeConnections: look === 2 ? 1 : 3, drainLeft: 60_000 - look * 1000 }
      : { state: 'maintenance', reason: 'drained', activeConnections: null, inactiveConnections: null },
  );
  t.is(status, 0);
  t.is(
    text,
    `${NAME}: draining, 3 active, 1 inactive connections, 1 min 0 s left
${NAME}: draining, 1 active, 1 inactive connections, 58 s left
${NAME}: maintenance: drained
`,
  );
  t.deepEqual(asked.slice(0, 2), [
    ['order', { kind: 'drain', timeout: 60_000, server: 'web1' }],
    ['services', { server: 'web1' }],
  ]);
});

test('a drain without end says so, and tells now and then that it goes on', async t => {
  const { text } = await run(['drain', 'web1', '--timeout', 'never'], look =>
    look < 15 ? { drainLeft: null, persistentConnections: 2 } : { state: 'up', reason: '' },
  );
  const going = `${NAME}: draining, 3 active, 1 inactive connections, 2 of persistent clients, no end set\n`;
  t.is(text, `${going}${going}${NAME}: up\n`);
});

test('who does not want to wait is told at once', async t => {
  const { text, asked } = await run(['drain', 'web1', '--no-wait']);
  t.regex(text, /no new connections, until: director undrain/);
  t.deepEqual(asked, [['order', { kind: 'drain', server: 'web1' }]]);
});

test('for programs every line is an object that follows its schema', async t => {
  const { text } = await run(['drain', 'web1', '--json'], look => (look < 2 ? {} : { state: 'maintenance' }));
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  t.is(lines.length, 2);
  for (const line of lines) t.deepEqual(validate('order', line), []);
  t.deepEqual(
    lines.map(({ done }) => done),
    [false, true],
  );
  for (const words of [
    ['drain', 'web1', '--no-wait', '--json'],
    ['forgive', 'web1', '--json'],
  ]) {
    t.deepEqual(validate('order', JSON.parse((await run(words)).text)), []);
  }
});

test('times are seconds, minutes, hours and days', t => {
  t.deepEqual(['90', '90s', '10m', '2h', '1d', 'never'].map(parseTime), [
    90_000,
    90_000,
    600_000,
    7_200_000,
    86_400_000,
    null,
  ]);
  for (const text of ['', 'm', '-1', '1.5h', '1w'])
    t.throws(() => parseTime(text), { instanceOf: UsageError });
});
