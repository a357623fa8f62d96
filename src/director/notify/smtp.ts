// The words of an SMTP client (RFC 5321) that sends one message and leaves. Pure: replies in, commands out.

/** What is sent to whom. */
export interface Mail {
  readonly helo: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What to do after a reply: say this, or it is over. */
export type SmtpStep =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'delivered'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

export class SmtpConversation {
  readonly #mail: Mail;
  /** What the next reply is about: 0 the greeting, then each command in its order. */
  #position = 0;
  #refused: string[] = [];

  constructor(mail: Mail) {
    this.#mail = mail;
  }

  /** Takes one whole reply, all lines of it; its code is that of the last line. */
  take(reply: string): SmtpStep {
    const { from, to, helo } = this.#mail;
    const code = Number(reply.slice(0, 3));
    const position = this.#position++;
    const recipient = position - 3;
    if (position === 0) return code === 220 ? say(`HELO ${helo}`) : failed('the greeting', reply);
    if (position === 1) return isGood(code) ? say(`MAIL FROM:<${mailbox(from)}>`) : failed('HELO', reply);
    if (position === 2) return isGood(code) ? say(`RCPT TO:<${mailbox(to[0]!)}>`) : failed('MAIL', reply);
    if (recipient < to.length) return this.#takeRecipient(recipient, code, reply);
    if (recipient === to.length) {
      return code === 354 ? { kind: 'say', text: messageOf(this.#mail) } : failed('DATA', reply);
    }
    return isGood(code) ? { kind: 'delivered', text: 'QUIT\r\n' } : failed('the message', reply);
  }

  /** One that the server does not want keeps no other from getting it. */
  #takeRecipient(recipient: number, code: number, reply: string): SmtpStep {
    const { to } = this.#mail;
    if (!isGood(code)) this.#refused.push(reply);
    if (recipient + 1 < to.length) return say(`RCPT TO:<${mailbox(to[recipient + 1]!)}>`);
    return this.#refused.length < to.length ? say('DATA') : failed('every recipient', this.#refused[0]!);
  }
}

/** Takes whole replies out of lines: `250-first` goes on, `250 last` ends one. */
export class ReplyReader {
  #lines: string[] = [];

  /** The reply that this line completes, or null. */
  push(line: string): string | null {
    this.#lines.push(line.trimEnd());
    if (line[3] === '-') return null;
    return this.#lines.splice(0).at(-1) ?? null;
  }
}

/** The message as it follows DATA, its end included. */
export function messageOf({ from, to, subject, text, at }: Mail): string {
  const lines = [
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `From: ${header(from)}`,
    `To: ${header(to.join(', '))}`,
    `Subject: ${header(subject)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    'X-Mailer: Compact Director',
    '',
    // A line that is a dot alone would end the message.
    ...text
      .trimEnd()
      .split('\n')
      .map(line => (line.startsWith('.') ? `.${line}` : line)),
    '.',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The address itself where it is written as `The Director <director@example.org>`. */
function mailbox(text: string): string {
  return /<([^<>]*)>/.exec(text)?.[1] ?? text;
}

/** A header is one line. */
function header(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function say(line: string): SmtpStep {
  return { kind: 'say', text: `${header(line)}\r\n` };
}

function isGood(code: number): boolean {
  return code >= 200 && code < 300;
}

function failed(what: string, reply: string): SmtpStep {
  return { kind: 'failed', reason: `the server refuses ${what}: ${reply}` };
}
