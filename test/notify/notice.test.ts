import test from 'ava';
import type { NotifyConfig } from '../../src/director/config/vrrp-config.ts';
import { NO_NOTIFICATIONS } from '../../src/director/config/vrrp-defaults.ts';
import { callsOf, isState, letterOf, lineOf, noticeOf } from '../../src/director/notify/notice.ts';
import type { VrrpEvent } from '../../src/director/protocol.ts';

const EVENT: VrrpEvent = {
  subject: 'INSTANCE',
  name: 'web',
  kind: 'state',
  state: 'MASTER',
  priority: 150,
  reason: 'nobody was heard',
  at: 1_767_225_600_000,
};

const command = (word: string) => ({ words: [word], user: null, group: null });
const ALL: NotifyConfig = {
  master: command('master'),
  backup: command('backup'),
  fault: command('fault'),
  stop: command('stop'),
  deleted: command('deleted'),
  tellsDeleted: true,
  masterReceivesLower: command('lower'),
  any: command('any'),
  priorityChanges: true,
  mail: true,
};

const told = (event: Partial<VrrpEvent>, notify: NotifyConfig = ALL, isGone = false) =>
  noticeOf({ ...EVENT, ...event }, notify, isGone);

/** What runs, as one line each. */
function runs(event: Partial<VrrpEvent>, notify: NotifyConfig = ALL, isGone = false): string[] {
  const notice = told(event, notify, isGone);
  const calls = notice === null ? [] : callsOf(notice, notify);
  return calls.map(call => [...call.command.words, ...call.words].join(' '));
}

test('each state has its program, and the one for all states runs behind it with four words', t => {
  t.deepEqual(runs({}), ['master', 'any INSTANCE web MASTER 150']);
  t.deepEqual(runs({ state: 'BACKUP' }), ['backup', 'any INSTANCE web BACKUP 150']);
  t.deepEqual(runs({ state: 'FAULT' }), ['fault', 'any INSTANCE web FAULT 150']);
  t.deepEqual(runs({ state: 'STOP' }), ['stop', 'any INSTANCE web STOP 150']);
  t.deepEqual(runs({ state: 'INITIALIZE' }), []);
  t.deepEqual(runs({}, NO_NOTIFICATIONS), []);
});

test('a group has no priority', t => {
  t.deepEqual(runs({ subject: 'GROUP', name: 'all' }), ['master', 'any GROUP all MASTER 0']);
  t.is(lineOf(told({ subject: 'GROUP', name: 'all' })!, ALL), 'GROUP "all" MASTER 0\n');
});

test('an instance that is gone is told as deleted, or as in fault where nothing else is asked for', t => {
  t.deepEqual(runs({ kind: 'deleted' }), ['deleted', 'any INSTANCE web DELETED 150']);
  t.deepEqual(runs({ state: 'STOP' }, ALL, true), ['deleted', 'any INSTANCE web DELETED 150']);
  const silent = { ...ALL, tellsDeleted: false };
  t.deepEqual(runs({ kind: 'deleted' }, silent), ['fault', 'any INSTANCE web FAULT 150']);
  t.is(told({ state: 'BACKUP' }, ALL, true), null);
});

test('a master that hears a lower priority has a program and a line; a priority only a line, where that is asked for', t => {
  t.deepEqual(runs({ kind: 'receives-lower' }), ['lower']);
  t.is(lineOf(told({ kind: 'receives-lower' })!, ALL), 'INSTANCE "web" MASTER_RX_LOWER_PRI 150\n');
  t.deepEqual(runs({ kind: 'priority' }), []);
  t.is(lineOf(told({ kind: 'priority' })!, ALL), 'INSTANCE "web" MASTER_PRIORITY 150\n');
  t.is(lineOf(told({ kind: 'priority', state: 'BACKUP' })!, ALL), 'INSTANCE "web" BACKUP_PRIORITY 150\n');
  t.is(lineOf(told({ kind: 'priority' })!, NO_NOTIFICATIONS), null);
});

test('only states last', t => {
  t.true(isState(told({})!));
  t.false(isState(told({ kind: 'priority' })!));
  t.false(isState(told({ kind: 'alarm' })!));
});

test('mail tells the states and alarms, faults unless that is turned off', t => {
  const letter = (event: Partial<VrrpEvent>, notify = ALL, faults = true) =>
    letterOf(told(event, notify)!, notify, { faults }, 'lvs1');
  t.deepEqual(letter({}), {
    subject: '[lvs1] VRRP Instance web - Entering MASTER state',
    text: '=> VRRP Instance is now owning VRRP VIPs <=\n\n2026-01-01T00:00:00.000Z: nobody was heard\n',
  });
  t.is(letter({ subject: 'GROUP', state: 'STOP' })?.subject, '[lvs1] VRRP Group web - Stopping');
  t.is(letter({ state: 'FAULT' }, ALL, false), null);
  t.is(letter({ kind: 'priority' }), null);
  t.regex(letter({ kind: 'alarm', reason: 'second master' })?.text ?? '', /second master/);
  t.is(letter({}, { ...ALL, mail: false }), null);
  t.is(
    letterOf(told({})!, ALL, { faults: true }, null)?.subject,
    'VRRP Instance web - Entering MASTER state',
  );
});
