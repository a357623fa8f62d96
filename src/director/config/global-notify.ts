// The keywords of `global_defs` about scripts, pipes and mail.
import { refused, withoutEffect } from './answers.ts';
import { command, readUser, type ScriptUser, userKeyword } from './command.ts';
import type { Globals } from './global.ts';
import { scriptUser } from './notify.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { address, port, seconds, text } from './types.ts';
import { flag, type Keyword, toggle, type ValueType, value } from './vocabulary.ts';
import type { FifoConfig, MailConfig } from './vrrp-config.ts';

/** The longest that keepalived takes: 32 bits of microseconds. */
const LONGEST_TIMEOUT = 4294;

const SMTP_PORT = 25;

/** Its DEFAULT_SMTP_CONNECTION_TIMEOUT. */
const DEFAULT_TIMEOUT = 30_000;

/** What stands in an envelope (RFC 5321 section 4.1.2), without quotes; a name without a domain is the mail server's. */
const mailbox: ValueType<string> = {
  name: 'ADDRESS',
  description: 'a mail address',
  parse: word =>
    /^[!-~]+$/.test(word) && !/[<>@]$|[<>]|^@/.test(word) && word.length <= 254 ? word : undefined,
};

const recipients: Keyword<string[], 'all'> = {
  usage: '{ ADDRESS ... }',
  help: 'Who gets mail.',
  example: 'notification_email { admin@example.org }',
  repeat: 'all',
  defaultText: null,
  fields: null,
  read: (statement, reading) =>
    reading
      .blockOf(statement)
      .flatMap(line => line.words.flatMap((word, i) => readMailbox(line, i, word, reading))),
};

function readMailbox(line: Statement, index: number, word: string, reading: Reading): string[] {
  const given = mailbox.parse(word);
  if (given !== undefined) return [given];
  reading.wrongWord(line, index, mailbox.description, 'for example: admin@example.org');
  return [];
}

interface Server {
  readonly address: string;
  readonly port: number;
}

const smtpServer: Keyword<Server, 'last'> = {
  usage: 'ADDRESS [PORT]',
  help: 'Where mail is handed over.',
  example: 'smtp_server 192.0.2.25',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    reading.endsAfter(statement, 3);
    const ip = reading.argument(statement, 1, address);
    const number = statement.words.length > 2 ? reading.argument(statement, 2, port) : SMTP_PORT;
    return ip === undefined || number === undefined ? undefined : { address: ip, port: number };
  },
};

const path = text('PATH');

interface Fifo extends ScriptUser {
  readonly path: string;
}

function fifo(documentation: { readonly help: string; readonly example: string }): Keyword<Fifo, 'last'> {
  return {
    ...documentation,
    usage: 'PATH [USER [GROUP]]',
    repeat: 'last',
    defaultText: null,
    fields: null,
    read(statement, reading) {
      reading.endsAfter(statement, statement.words.length);
      const given = reading.argument(statement, 1, path);
      const user = readUser(statement, 2, reading);
      return given === undefined || user === undefined ? undefined : { path: given, ...user };
    },
  };
}

const NO_SCRIPT = 'write what the board needs into interface, mark and masquerade blocks';

