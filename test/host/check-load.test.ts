// XDMCP_CHECK beside Debian's xdm, RSTAT_CHECK beside its rpc.rstatd.
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { has, listening, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { buildDirector, createPlace, inside, type Place, until } from './director/director.ts';

const XDM = '/usr/bin/xdm';
const RPCBIND = '/sbin/rpcbind';
const RSTATD = '/usr/sbin/rpc.rstatd';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** A display manager without displays; those that `access` allows hear what the script says. */
function startXdm(
  t: Parameters<typeof startDaemon>[0],
  place: Place,
  port: number,
  access: string,
  status: string,
): void {
  const file = (name: string, text: string) => {
    const path = join(place.folder, `${name}.${port}`);
    writeFileSync(path, text);
    return path;
  };
  const script = file('willing', `#!/bin/sh\necho '${status}'\n`);
  chmodSync(script, 0o755);
  const settings = [
    `DisplayManager.servers: ${file('servers', '')}`,
    `DisplayManager.accessFile: ${file('access', access)}`,
    `DisplayManager.pidFile: ${place.folder}/pid.${port}`,
    `DisplayManager.authDir: ${place.folder}`,
    `DisplayManager.requestPort: ${port}`,
    `DisplayManager*willing: ${script}`,
  ];
  startDaemon(
    t,
    place,
    XDM,
    '-nodaemon',
    '-config',
    file('config', `${settings.join('\n')}\n`),
    '-error',
    '/dev/stderr',
  );
}

test('xdm is willing with a load, or unwilling', async t => {
  if (!has(t, XDM)) return;
  const place = createPlace();
  startXdm(t, place, 7251, '*\n', '2 users, load: 4.00, 3.00, 2.00');
  startXdm(t, place, 7252, '10.77.0.1\n', 'never said');
  for (const port of [7251, 7252]) await listening(place, port, 'udp');
  const xdmcp = (port: number, lines = '') => ({ port, kind: 'XDMCP_CHECK', lines });
  const reason = 'is willing: "2 users, load: 4.00, 3.00, 2.00", load 4';
  await judge(t, binary, place, [
    { ...xdmcp(7251), up: true, reason, weight: 1 },
    { ...xdmcp(7251, 'full_load 8'), up: true, reason, weight: 1 },
    { ...xdmcp(7252), reason: /^(?:is unwilling: |no answer within)/ },
  ]);
});

test('rpc.rstatd tells the load that the kernel has', async t => {
  if (!has(t, RPCBIND) || !has(t, RSTATD)) return;
  const place = createPlace();
  startDaemon(t, place, RPCBIND, '-f');
  await listening(place, 111, 'udp');
  // It goes into the background, and ends with the private namespaces.
  execFileSync('ip', ['netns', 'exec', place.far, RSTATD], { stdio: 'ignore' });
  await until(
    () => inside(place.far, '/usr/sbin/rpcinfo', '-p'),
    programs => /\b100001\b/.test(programs),
  );
  await judge(t, binary, place, [
    { port: 111, kind: 'RSTAT_CHECK', up: true, reason: /^answers, load \d+(?:\.\d+)?$/ },
  ]);
});
