// The words of an IMAP client (RFC 3501) that logs in, or only asks whether somebody is there; with STARTTLS before it.
import type { LoginConfig } from '../config/config.ts';
import type { Dialogue } from './dialogue.ts';
import { type Grammar, type Reply, ReplyDialogue, type Word } from './reply-dialogue.ts';

/** Each word has a tag of its own: its number. Other lines come at any time, but a farewell is one. */
const IMAP: Grammar = {
  protocol: 'IMAP',
  read(line, word): Reply | null {
    const [, tag, status = ''] = /^([*+]|a\d+)(?: ([A-Za-z0-9]*)|$)/.exec(line) ?? [];
    if (tag === undefined) return null;
    const said = status.toUpperCase();
    if (tag === '*') {
      const isStatus = /^(?:OK|PREAUTH|BYE|NO|BAD)$/.test(said);
      if (word === 0) return isStatus ? { status: said, goesOn: false } : null;
      return { status: said === 'BYE' ? said : 'OK', goesOn: true };
    }
    if (tag !== `a${word}`) return null;
    return /^(?:OK|NO|BAD)$/.test(said) ? { status: said, goesOn: false } : null;
  },
};

export function imapDialogue(login: LoginConfig | null, startsTls: boolean): Dialogue {
  // Who is known before the conversation begins has no login to give, and no TLS.
  const wants = startsTls ? ['OK'] : ['OK', 'PREAUTH'];
  const words: Word[] = [{ say: '', what: 'the greeting', wants, enough: ['PREAUTH'] }];
  const add = (name: string, line = name, more: Partial<Word> = {}) => {
    words.push({ say: `a${words.length} ${line}`, what: `the answer to ${name}`, wants: ['OK'], ...more });
  };
  if (startsTls) add('STARTTLS', 'STARTTLS', { encrypts: true });
  if (login === null) add('NOOP');
  else add('LOGIN', `LOGIN ${quote(login.name)} ${quote(login.password ?? '')}`, { isDetail: true });
  const up = login === null ? 'greets and takes commands' : 'greets and takes the login';
  return new ReplyDialogue(IMAP, words, up, `a${words.length} LOGOUT`);
}

/** A quoted string; what comes from a configuration has no line ends. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
