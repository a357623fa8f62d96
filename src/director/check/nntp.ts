// NNTP_CHECK: the server greets as a news server, takes the login and has the group, as far as they are said.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { nntpDialogue } from './nntp-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type NntpCheck = Extract<CheckConfig, { kind: 'NNTP_CHECK' }>;

export function probeNntp(platform: Platform, check: NntpCheck, done: (result: CheckResult) => void): Cancel {
  const { login, group, tls } = check;
  const begin = () => new LineTalker(nntpDialogue(login, group, tls?.startsLater === true));
  return converse(platform, check, begin, done);
}
