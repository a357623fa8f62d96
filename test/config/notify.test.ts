// Who is told of changes: programs, pipes, mail.
import test from 'ava';
import { NO_NOTIFICATIONS } from '../../src/director/config/vrrp-defaults.ts';
import { goodConfig, instance, problemsOf } from './support.ts';

const globals = (lines: string) => `global_defs {\n${lines}\n}\n`;

function messages(text: string): string[] {
  return problemsOf(text).map(each => each.slice(each.indexOf(' ') + 1));
}

function notifyOf(text: string) {
  return goodConfig(text).vrrpInstances[0]!.notify;
}

const plain = (...words: string[]) => ({ words, user: null, group: null });

test('an instance has a program for each state', t => {
  const lines = `notify_master "/n master" nobody nogroup
notify_backup "/n backup" nobody
notify_fault "/n 'fault x'"
notify_stop /n
notify_deleted "/n deleted"
notify_master_rx_lower_pri "/n lower"
notify "/n any"
notify_priority_changes
smtp_alert`;
  t.deepEqual(notifyOf(instance(lines)), {
    master: { words: ['/n', 'master'], user: 'nobody', group: 'nogroup' },
    backup: { words: ['/n', 'backup'], user: 'nobody', group: null },
    fault: plain('/n', 'fault x'),
    stop: plain('/n'),
    deleted: plain('/n', 'deleted'),
    tellsDeleted: true,
    masterReceivesLower: plain('/n', 'lower'),
    any: plain('/n', 'any'),
    priorityChanges: true,
    mail: true,
  });
  t.deepEqual(notifyOf(instance('notify_deleted')), { ...NO_NOTIFICATIONS, tellsDeleted: true });
  t.deepEqual(notifyOf(instance()), NO_NOTIFICATIONS);
});

test('a sync group has its own', t => {
  const group = `vrrp_sync_group VG {
group {
VI_1
VI_2
}
notify_master "/n master"
notify /n
smtp_alert yes
notify_priority_changes off
}
`;
  const both = instance() + instance('', 'VI_2', 52, '192.0.2.101');
  t.deepEqual(goodConfig(group + both).vrrp.syncGroups[0]?.notify, {
    ...NO_NOTIFICATIONS,
    master: plain('/n', 'master'),
    any: plain('/n'),
    mail: true,
  });
  const wrong = group.replace('smtp_alert yes', 'notify_master_rx_lower_pri /n') + both;
  t.deepEqual(messages(wrong), [
    'error: notify_master_rx_lower_pri belongs in vrrp_instance, not in vrrp_sync_group',
  ]);
});

test('what global_defs says holds where nothing else is said', t => {
  t.true(notifyOf(globals('smtp_alert') + instance()).mail);
  t.false(notifyOf(globals('smtp_alert') + instance('smtp_alert no')).mail);
  t.false(notifyOf(globals('smtp_alert\nsmtp_alert_vrrp off') + instance()).mail);
  t.true(notifyOf(globals('vrrp_notify_priority_changes on') + instance()).priorityChanges);
  const user = globals('script_user nobody nogroup');
  t.deepEqual(notifyOf(user + instance('notify /n')).any, {
    words: ['/n'],
    user: 'nobody',
    group: 'nogroup',
  });
  t.deepEqual(notifyOf(user + instance('notify /n root')).any, { words: ['/n'], user: 'root', group: null });
  const script = `${user}vrrp_script chk {\nscript /c\n}\n${instance('track_script {\nchk\n}')}`;
  t.is(goodConfig(script).vrrp.trackers.scripts[0]?.command.user, 'nobody');
});

test('what is wrong with a program', t => {
  t.deepEqual(problemsOf(instance('notify_master')), ['7:14 error: notify_master needs COMMAND']);
  t.deepEqual(problemsOf(instance('notify_master /n a b c')), ['7:22 error: "c" has no place here']);
  t.deepEqual(problemsOf(instance('notify_master "/n \'a"')), [
    `7:15 error: a quote in "/n 'a" is not closed`,
  ]);
  t.deepEqual(problemsOf(globals('script_user')), ['2:12 error: script_user needs USER']);
});

test('mail goes from somebody to somebody over a server', t => {
  const all = globals(`notification_email {
a@example.org b@example.org
a@example.org
}
notification_email_from director1@example.org
smtp_server 192.0.2.25 2525
smtp_helo_name director1.example.org
smtp_connect_timeout 5
no_email_faults`);
  t.deepEqual(goodConfig(all).vrrp.mail, {
    server: '192.0.2.25',
    port: 2525,
    timeout: 5000,
    helo: 'director1.example.org',
    from: 'director1@example.org',
    to: ['a@example.org', 'b@example.org'],
    faults: false,
  });
  const short = 'smtp_server 127.0.0.1\nnotification_email {\na@example.org\n}';
  t.deepEqual(goodConfig(globals(`router_id lb1\n${short}`)).vrrp.mail, {
    server: '127.0.0.1',
    port: 25,
    timeout: 30_000,
    helo: null,
    from: 'director@lb1',
    to: ['a@example.org'],
    faults: true,
  });
  t.is(goodConfig(globals(`router_id "two words"\n${short}`)).vrrp.mail?.from, 'director@localhost');
  t.is(goodConfig(globals('smtp_server 127.0.0.1')).vrrp.mail, null);
  t.is(goodConfig(globals('notification_email {\na@example.org\n}')).vrrp.mail, null);
  t.deepEqual(problemsOf(globals('notification_email {\n<nobody>\n}')), [
    '3:1 error: "<nobody>" is not a mail address',
  ]);
  t.deepEqual(problemsOf(globals('smtp_server mail.example.org')), [
    '2:13 error: "mail.example.org" is not the IPv4 or IPv6 address of a host',
  ]);
});

test('pipes', t => {
  const fifos = (lines: string) => goodConfig(globals(lines)).vrrp.fifos;
  t.deepEqual(
    fifos(
      'notify_fifo /run/a nobody\nnotify_fifo_script "/read a"\nvrrp_notify_fifo /run/b\nscript_user me\nfifo_write_vrrp_states_on_reload',
    ),
    [
      {
        path: '/run/a',
        user: 'nobody',
        group: null,
        script: { words: ['/read', 'a'], user: 'me', group: null },
        statesOnReload: true,
      },
      { path: '/run/b', about: 'vrrp', user: 'me', group: null, script: null, statesOnReload: true },
    ],
  );
  t.deepEqual(fifos(''), []);
  t.deepEqual(problemsOf(globals('notify_fifo_script /r')), [
    '2:1 error: notify_fifo_script without notify_fifo',
  ]);
  t.deepEqual(problemsOf(globals('notify_fifo /a\nvrrp_notify_fifo /a')), [
    '3:1 error: /a is another pipe already',
  ]);
});

test('scripts of start and stop are refused', t => {
  t.deepEqual(messages(globals('startup_script /s\nstartup_script_timeout 10')), [
    'error: startup_script is not supported',
    'warning: startup_script_timeout has no effect here',
  ]);
});
