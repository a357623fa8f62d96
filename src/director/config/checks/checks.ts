// The blocks in a real server that say how it is checked.
import { httpGet } from '../http-get.ts';
import { tcpCheck } from '../tcp-check.ts';
import { agentCheck } from './agent-check.ts';
import { dnsCheck } from './dns-check.ts';
import { fileCheck } from './file-check.ts';
import { miscCheck } from './misc-check.ts';
import { pingCheck } from './ping-check.ts';
import { smtpCheck } from './smtp-check.ts';
import { tcpChat } from './tcp-chat.ts';
import { udpCheck } from './udp-check.ts';

/** Each leads to a CheckDraft. */
export const checkBlocks = {
  TCP_CHECK: tcpCheck,
  HTTP_GET: httpGet,
  TCP_CHAT: tcpChat,
  SMTP_CHECK: smtpCheck,
  DNS_CHECK: dnsCheck,
  UDP_CHECK: udpCheck,
  PING_CHECK: pingCheck,
  MISC_CHECK: miscCheck,
  FILE_CHECK: fileCheck,
  AGENT_CHECK: agentCheck,
};
