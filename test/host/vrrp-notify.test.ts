// Who is told what happens to VRRP: programs in keepalived's manner, pipes, mail, and the console that follows.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import type { VrrpEvent } from '../../src/director/protocol.ts';
import { validate } from '../schemas/validate.ts';
import { buildDirector, createPlace, Director, inside, type Place, until } from './director/director.ts';
import { startMailServer, wordsOf } from './notify/mailbox.ts';
import { Keepalived, withoutKeepalived } from './vrrp/keepalived.ts';
import { createSegment, type Station } from './vrrp/segment.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** One instance, `web`, alone on its segment, in a sync group. */
function config({ globals = '', instance = '', group = '', priority = 100 } = {}): string {
  return `
global_defs {
  ${globals}
}
vrrp_sync_group all {
  group {
    web
  }
  ${group}
}
vrrp_instance web {
  state BACKUP
  interface va
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int 0.1
  virtual_ipaddress {
    10.9.0.100/24
  }
  ${instance}
}
`;
}

/** A place whose interface is ready before the director starts: nothing is told of its coming up. */
async function createReadyPlace(): Promise<Place> {
  const place = createPlace();
  inside(place.name, 'ip', 'address', 'add', '10.9.0.1/24', 'dev', 'va');
  inside(place.name, 'ip', 'link', 'set', 'va', 'up');
  await until(
    () => inside(place.name, 'ip', 'link', 'show', 'va'),
    text => text.includes('LOWER_UP') && text.includes('state UP'),
  );
  return place;
}

