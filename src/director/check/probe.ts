// One attempt of a check, whatever its kind.
import type { Platform } from '../../platform/platform.ts';
import { createCommands } from '../system/commands.ts';
import { probeAgent } from './agent.ts';
import { probeDns } from './dns.ts';
import { createFileProbe } from './file.ts';
import { probeFtp } from './ftp.ts';
import { probeHttp } from './http.ts';
import { probeImap } from './imap.ts';
import { probeLdap } from './ldap.ts';
import { createMiscProbe } from './misc.ts';
import { probeMysql } from './mysql.ts';
import { probeNntp } from './nntp.ts';
import { probePgsql } from './pgsql.ts';
import { probePing } from './ping.ts';
import { probePop } from './pop.ts';
import { probeRadius } from './radius.ts';
import { probeRstat } from './rstat.ts';
import type { Probe } from './runner.ts';
import { probeSip } from './sip.ts';
import { probeSmtp } from './smtp.ts';
import { probeTcp } from './tcp.ts';
import { probeTcpChat } from './tcp-chat.ts';
import { probeUdp } from './udp.ts';
import { probeXdmcp } from './xdmcp.ts';

/** `isRestarted`: this process goes on with what an earlier one began. */
export function createProbe(platform: Platform, isRestarted: () => boolean = () => false): Probe {
  const probeMisc = createMiscProbe(createCommands(platform));
  const probeFile = createFileProbe(platform, isRestarted);
  return (check, done) => {
    switch (check.kind) {
      case 'TCP_CHECK':
        return probeTcp(platform, check, done);
      case 'HTTP_GET':
        return probeHttp(platform, check, done);
      case 'TCP_CHAT':
        return probeTcpChat(platform, check, done);
      case 'AGENT_CHECK':
        return probeAgent(platform, check, done);
      case 'IMAP_CHECK':
        return probeImap(platform, check, done);
      case 'POP_CHECK':
        return probePop(platform, check, done);
      case 'FTP_CHECK':
        return probeFtp(platform, check, done);
      case 'NNTP_CHECK':
        return probeNntp(platform, check, done);
      case 'SIP_CHECK':
        return probeSip(platform, check, done);
      case 'SMTP_CHECK':
        return probeSmtp(platform, check, done);
      case 'DNS_CHECK':
        return probeDns(platform, check, done);
      case 'LDAP_CHECK':
        return probeLdap(platform, check, done);
      case 'MYSQL_CHECK':
        return probeMysql(platform, check, done);
      case 'PGSQL_CHECK':
        return probePgsql(platform, check, done);
      case 'RADIUS_CHECK':
        return probeRadius(platform, check, done);
      case 'XDMCP_CHECK':
        return probeXdmcp(platform, check, done);
      case 'RSTAT_CHECK':
        return probeRstat(platform, check, done);
      case 'UDP_CHECK':
        return probeUdp(platform, check, done);
      case 'PING_CHECK':
        return probePing(platform, check, done);
      case 'MISC_CHECK':
        return probeMisc(check, done);
      case 'FILE_CHECK':
        return probeFile(check, done);
    }
  };
}
