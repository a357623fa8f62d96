// What `director realserver` prints, done: the host of a real server serves virtual addresses as it should, and the script that is
// printed with it tells whether it does.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { validate } from '../schemas/validate.ts';
import { buildDirector, createPlace, inside, type Place } from './director/director.ts';
import { addAddress, startNginx } from './director/servers.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

interface Host {
  readonly commands: readonly string[];
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly check: string;
}

/** A place where `va` is the director's, and `vb` a real server with 10.9.0.11. */
function createReadyPlace(): Place {
  const place = createPlace();
  inside(place.name, 'ip', 'address', 'add', '10.9.0.1/24', 'dev', 'va');
  inside(place.name, 'ip', 'link', 'set', 'va', 'up');
  addAddress(place, '10.9.0.11');
  return place;
}

/** What is printed for the Debian host of web1 by this configuration. */
function prescribed(t: ExecutionContext, place: Place, config: string): Host {
  const file = join(place.folder, 'site.conf');
  writeFileSync(file, config);
  const text = execFileSync(binary, ['realserver', 'web1', file, '--json'], { encoding: 'utf8' });
  const answer = JSON.parse(text);
  t.deepEqual(validate('realserver', answer), []);
  return answer.hosts[0];
}

/** Runs a script on the real server. */
function run(place: Place, script: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', place.far, 'sh', '-s'], {
    input: script,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

function config(method: string, vip: string, more = ''): string {
  return `
${more}
virtual_server ${vip} 80 {
  lb_algo rr
  lb_kind ${method}
  protocol TCP
  real_server 10.9.0.11 80 {
    name web1
    TCP_CHECK {
    }
  }
}
`;
}

/** What the real server answers to a client at the director's end. */
function fetch(place: Place, address: string, ...options: string[]): string {
  const curl = ['curl', '-sS', '--max-time', '20', ...options, `http://${address}/`];
  return inside(place.name, ...curl).trim();
}

test('by DR the host serves the virtual address, and is silent about it', async t => {
  const place = createReadyPlace();
  const { commands, check } = prescribed(t, place, config('DR', '10.9.0.100'));
  const before = run(place, check);
  t.is(before.status, 1);
  t.deepEqual(missing(before.output), [
    'questions for virtual addresses are not answered (arp_ignore)',
    'nothing is asked in their name (arp_announce)',
    '10.9.0.100/32 is on lo',
    'a daemon listens for TCP on 10.9.0.100:80',
  ]);
  t.deepEqual(run(place, commands.join('\n')), { status: 0, output: '' });
  await startNginx(t, place, '10.9.0.100');
  const after = run(place, check);
  t.deepEqual(missing(after.output), []);
  t.is(after.status, 0);
  // Twice is as good as once.
  t.deepEqual(run(place, commands.join('\n')), { status: 0, output: '' });

  // As IPVS does it: the packet goes to the hardware address of the real server as it is.
  inside(place.name, 'ip', 'route', 'add', '10.9.0.100', 'via', '10.9.0.11');
  t.is(fetch(place, '10.9.0.100'), '10.9.0.100');
  // Nobody says whose the address is, to whoever asks for it on the network.
  const asked = spawnSync('ip', ['netns', 'exec', place.name, 'arping', '-c', '2', '-I', 'va', '10.9.0.100']);
  t.not(asked.status, 0);
  const known = spawnSync('ip', ['netns', 'exec', place.name, 'arping', '-c', '2', '-I', 'va', '10.9.0.11']);
  t.is(known.status, 0);
});

test('an address in a wrong place is told of', t => {
  const place = createReadyPlace();
  const { commands, check } = prescribed(t, place, config('DR', '10.9.0.100'));
  run(place, commands.join('\n'));
  inside(place.far, 'ip', 'address', 'add', '10.9.0.100/24', 'dev', 'vb');
  t.true(missing(run(place, check).output).includes('10.9.0.100 is on no other interface'));
});

test('by NAT the host answers through the director', async t => {
  const place = createReadyPlace();
  const inner =
    'vrrp_instance inside {\ninterface va\nvirtual_router_id 7\nvirtual_ipaddress {\n10.9.0.1/24\n}\n}';
  const { commands, check } = prescribed(t, place, config('NAT', '192.0.2.100', inner));
  await startNginx(t, place, '10.9.0.11');
  t.deepEqual(missing(run(place, check).output), ['answers go through 10.9.0.1']);
  t.deepEqual(run(place, commands.join('\n')), { status: 0, output: '' });
  t.is(run(place, check).status, 0);
  // A client that is somewhere else.
  inside(place.name, 'ip', 'address', 'add', '203.0.113.5/32', 'dev', 'lo');
  t.is(fetch(place, '10.9.0.11', '--interface', '203.0.113.5'), '10.9.0.11');
});

test('by NAT on one network also clients nearby are answered through the director', t => {
  const place = createReadyPlace();
  const inner =
    'vrrp_instance inside {\ninterface va\nvirtual_router_id 7\nvirtual_ipaddress {\n10.9.0.100/24\n}\n}';
  const { commands, check, files } = prescribed(t, place, config('NAT', '10.9.0.100', inner));
  t.true(missing(run(place, check).output).includes('hosts of 10.9.0.0/24 are not answered directly'));
  t.deepEqual(run(place, commands.join('\n')), { status: 0, output: '' });
  const left = missing(run(place, check).output);
  t.deepEqual(left, ['a daemon listens for TCP on 10.9.0.11:80']);
  t.regex(inside(place.far, 'ip', 'route', 'get', '10.9.0.77'), /via 10\.9\.0\.100 dev vb/);

  // What is written for the next start does the same, and undoes it.
  const script = files.find(each => each.content.startsWith('#!/bin/sh'))!.content;
  t.deepEqual(run(place, `set -- stop\n${script}`), { status: 0, output: '' });
  t.regex(inside(place.far, 'ip', 'route', 'get', '10.9.0.77'), /^10\.9\.0\.77 dev vb/);
  t.deepEqual(run(place, `set -- start\n${script}`), { status: 0, output: '' });
  t.deepEqual(missing(run(place, check).output), left);
});

test('over IPv6 DR needs the address alone', async t => {
  const place = createReadyPlace();
  for (const [namespace, device, address] of [
    [place.name, 'va', '2001:db8::1/64'],
    [place.far, 'vb', '2001:db8::11/64'],
  ] as const) {
    inside(namespace, 'ip', 'address', 'add', address, 'dev', device, 'nodad');
  }
  const six = config('DR', '2001:db8::100').replace('10.9.0.11', '2001:db8::11');
  const { commands, check } = prescribed(t, place, six);
  t.deepEqual(run(place, commands.join('\n')), { status: 0, output: '' });
  t.deepEqual(missing(run(place, check).output), ['a daemon listens for TCP on [2001:db8::100]:80']);
  inside(place.name, 'ip', 'route', 'add', '2001:db8::100', 'via', '2001:db8::11');
  const answer = inside(place.name, 'ping', '-6', '-c', '1', '-W', '30', '2001:db8::100');
  t.regex(answer, /1 received/);
});

/** What a check found missing. */
function missing(output: string): string[] {
  return [...output.matchAll(/^MISSING {2}(.*)$/gm)].map(match => match[1]!);
}
