// FTP_CHECK: the server greets as a FTP server and takes the login and has the file, as far as they are said.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { ftpDialogue } from './ftp-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type FtpCheck = Extract<CheckConfig, { kind: 'FTP_CHECK' }>;

export function probeFtp(platform: Platform, check: FtpCheck, done: (result: CheckResult) => void): Cancel {
  const { login, file, tls } = check;
  const begin = () => new LineTalker(ftpDialogue(login, file ?? null, tls?.startsLater === true));
  return converse(platform, check, begin, done);
}
