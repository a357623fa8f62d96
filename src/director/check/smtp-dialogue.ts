// The words of an SMTP client that only wants to know whether somebody is there (RFC 5321): greeting, HELO, QUIT; with STARTTLS
// before it greets again (RFC 3207).
import type { Dialogue } from './dialogue.ts';
import { type Grammar, ReplyDialogue, readCode, type Word } from './reply-dialogue.ts';

const SMTP: Grammar = { protocol: 'SMTP', read: readCode };

const GREETING: Word = { say: '', what: 'the greeting', wants: ['220'] };

/** keepalived asks for no code of the farewell. */
const QUIT: Word = { say: 'QUIT', what: 'the answer to QUIT', wants: null };

/** `helo` is the name that the client gives itself: a domain, or an address in brackets. */
export function smtpDialogue(helo: string, startsTls: boolean): Dialogue {
  if (!startsTls) {
    const hello: Word = { say: `HELO ${helo}`, what: 'the answer to HELO', wants: ['250'] };
    return new ReplyDialogue(SMTP, [GREETING, hello, QUIT], 'greets and takes HELO');
  }
  const hello: Word = { say: `EHLO ${helo}`, what: 'the answer to EHLO', wants: ['250'] };
  const start: Word = { say: 'STARTTLS', what: 'the answer to STARTTLS', wants: ['220'], encrypts: true };
  const again: Word = { ...hello, what: 'the answer to EHLO within TLS' };
  return new ReplyDialogue(SMTP, [GREETING, hello, start, again, QUIT], 'greets and takes EHLO within TLS');
}
