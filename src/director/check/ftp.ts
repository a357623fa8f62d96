// FTP_CHECK: the server greets as a FTP server and takes the login, if it has one.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { ftpDialogue } from './ftp-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type FtpCheck = Extract<CheckConfig, { kind: 'FTP_CHECK' }>;

export function probeFtp(platform: Platform, check: FtpCheck, done: (result: CheckResult) => void): Cancel {
  const startsTls = check.tls?.startsLater === true;
  return converse(platform, check, () => new LineTalker(ftpDialogue(check.login, startsTls)), done);
}
