// Who is told what happens to real servers and quorums, and what people order of real servers.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { ServiceEvent } from '../../src/director/protocol.ts';
import { validate } from '../schemas/validate.ts';
import { INTERFACE } from './director/configs.ts';
import { buildDirector, createPlace, Director, type Place, until } from './director/director.ts';
import { addAddress, startNginx } from './director/servers.ts';
import { startMailServer, wordsOf } from './notify/mailbox.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const SERVERS = ['10.9.0.11', '10.9.0.12'];

/** A program that appends a line with its arguments to a file. */
function recorder(place: Place): { readonly program: string; lines(): string[] } {
  const file = join(place.folder, 'recorded');
  const program = join(place.folder, 'record');
  writeFileSync(file, '');
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${file}\n`);
  chmodSync(program, 0o755);
  return { program, lines: () => readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

/** A service with two real servers, web11 and web12, of which each tells what happens to it. */
function config(program: string, { globals = '', more = '' } = {}): string {
  const servers = SERVERS.map(
    (address, index) => `
  real_server ${address} 80 {
    name web1${index + 1}
    notify_up "${program} web1${index + 1} up"
    notify_down "${program} web1${index + 1} down"
    TCP_CHECK {
      connect_timeout 3
      retry 0
    }
  }`,
  );
  return `
global_defs {
  ${globals}
}
${INTERFACE}
virtual_server 10.9.0.100 80 {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  quorum_up "${program} gained"
  quorum_down "${program} lost"
  ${more}${servers.join('')}
}
`;
}

async function startServers(t: ExecutionContext, place: Place) {
  const started = [];
  for (const address of SERVERS) {
    addAddress(place, address);
    started.push(await startNginx(t, place, address));
  }
  return started;
}

test('programs are run when servers and the quorum come and go, also while control is away', async t => {
  const place = createPlace();
  const [first, second] = await startServers(t, place);
  const { program, lines } = recorder(place);
  const director = new Director(t, binary, place, config(program));
  await until(lines, all => all.join() === 'gained');
  for (const address of SERVERS) {
    await until(
      () => director.realServer(address),
      server => server.state === 'up',
    );
  }
  await first!.stop();
  await until(lines, all => all.includes('web11 down'));
  process.kill(await director.pid('control'), 'SIGKILL');
  await second!.stop();
  await until(lines, all => all.includes('web12 down') && all.includes('lost'));
  await startNginx(t, place, SERVERS[0]!);
  await until(lines, all => all.includes('web11 up') && all.filter(line => line === 'gained').length === 2);
  // Whoever starts again repeats nothing.
  process.kill(await director.pid('checker'), 'SIGKILL');
  await until(
    () => director.realServer(SERVERS[0]!).catch(() => undefined),
    server => server?.state === 'up',
  );
  await startNginx(t, place, SERVERS[1]!);
  await until(lines, all => all.includes('web12 up'));
  t.deepEqual([...lines()].sort(), [
    'gained',
    'gained',
    'lost',
    'web11 down',
    'web11 up',
    'web12 down',
    'web12 up',
  ]);
});

test("a pipe has keepalived's lines; first successes and the end are told where that is asked for", async t => {
  const place = createPlace();
  const [first] = await startServers(t, place);
  const { program, lines } = recorder(place);
  const fifo = join(place.folder, 'lvs.fifo');
  const piped = join(place.folder, 'piped');
  writeFileSync(piped, '');
  const reader = join(place.folder, 'read');
  writeFileSync(reader, `#!/bin/sh\ncat "$1" >> ${piped}\n`);
  chmodSync(reader, 0o755);
  const globals = `lvs_notify_fifo ${fifo}
  lvs_notify_fifo_script ${reader}
  rs_init_notifies`;
  const director = new Director(t, binary, place, config(program, { globals, more: 'omega' }));
  const text = () => readFileSync(piped, 'utf8');
  await until(text, all => all.split('\n').length === 4);
  await first!.stop();
  await until(text, all => all.includes('RS [10.9.0.11]:tcp:80 [10.9.0.100]:tcp:80 DOWN\n'));
  director.signal('SIGTERM');
  await director.ended;
  const vs = '[10.9.0.100]:tcp:80';
  // The reader and the programs may outlive the director.
  const all = (await until(text, said => said.split('\n').length >= 7)).split('\n').slice(0, -1);
  t.deepEqual([...all.slice(0, 3)].sort(), [
    `RS [10.9.0.11]:tcp:80 ${vs} UP`,
    `RS [10.9.0.12]:tcp:80 ${vs} UP`,
    `VS ${vs} UP`,
  ]);
  t.deepEqual(all.slice(3), [
    `RS [10.9.0.11]:tcp:80 ${vs} DOWN`,
    `RS [10.9.0.12]:tcp:80 ${vs} DOWN`,
    `VS ${vs} DOWN`,
  ]);
  const ran = await until(lines, ({ length }) => length >= 6);
  t.deepEqual([...ran].sort(), ['gained', 'lost', 'web11 down', 'web11 up', 'web12 down', 'web12 up']);
});

