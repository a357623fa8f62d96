// MYSQL_CHECK: the server lets the login in, and a query gives a row.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { MessageTalker } from './message-talker.ts';
import { MysqlDialogue } from './mysql-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type MysqlCheck = Extract<CheckConfig, { kind: 'MYSQL_CHECK' }>;

export function probeMysql(
  platform: Platform,
  check: MysqlCheck,
  done: (result: CheckResult) => void,
): Cancel {
  const { login, database, query, tls } = check;
  const begins = tls === undefined ? 'none' : tls.startsLater ? 'later' : 'at once';
  const task = { login, database, query, tls: begins } as const;
  return converse(platform, check, () => new MessageTalker(new MysqlDialogue(task)), done);
}
