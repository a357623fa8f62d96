// Carries one mail to its server: the connection below the conversation of smtp.ts.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { parseAddress } from '../address.ts';
import type { MailConfig } from '../config/vrrp-config.ts';
import { type Call, type CallResult, type Cancel, dial } from '../dial.ts';
import { LineBuffer, LineTooLong } from '../ipc/lines.ts';
import { type Mail, ReplyReader, SmtpConversation } from './smtp.ts';

/** Bytes that a line of a reply may have; RFC 5321 says 512. */
const LONGEST_LINE = 4096;

/** `done` gets what became of it, never before this returns. The whole conversation has the configured time. */
export function deliver(
  platform: Platform,
  { server, port, timeout }: Pick<MailConfig, 'server' | 'port' | 'timeout'>,
  mail: Mail,
  done: (result: CallResult) => void,
): Cancel {
  if (parseAddress(server) === null) {
    const timer = platform.after(0, () => done({ ok: false, reason: `${server} is no address` }));
    return () => timer.cancel();
  }
  const callee = { connectAddress: server, connectPort: port, connectTimeout: timeout };
  return dial(
    platform,
    callee,
    call => converse(call, mail),
    ({ ok, reason }) => done({ ok, reason: ok ? reason : `${server}: ${reason}` }),
  );
}

function converse(call: Call, mail: Mail): void {
  const conversation = new SmtpConversation(mail);
  const replies = new ReplyReader();
  const lines = new LineBuffer(LONGEST_LINE);
  let unsent = new Uint8Array(0);
  let over = false;

  function end(result: CallResult): void {
    over = true;
    call.end(result);
  }

  function flush(): void {
    while (unsent.length > 0) {
      const sent = call.socket.send(unsent);
      if (sent === null) break;
      unsent = unsent.subarray(sent);
    }
    call.whenWritable(unsent.length > 0 ? flush : null);
  }

  function say(text: string): void {
    unsent = new TextEncoder().encode(text);
    flush();
  }

  function answer(reply: string): void {
    const step = conversation.take(reply);
    if (step.kind === 'failed') {
      end({ ok: false, reason: step.reason });
      return;
    }
    if (step.kind === 'say') {
      say(step.text);
      return;
    }
    leave(step.text);
    end({ ok: true, reason: 'delivered' });
  }

  /** Nobody waits for the answer to a farewell, nor minds when the server has left first. */
  function leave(text: string): void {
    try {
      say(text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  function read(data: Uint8Array): void {
    for (const line of lines.push(data)) {
      if (over) return;
      const reply = replies.push(line);
      if (reply !== null) answer(reply);
    }
  }

  call.whenReadable(() => {
    while (!over) {
      const datagram = call.socket.receive();
      if (datagram === null) return;
      if (datagram.data.length === 0) {
        end({ ok: false, reason: 'the connection was closed' });
        return;
      }
      try {
        read(datagram.data);
      } catch (error) {
        if (!(error instanceof LineTooLong)) throw error;
        end({ ok: false, reason: error.message });
      }
    }
  });
}
