// The words of a POP3 client (RFC 1939) that logs in, or only says goodbye; with STLS before it (RFC 2595).
import type { LoginConfig } from '../config/config.ts';
import type { Dialogue } from './dialogue.ts';
import { type Grammar, type Reply, ReplyDialogue, type Word } from './reply-dialogue.ts';

const POP: Grammar = {
  protocol: 'POP3',
  read(line): Reply | null {
    const match = /^(\+OK|-ERR)(?: |$)/.exec(line);
    return match === null ? null : { status: match[1]!, goesOn: false };
  },
};

function word(say: string, what = say): Word {
  return { say, what: `the answer to ${what}`, wants: ['+OK'] };
}

export function popDialogue(login: LoginConfig | null, startsTls: boolean): Dialogue {
  const words: Word[] = [{ say: '', what: 'the greeting', wants: ['+OK'] }];
  if (startsTls) words.push({ ...word('STLS'), encrypts: true });
  if (login === null) {
    words.push(word('QUIT'));
    return new ReplyDialogue(POP, words, 'greets and says goodbye');
  }
  words.push(word(`USER ${login.name}`, 'USER'), word(`PASS ${login.password ?? ''}`, 'PASS'));
  return new ReplyDialogue(POP, words, 'greets and takes the login', 'QUIT');
}