/** A program that appends a line with its arguments to a file, behind what else it is to tell. */
function recorder(place: Place, more = ''): { readonly program: string; lines(): string[] } {
  const file = join(place.folder, 'recorded');
  const program = join(place.folder, 'record');
  writeFileSync(file, '');
  writeFileSync(program, `#!/bin/sh\necho ${more} "$*" >> ${file}\n`);
  chmodSync(program, 0o755);
  return { program, lines: () => readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

function setCable(place: Place, plugged: boolean): void {
  inside(place.far, 'ip', 'link', 'set', 'vb', plugged ? 'up' : 'down');
}

test('programs are run in their order, with the words that keepalived gives them', async t => {
  const place = await createReadyPlace();
  const { program, lines } = recorder(place);
  const states = ['master', 'backup', 'fault', 'stop'];
  const instance = [...states.map(each => `notify_${each} "${program} own ${each}"`), `notify ${program}`];
  const group = [`notify_master "${program} group"`, `notify "${program} any of group"`];
  const director = new Director(
    t,
    binary,
    place,
    config({ instance: instance.join('\n  '), group: group.join('\n  ') }),
  );
  await until(lines, ({ length }) => length >= 7);
  setCable(place, false);
  await until(lines, ({ length }) => length >= 10);
  setCable(place, true);
  await until(lines, ({ length }) => length >= 17);
  director.signal('SIGTERM');
  await director.ended;
  const all = await until(lines, ({ length }) => length >= 20);
  t.deepEqual(
    all.filter(line => !line.includes('group') && !line.startsWith('GROUP')),
    ['backup', 'master', 'fault', 'backup', 'master', 'stop'].flatMap(state => [
      `own ${state}`,
      `INSTANCE web ${state.toUpperCase()} 100`,
    ]),
  );
  t.deepEqual(
    all.filter(line => line.includes('group')),
    [
      'any of group GROUP all BACKUP 0',
      'group',
      'any of group GROUP all MASTER 0',
      'any of group GROUP all FAULT 0',
      'any of group GROUP all BACKUP 0',
      'group',
      'any of group GROUP all MASTER 0',
      'any of group GROUP all STOP 0',
    ],
  );
});

test('a master that hears a lower priority says so, and an instance that is taken out is told as deleted', async t => {
  const [one, other] = createSegment(2).stations as [Station, Station];
  const { program, lines } = recorder(one);
  const instance = `notify_master_rx_lower_pri "${program} lower"\n  notify_deleted "${program} deleted"`;
  const isolate = (how: 'on' | 'off') => {
    for (const { far, name } of [one, other]) {
      inside(far, 'ip', 'link', 'set', name, 'type', 'bridge_slave', 'isolated', how);
    }
  };
  isolate('on');
  const master = new Director(t, binary, one, config({ instance, priority: 150 }));
  // Whichever of the two speaks first, the rival is heard once more.
  const rival = new Director(t, binary, other, config({ instance: 'higher_prio_send_advert' }));
  await master.line(/entering MASTER/);
  await rival.line(/entering MASTER/);
  t.deepEqual(lines(), []);
  isolate('off');
  await until(lines, all => all.includes('lower'));
  await rival.line(/entering BACKUP: /);
  master.write('site.conf', config({ priority: 150 }).replaceAll('web', 'dns').replace('51', '52'));
  t.is((await master.console('reload')).status, 0);
  await until(lines, all => all.includes('deleted'));
  await rival.line(/entering MASTER/, rival.length - 1);
});

test('programs run as the user that is named, and own their pipes', async t => {
  const place = await createReadyPlace();
  const { program, lines } = recorder(place, '$(id -u) $(id -g)');
  chmodSync(place.folder, 0o777);
  chmodSync(join(place.folder, 'recorded'), 0o666);
  const fifo = join(place.folder, 'fifo');
  const globals = `script_user nobody\n  vrrp_notify_fifo ${fifo}`;
  const instance = `notify_master "${program} one"\n  notify_backup "${program} other" root root`;
  const director = new Director(t, binary, place, config({ globals, instance }));
  const all = await until(lines, ({ length }) => length >= 2);
  const { uid, gid } = statSync(fifo);
  t.deepEqual(all, ['0 0 other', `${uid} ${gid} one`]);
  t.not(uid, 0);
  await director.console('stop');
  await director.ended;
  t.false(existsSync(fifo));
});

test('a control process that is killed repeats nothing and misses nothing', async t => {
  const place = await createReadyPlace();
  const { program, lines } = recorder(place);
  const director = new Director(t, binary, place, config({ instance: `notify ${program}` }));
  await until(lines, ({ length }) => length >= 2);
  const pid = await director.pid('control');
  process.kill(pid, 'SIGKILL');
  setCable(place, false);
  await until(lines, ({ length }) => length >= 3);
  setCable(place, true);
  await until(lines, ({ length }) => length >= 5);
  t.deepEqual(
    lines(),
    ['BACKUP', 'MASTER', 'FAULT', 'BACKUP', 'MASTER'].map(state => `INSTANCE web ${state} 100`),
  );
});

test('pipes get every change, their readers are started, and all states follow a reload', async t => {
  const place = await createReadyPlace();
  const fifo = join(place.folder, 'fifo');
  const copy = join(place.folder, 'copy');
  const reader = join(place.folder, 'reader');
  writeFileSync(copy, '');
  writeFileSync(reader, `#!/bin/sh\nwhile read -r line; do echo "$1 $line" >> ${copy}; done < "$2"\n`);
  chmodSync(reader, 0o755);
  const globals = `vrrp_notify_fifo ${fifo}
  vrrp_notify_fifo_script "${reader} read"
  fifo_write_vrrp_states_on_reload`;
  const director = new Director(t, binary, place, config({ globals, instance: 'notify_priority_changes' }));
  const lines = () => readFileSync(copy, 'utf8').split('\n').slice(0, -1);
  const master = ['read INSTANCE "web" MASTER 100', 'read GROUP "all" MASTER 0'];
  await until(lines, all => master.every(line => all.includes(line)));
  const before = lines().length;
  director.write('site.conf', config({ globals, instance: 'notify_priority_changes', priority: 120 }));
  await director.console('reload');
  const more = await until(
    () => lines().slice(before),
    all => all.length >= 3,
  );
  t.true(more.includes('read INSTANCE "web" MASTER_PRIORITY 120'));
  for (const line of master) t.true(more.includes(line), line);
  director.signal('SIGTERM');
  await director.ended;
  await until(lines, all => all.some(line => line.startsWith('read INSTANCE "web" STOP')));
});

/** What an instance that loses its cable, gets it back and is stopped has programs and a pipe told. */
async function careerOf(
  place: Place,
  start: (place: Place, text: string) => () => Promise<unknown>,
): Promise<{ readonly ran: readonly string[]; readonly piped: readonly string[] }> {
  const { program, lines } = recorder(place);
  const copy = join(place.folder, 'copy');
  const reader = join(place.folder, 'reader');
  writeFileSync(copy, '');
  writeFileSync(reader, `#!/bin/sh\nwhile read -r line; do echo "$line" >> ${copy}; done < "$1"\n`);
  chmodSync(reader, 0o755);
  const globals = `script_user root
  vrrp_notify_fifo ${join(place.folder, 'fifo')}
  vrrp_notify_fifo_script ${reader}`;
  const own = ['master', 'backup', 'fault', 'stop'].map(each => `notify_${each} "${program} own ${each}"`);
  const instance = [...own, `notify ${program}`].join('\n  ');
  // keepalived takes no sync group of one.
  const text = config({ globals, instance }).replace(/vrrp_sync_group[\s\S]*?\n}\n/, '');
  const stop = start(place, text);
  await until(lines, ({ length }) => length >= 4);
  setCable(place, false);
  await until(lines, ({ length }) => length >= 6);
  setCable(place, true);
  await until(lines, ({ length }) => length >= 10);
  const linesPiped = () => readFileSync(copy, 'utf8').split('\n').slice(0, -1);
  // keepalived may end its reader before that has read what is left.
  await until(linesPiped, ({ length }) => length >= 5);
  await stop();
  const all = await until(lines, ({ length }) => length >= 12);
  // keepalived has the two programs of a change run at the same time.
  const ran = all.flatMap((_, at) => (at % 2 === 0 ? all.slice(at, at + 2).sort() : []));
  return { ran, piped: linesPiped().slice(0, 5) };
}

test('keepalived has the same programs and pipes told the same', async t => {
  const absent = withoutKeepalived();
  if (absent !== null) {
    t.log(absent);
    t.pass();
    return;
  }
  const ours = await careerOf(await createReadyPlace(), (place, text) => {
    const director = new Director(t, binary, place, text);
    return async () => {
      director.signal('SIGTERM');
      await director.ended;
    };
  });
  const theirs = await careerOf(await createReadyPlace(), (place, text) => {
    const keepalived = new Keepalived(t, { ...place, address: '', hardware: '' }, text);
    return () => keepalived.stop();
  });
  t.deepEqual(ours.ran, theirs.ran);
  t.deepEqual(ours.piped, theirs.piped);
});

test('mail goes to the server that is named', async t => {
  const place = await createReadyPlace();
  const messages = await startMailServer(t, place);
  const globals = `router_id lvs1
  notification_email {
    one@example.org
    two@example.org
  }
  notification_email_from director@example.org
  smtp_server 10.9.0.2
  smtp_helo_name lvs1.example.org
  smtp_alert`;
  const director = new Director(t, binary, place, config({ globals }));
  const subjects = () => wordsOf(messages);
  await until(subjects, text => text.includes('[lvs1] VRRP Instance web - Entering MASTER state'));
  t.like(messages[0], {
    helo: 'lvs1.example.org',
    sender: '<director@example.org>',
    recipients: '<one@example.org><two@example.org>',
  });
  director.signal('SIGTERM');
  await director.ended;
  // What the server has taken takes a moment to come here.
  await until(subjects, text => text.includes('VRRP Instance web - Stopping'));
});

test('the console follows what happens', async t => {
  const place = await createReadyPlace();
  const director = new Director(t, binary, place, config());
  await director.line(/entering MASTER/);
  const child = spawn(
    'ip',
    ['netns', 'exec', place.name, binary, 'events', '--json', '--run-dir', director.runDirectory],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise(resolve => child.on('close', resolve));
  const seen: string[] = [];
  const wrong: string[] = [];
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line) as { event?: VrrpEvent };
    // The last line says that the director has ended.
    if (message.event === undefined) return;
    wrong.push(...validate('events', message));
    const { subject, state } = message.event;
    if (subject === 'INSTANCE') seen.push(state);
  });
  await until(
    () => seen,
    states => states.includes('MASTER'),
  );
  setCable(place, false);
  await until(
    () => seen,
    states => states.at(-1) === 'FAULT',
  );
  setCable(place, true);
  await until(
    () => seen,
    states => states.at(-1) === 'MASTER',
  );
  t.deepEqual(seen.slice(-4), ['MASTER', 'FAULT', 'BACKUP', 'MASTER']);
  director.signal('SIGTERM');
  t.is(await ended, 1);
  t.deepEqual(wrong, []);
});
