// IMAP_CHECK: the server greets as an IMAP server and takes the login, if it has one.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { imapDialogue } from './imap-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type ImapCheck = Extract<CheckConfig, { kind: 'IMAP_CHECK' | 'POP_CHECK' }>;

export function probeImap(platform: Platform, check: ImapCheck, done: (result: CheckResult) => void): Cancel {
  const startsTls = check.tls?.startsLater === true;
  return converse(platform, check, () => new LineTalker(imapDialogue(check.login, startsTls)), done);
}
