// PGSQL_CHECK: the server lets the login in, and a query gives a row.
import type { Platform } from '../../platform/platform.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { encodeBase64 } from './base64.ts';
import { MessageTalker } from './message-talker.ts';
import { PgsqlDialogue } from './pgsql-dialogue.ts';
import { ScramClient } from './scram.ts';
import { keysOf } from './scram-keys.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type PgsqlCheck = Extract<CheckConfig, { kind: 'PGSQL_CHECK' }>;

/** Bytes of what makes each login another one. */
const NONCE_LENGTH = 18;

export function probePgsql(
  platform: Platform,
  check: PgsqlCheck,
  done: (result: CheckResult) => void,
): Cancel {
  const { login, database, query, tls } = check;
  const begin = () => {
    const nonce = encodeBase64(platform.random(NONCE_LENGTH));
    const scram = new ScramClient(login.password ?? '', nonce, keysOf(platform));
    const task = { login, database, query, scram };
    const startsTls = tls?.startsLater === true;
    return new MessageTalker(new PgsqlDialogue({ ...task, startsTls, isEncrypted: tls !== undefined }));
  };
  return converse(platform, check, begin, done);
}
