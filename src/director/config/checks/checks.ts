// The blocks in a real server that say how it is checked.
import type { CheckContext } from '../check-timing.ts';
import type { CheckConfig } from '../config.ts';
import { httpGet, sslGet } from '../http-get.ts';
import { tcpCheck } from '../tcp-check.ts';
import type { Statement } from '../tree.ts';
import type { Values } from '../vocabulary.ts';
import { agentCheck } from './agent-check.ts';
import { dnsCheck } from './dns-check.ts';
import { fileCheck } from './file-check.ts';
import { finishCheck } from './finish.ts';
import { ftpCheck } from './ftp-check.ts';
import { ldapCheck } from './ldap-check.ts';
import { imapCheck, popCheck } from './mail-check.ts';
import { miscCheck } from './misc-check.ts';
import { nntpCheck } from './nntp-check.ts';
import { pingCheck } from './ping-check.ts';
import { radiusCheck } from './radius-check.ts';
import { rstatCheck } from './rstat-check.ts';
import { sipCheck } from './sip-check.ts';
import { smtpCheck } from './smtp-check.ts';
import { sqlCheck } from './sql-check.ts';
import { tcpChat } from './tcp-chat.ts';
import { udpCheck } from './udp-check.ts';
import { xdmcpCheck } from './xdmcp-check.ts';

/** Each leads to a CheckDraft. */
export const checkBlocks = {
  TCP_CHECK: tcpCheck,
  HTTP_GET: httpGet,
  SSL_GET: sslGet,
  TCP_CHAT: tcpChat,
  SMTP_CHECK: smtpCheck,
  DNS_CHECK: dnsCheck,
  LDAP_CHECK: ldapCheck,
  MYSQL_CHECK: sqlCheck('MYSQL_CHECK', 'MySQL or MariaDB'),
  PGSQL_CHECK: sqlCheck('PGSQL_CHECK', 'PostgreSQL'),
  RADIUS_CHECK: radiusCheck,
  XDMCP_CHECK: xdmcpCheck,
  RSTAT_CHECK: rstatCheck,
  UDP_CHECK: udpCheck,
  PING_CHECK: pingCheck,
  MISC_CHECK: miscCheck,
  FILE_CHECK: fileCheck,
  AGENT_CHECK: agentCheck,
  IMAP_CHECK: imapCheck,
  POP_CHECK: popCheck,
  FTP_CHECK: ftpCheck,
  NNTP_CHECK: nntpCheck,
  SIP_CHECK: sipCheck,
};

/** What the check blocks of a real server have said. */
export type CheckDrafts = Values<typeof checkBlocks>;

const CHECK_NAMES = Object.keys(checkBlocks) as (keyof typeof checkBlocks)[];

/** The checks of a server; `owner` is its statement. */
export function completeChecks(drafts: CheckDrafts, context: CheckContext, owner: Statement): CheckConfig[] {
  const checks: CheckConfig[] = [];
  for (const name of CHECK_NAMES) {
    for (const draft of drafts[name] ?? []) {
      for (const check of draft.complete(context)) checks.push(finishCheck(check, context.reading, owner));
    }
  }
  return checks;
}