test('mail tells of servers and quorums', async t => {
  const place = createPlace();
  await startServers(t, place);
  const { program } = recorder(place);
  const mails = await startMailServer(t, place);
  const globals = `router_id lvs1
  notification_email {
    one@example.org
  }
  smtp_server 10.9.0.2
  smtp_alert_checker`;
  const director = new Director(t, binary, place, config(program, { globals, more: 'omega' }));
  const text = () => wordsOf(mails);
  await until(text, all => all.includes('[lvs1] Virtualserver [10.9.0.100]:tcp:80 - UP'));
  director.signal('SIGTERM');
  await director.ended;
  // What the server has taken takes a moment to come here.
  const all = await until(text, mail => mail.includes('=> Shutting down <='));
  t.regex(all, /Realserver \[10\.9\.0\.11\]:tcp:80 of virtual server \[10\.9\.0\.100\]:tcp:80 - DOWN/);
});

test('the console follows what happens to services, and an order outlives checker and control', async t => {
  const place = createPlace();
  const [first] = await startServers(t, place);
  const { program, lines } = recorder(place);
  const director = new Director(t, binary, place, config(program));
  await until(lines, all => all.includes('gained'));
  const { seen, wrong } = followEvents(t, director);
  await until(seen, all => all.some(each => each.subject === 'VIRTUAL SERVER' && each.state === 'up'));

  t.like(await director.console('maintain', 'web13'), { status: 2 });
  const ordered = await director.json<{ servers: string[] }>('maintain', 'web12', '--service', '10.9.0.100');
  t.deepEqual(ordered.servers, ['10.9.0.12:80 of TCP 10.9.0.100:80']);
  t.deepEqual(validate('order', ordered), []);
  await until(seen, all => all.some(each => each.server === '10.9.0.12:80' && each.state === 'maintenance'));
  for (const role of ['checker', 'control'] as const) {
    process.kill(await director.pid(role), 'SIGKILL');
    await until(
      () => director.realServer('10.9.0.12').catch(() => undefined),
      server => server?.state === 'maintenance',
    );
  }
  const one = await director.console('services', 'web12');
  t.regex(one.output, /10\.9\.0\.12:80 web12 .* maintenance /);
  t.notRegex(one.output, /10\.9\.0\.11/);
  t.deepEqual(validate('services', await director.json('services', 'web12')), []);
  await director.console('resume', 'web12');
  await until(
    () => director.realServer('10.9.0.12'),
    server => server.state === 'up',
  );
  const drained = await director.json<{ servers: string[] }>('drain', 'web11', '--no-wait');
  t.deepEqual(drained.servers, ['10.9.0.11:80 of TCP 10.9.0.100:80']);
  t.like(await director.console('undrain', '10.9.0.11'), { status: 0 });
  t.like(await director.console('forgive', 'web11'), { status: 0 });
  await first!.stop();
  await until(lines, all => all.includes('web11 down'));
  // Whoever is in maintenance is not told as down.
  t.false(lines().includes('web12 down'));
  t.deepEqual(wrong, []);
});

/** What a console that follows is told of services; control may be started again meanwhile. */
function followEvents(t: ExecutionContext, director: Director) {
  const all: ServiceEvent[] = [];
  const wrong: string[] = [];
  const child = spawn(
    'ip',
    ['netns', 'exec', director.place.name, binary, 'events', '--json', '--run-dir', director.runDirectory],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise(resolve => child.on('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line) as { event?: ServiceEvent };
    if (message.event === undefined) return;
    wrong.push(...validate('events', message));
    all.push(message.event);
  });
  return { seen: () => all, wrong };
}
