// RADIUS_CHECK beside Debian's FreeRADIUS.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { has, listening, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { buildDirector, createPlace, type Place } from './director/director.ts';

const FREERADIUS = '/usr/sbin/freeradius';
const PORT = 7241;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

function configure(place: Place): string {
  const folder = join(place.folder, 'radius');
  mkdirSync(folder);
  const users = join(folder, 'users');
  writeFileSync(users, 'monitor Cleartext-Password := "watch me"\n\tReply-Message := "hello"\n');
  writeFileSync(
    join(folder, 'radiusd.conf'),
    `name = radiusd
libdir = /usr/lib/freeradius
run_dir = ${folder}
max_requests = 1024
security {
  reject_delay = 0
  status_server = yes
}
client director {
  ipaddr = 10.9.0.0/24
  secret = testing123
  require_message_authenticator = yes
}
thread pool {
  start_servers = 1
  max_servers = 4
}
modules {
  pap {
  }
  files {
    filename = ${users}
  }
}
server default {
  listen {
    type = auth
    ipaddr = 10.9.0.2
    port = ${PORT}
  }
  authorize {
    files
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
  }
}
`,
  );
  return folder;
}

test('FreeRADIUS accepts the login, rejects others, and does not hear who has another secret', async t => {
  if (!has(t, FREERADIUS)) return;
  const place = createPlace();
  startDaemon(t, place, FREERADIUS, '-f', '-l', 'stdout', '-d', configure(place), '-n', 'radiusd');
  await listening(place, PORT, 'udp');
  const radius = (...lines: string[]) => ({ port: PORT, kind: 'RADIUS_CHECK', lines: lines.join('\n ') });
  const secret = 'secret testing123';
  await judge(t, binary, place, [
    { ...radius(secret, 'login monitor', 'password "watch me"'), up: true, reason: 'accepts the login' },
    { ...radius(secret, 'login monitor', 'password wrong'), reason: 'rejects the login' },
    { ...radius(secret, `login monitor`, `password ${'long'.repeat(20)}`), reason: 'rejects the login' },
    { ...radius(secret), up: true, reason: 'says that it is there' },
    { ...radius('secret other', 'login monitor', 'password "watch me"'), reason: /^no answer within/ },
    { ...radius('secret other'), reason: /^no answer within/ },
  ]);
});
