// LDAP_CHECK: the server takes a bind, and finds an entry.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LdapDialogue } from './ldap-dialogue.ts';
import { MessageTalker } from './message-talker.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type LdapCheck = Extract<CheckConfig, { kind: 'LDAP_CHECK' }>;

export function probeLdap(platform: Platform, check: LdapCheck, done: (result: CheckResult) => void): Cancel {
  const { login, search, tls } = check;
  const task = { login, search, startsTls: tls?.startsLater === true };
  return converse(platform, check, () => new MessageTalker(new LdapDialogue(task)), done);
}
