// POP_CHECK: the server greets as a POP3 server and takes the login, if it has one.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { popDialogue } from './pop-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type PopCheck = Extract<CheckConfig, { kind: 'IMAP_CHECK' | 'POP_CHECK' }>;

export function probePop(platform: Platform, check: PopCheck, done: (result: CheckResult) => void): Cancel {
  const startsTls = check.tls?.startsLater === true;
  return converse(platform, check, () => new LineTalker(popDialogue(check.login, startsTls)), done);
}
