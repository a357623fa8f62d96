// The words of a FTP client (RFC 959) that logs in and looks for a file, or only says goodbye;
// with AUTH TLS before it (RFC 4217).
import type { LoginConfig } from '../config/config.ts';
import type { Dialogue } from './dialogue.ts';
import { type Grammar, type Reply, ReplyDialogue, readCode, type Word } from './reply-dialogue.ts';

/** Between the first line of a long reply and its last, which begins with the same code, stands anything (section 4.2). */
function grammar(): Grammar {
  let open = '';
  return {
    protocol: 'FTP',
    read(line, word): Reply | null {
      const isInside = open !== '';
      if (isInside && !line.startsWith(`${open} `)) return { status: open, goesOn: true };
      open = '';
      const reply = readCode(line);
      if (reply === null) return null;
      if (reply.goesOn) open = reply.status;
      // "Service ready in nnn minutes": the greeting is still to come.
      return word === 0 && reply.status === '120' ? { status: '220', goesOn: true } : reply;
    },
  };
}

/** `file` is one that the server has to have; it is not fetched. */
export function ftpDialogue(login: LoginConfig | null, file: string | null, startsTls: boolean): Dialogue {
  const words: Word[] = [{ say: '', what: 'the greeting', wants: ['220'] }];
  if (startsTls)
    words.push({ say: 'AUTH TLS', what: 'the answer to AUTH TLS', wants: ['234'], encrypts: true });
  if (login === null) {
    words.push({ say: 'QUIT', what: 'the answer to QUIT', wants: ['2'] });
    return new ReplyDialogue(grammar(), words, 'greets and says goodbye');
  }
  const { name, password } = login;
  words.push(
    { say: `USER ${name}`, what: 'the answer to USER', wants: ['230', '331'], enough: ['230'] },
    {
      ...{ say: `PASS ${password ?? 'director@'}`, what: 'the answer to PASS', wants: ['230', '202'] },
      isDetail: true,
    },
  );
  if (file === null) return new ReplyDialogue(grammar(), words, 'greets and takes the login', 'QUIT');
  // The size of a text would have to be counted (RFC 3659 section 4).
  words.push({ say: 'TYPE I', what: 'the answer to TYPE', wants: ['200'] });
  words.push({ say: `SIZE ${file}`, what: 'the answer to SIZE', wants: ['213'] });
  return new ReplyDialogue(grammar(), words, `greets and has ${file}`, 'QUIT');
}
