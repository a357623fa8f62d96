// Who is told when an instance or a sync group changes: programs, pipes, mail.
import { command, runAs, type ScriptUser } from './command.ts';
import type { Globals } from './global.ts';
import { type Keyword, toggle, type Values } from './vocabulary.ts';
import type { CommandConfig, NotifyConfig } from './vrrp-config.ts';

/** Of instances and of sync groups. */
export const notifyKeywords = () => ({
  notify_master: command({
    help: 'Run when it becomes master.',
    example: 'notify_master "/usr/local/sbin/notify master"',
  }),
  notify_backup: command({
    help: 'Run when it becomes backup.',
    example: 'notify_backup "/usr/local/sbin/notify backup"',
  }),
  notify_fault: command({
    help: 'Run when it cannot be master.',
    example: 'notify_fault "/usr/local/sbin/notify fault"',
  }),
  notify_stop: command({
    help: 'Run when the director stops.',
    example: 'notify_stop "/usr/local/sbin/notify stop"',
  }),
  notify: command({
    help: 'Run at every change, with INSTANCE or GROUP, its name, the new state and the priority behind its own arguments.',
    example: 'notify /usr/local/sbin/notify',
  }),
  notify_priority_changes: toggle({
    help: 'Tell changes of the priority too.',
    example: 'notify_priority_changes',
  }),
  smtp_alert: toggle({
    help: 'Send mail at every change; smtp_alert_vrrp, then smtp_alert of global_defs unless set.',
    example: 'smtp_alert',
  }),
});

/** The program may be left out. */
interface Deletion {
  readonly command: CommandConfig | null;
}

const deletion = command({
  help: 'Tell DELETED when a new configuration lacks the instance, not FAULT; with a program, run that as well.',
  example: 'notify_deleted "/usr/local/sbin/notify deleted"',
});

const notifyDeleted: Keyword<Deletion, 'last'> = {
  ...deletion,
  usage: '[COMMAND [USER [GROUP]]]',
  read(statement, reading) {
    if (statement.words.length > 1) {
      const given = deletion.read(statement, reading);
      return given === undefined ? undefined : { command: given };
    }
    reading.endsAfter(statement, 1);
    return { command: null };
  },
};

/** Of instances alone. */
export const instanceNotifyKeywords = () => ({
  ...notifyKeywords(),
  notify_deleted: notifyDeleted,
  notify_master_rx_lower_pri: command({
    help: 'Run when a master hears an advertisement of lower priority.',
    example: 'notify_master_rx_lower_pri "/usr/local/sbin/notify lower"',
  }),
});

export type NotifyValues = Values<ReturnType<typeof notifyKeywords>> &
  Partial<Values<ReturnType<typeof instanceNotifyKeywords>>>;

export function scriptUser(globals: Globals): ScriptUser {
  return globals.script_user ?? { user: null, group: null };
}

export function finishNotify(values: NotifyValues, globals: Globals): NotifyConfig {
  const user = scriptUser(globals);
  const of = (given: CommandConfig | null | undefined) => runAs(given ?? null, user);
  return {
    master: of(values.notify_master),
    backup: of(values.notify_backup),
    fault: of(values.notify_fault),
    stop: of(values.notify_stop),
    deleted: of(values.notify_deleted?.command),
    tellsDeleted: values.notify_deleted !== undefined,
    masterReceivesLower: of(values.notify_master_rx_lower_pri),
    any: of(values.notify),
    priorityChanges: values.notify_priority_changes ?? globals.vrrp_notify_priority_changes ?? false,
    mail: values.smtp_alert ?? globals.smtp_alert_vrrp ?? globals.smtp_alert ?? false,
  };
}
