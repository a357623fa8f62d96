// The words of a news reader (RFC 3977) that logs in (RFC 4643) and looks at a group, or only says goodbye; with STARTTLS before it
// (RFC 4642).
import type { LoginConfig } from '../config/config.ts';
import type { Dialogue } from './dialogue.ts';
import { type Grammar, ReplyDialogue, readCode, type Word } from './reply-dialogue.ts';

/** Replies are of one line. */
const NNTP: Grammar = {
  protocol: 'NNTP',
  read(line) {
    const reply = readCode(line);
    return reply === null || reply.goesOn ? null : reply;
  },
};

function word(say: string, what: string, ...wants: string[]): Word {
  return { say, what: `the answer to ${what}`, wants };
}

export function nntpDialogue(login: LoginConfig | null, group: string | null, startsTls: boolean): Dialogue {
  const words: Word[] = [{ say: '', what: 'the greeting', wants: ['200', '201'] }];
  if (startsTls) words.push({ ...word('STARTTLS', 'STARTTLS', '382'), encrypts: true });
  if (login !== null) {
    const user = word(`AUTHINFO USER ${login.name}`, 'AUTHINFO USER', '281', '381');
    words.push({ ...user, enough: ['281'] });
    const pass = word(`AUTHINFO PASS ${login.password ?? ''}`, 'AUTHINFO PASS', '281');
    words.push({ ...pass, isDetail: true });
  }
  if (group !== null) words.push(word(`GROUP ${group}`, 'GROUP', '211'));
  if (login === null && group === null) {
    words.push(word('QUIT', 'QUIT', '205'));
    return new ReplyDialogue(NNTP, words, 'greets and says goodbye');
  }
  const up = group === null ? 'greets and takes the login' : `greets and has the group ${group}`;
  return new ReplyDialogue(NNTP, words, up, 'QUIT');
}