export const globalNotifyKeywords = () => ({
  notification_email: recipients,
  notification_email_from: value(mailbox, {
    help: 'Sender of mail; director@NAME unless set.',
    example: 'notification_email_from director1@example.org',
  }),
  smtp_server: smtpServer,
  smtp_helo_name: value(text('NAME'), {
    help: 'Name in the greeting; the host name unless set.',
    example: 'smtp_helo_name director1.example.org',
  }),
  smtp_connect_timeout: value(seconds(0.001, LONGEST_TIMEOUT), {
    help: 'Seconds for which the server may be silent; 30 unless set.',
    example: 'smtp_connect_timeout 30',
  }),
  smtp_alert: toggle({
    help: 'Send mail about everything that does not say otherwise.',
    example: 'smtp_alert',
  }),
  smtp_alert_vrrp: toggle({
    help: 'The same for instances and sync groups.',
    example: 'smtp_alert_vrrp',
  }),
  smtp_alert_checker: toggle({
    help: 'The same for virtual servers and real servers.',
    example: 'smtp_alert_checker',
  }),
  no_email_faults: flag({
    help: 'No mail about FAULT.',
    example: 'no_email_faults',
  }),
  notify_fifo: fifo({
    help: 'A pipe that gets a line for every change.',
    example: 'notify_fifo /run/notify.fifo',
  }),
  notify_fifo_script: command({
    help: 'A program that reads that pipe; its path stands behind its own arguments.',
    example: 'notify_fifo_script /usr/local/sbin/read-notify',
  }),
  vrrp_notify_fifo: fifo({
    help: 'The same for changes of instances and sync groups.',
    example: 'vrrp_notify_fifo /run/vrrp.fifo',
  }),
  vrrp_notify_fifo_script: command({
    help: 'The same for that pipe.',
    example: 'vrrp_notify_fifo_script /usr/local/sbin/read-vrrp',
  }),
  lvs_notify_fifo: fifo({
    help: 'The same for virtual servers and real servers.',
    example: 'lvs_notify_fifo /run/lvs.fifo',
  }),
  lvs_notify_fifo_script: command({
    help: 'The same for that pipe.',
    example: 'lvs_notify_fifo_script /usr/local/sbin/read-lvs',
  }),
  fifo_write_vrrp_states_on_reload: flag({
    help: 'All states go to the pipes when a configuration was loaded.',
    example: 'fifo_write_vrrp_states_on_reload',
  }),
  vrrp_notify_priority_changes: toggle({
    help: 'As notify_priority_changes, for instances that do not say.',
    example: 'vrrp_notify_priority_changes',
  }),
  script_user: userKeyword({
    help: 'Whom scripts run as that name nobody; keepalived_script if there is such a user, else root, unless set.',
    example: 'script_user nobody',
  }),
  startup_script: refused('startup_script /usr/local/sbin/start', NO_SCRIPT),
  shutdown_script: refused('shutdown_script /usr/local/sbin/stop', NO_SCRIPT),
  startup_script_timeout: withoutEffect('startup_script_timeout 10', 'there is no startup script'),
  shutdown_script_timeout: withoutEffect('shutdown_script_timeout 10', 'there is no shutdown script'),
});

/** Null: nobody gets mail. `name` is the director's. */
export function finishMail(globals: Globals, name: string | null): MailConfig | null {
  const { smtp_server: server, notification_email: listed = [] } = globals;
  const to = [...new Set(listed.flat())];
  if (server === undefined || to.length === 0) return null;
  return {
    server: server.address,
    port: server.port,
    timeout: globals.smtp_connect_timeout ?? DEFAULT_TIMEOUT,
    helo: globals.smtp_helo_name ?? null,
    from: globals.notification_email_from ?? `director@${/^[\w.-]+$/.test(name ?? '') ? name : 'localhost'}`,
    to,
    faults: !globals.no_email_faults,
  };
}

const PIPES = [
  { word: 'notify_fifo', about: null },
  { word: 'vrrp_notify_fifo', about: 'vrrp' },
  { word: 'lvs_notify_fifo', about: 'lvs' },
] as const;

/** `blocks` are the `global_defs`. */
export function finishFifos(globals: Globals, blocks: readonly Statement[], reading: Reading): FifoConfig[] {
  const statesOnReload = globals.fifo_write_vrrp_states_on_reload === true;
  const user = scriptUser(globals);
  const fifos: FifoConfig[] = [];
  for (const { word, about } of PIPES) {
    const pipe = globals[word];
    const script = globals[`${word}_script`] ?? null;
    if (pipe !== undefined && fifos.some(other => other.path === pipe.path)) {
      complain(blocks, word, `${pipe.path} is another pipe already`, 'give it a path of its own', reading);
    } else if (pipe !== undefined) {
      const owner = pipe.user === null ? user : { user: pipe.user, group: pipe.group };
      const command = script && (script.user === null ? { ...script, ...user } : script);
      const topic = about === null ? {} : { about };
      fifos.push({ path: pipe.path, ...topic, ...owner, script: command, statesOnReload });
    } else if (script !== null) {
      complain(blocks, `${word}_script`, `${word}_script without ${word}`, `add ${word} PATH`, reading);
    }
  }
  return fifos;
}

function complain(
  blocks: readonly Statement[],
  word: string,
  message: string,
  advice: string,
  reading: Reading,
): void {
  const block = blocks.find(each => each.block?.some(line => line.words[0] === word));
  if (block !== undefined) reading.error(placeOf(block, word), 0, message, advice);
}
