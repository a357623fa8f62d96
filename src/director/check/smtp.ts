// SMTP_CHECK: the server greets, takes HELO and says goodbye.
import type { Platform, SocketAddress } from '../../platform/platform.ts';
import { formatAddress } from '../address.ts';
import type { CheckConfig } from '../config/config.ts';
import type { Cancel } from '../dial.ts';
import { LineTalker } from './dialogue.ts';
import { smtpDialogue } from './smtp-dialogue.ts';
import type { CheckResult } from './state.ts';
import { converse } from './talk.ts';

type SmtpCheck = Extract<CheckConfig, { kind: 'SMTP_CHECK' }>;

export function probeSmtp(platform: Platform, check: SmtpCheck, done: (result: CheckResult) => void): Cancel {
  const begin = ({ socket }: { socket: { localAddress(): SocketAddress } }) =>
    new LineTalker(
      smtpDialogue(check.helo ?? literalOf(socket.localAddress()), check.tls?.startsLater === true),
    );
  return converse(platform, check, begin, done);
}

/** What a client without a name calls itself (RFC 5321 section 4.1.3). */
function literalOf(address: SocketAddress): string {
  if (address.family === 'inet6') return `[IPv6:${formatAddress(address.address)}]`;
  return address.family === 'inet' ? `[${formatAddress(address.address)}]` : 'localhost';
}
