// Sends mail: at most one message at a time and one every few seconds; what happens meanwhile goes into the next one.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { MailConfig } from '../config/vrrp-config.ts';
import type { Cancel } from '../dial.ts';
import type { Log } from '../log.ts';
import { deliver } from './delivery.ts';
import type { Letter } from './notice.ts';
import type { Mail } from './smtp.ts';

/** Milliseconds from the end of one message to the beginning of the next. */
const PAUSE = 10_000;
/** Milliseconds until what was not taken is sent again, and how often it is tried. */
const RETRY = 30_000;
const ATTEMPTS = 10;
/** Letters that wait; the oldest are lost beyond that. */
const MOST = 50;

export interface Mailer {
  /** Null: no mail. */
  configure(config: MailConfig | null): void;
  send(letter: Letter): void;
  /** While it rests, letters wait. */
  rest(resting: boolean): void;
  /** Sends what waits at once; resolves when that was tried. */
  flush(): Promise<void>;
  /** What is not sent yet is lost. */
  close(): void;
}

/** `hostName` is said to the server unless the configuration names one. */
export function createMailer(platform: Platform, log: Log, hostName: () => string): Mailer {
  let config: MailConfig | null = null;
  let waiting: Letter[] = [];
  /** Letters that there was no room for since the last message. */
  let lost = 0;
  let failures = 0;
  let isResting = false;
  /** Of the next message. */
  let timer: Timer | null = null;
  /** Of the one under way. */
  let cancel: Cancel | null = null;
  const flushed: (() => void)[] = [];

  function sendAll(): void {
    timer = null;
    if (config === null || waiting.length === 0 || (isResting && flushed.length === 0)) return;
    const letters = waiting;
    const left = lost;
    waiting = [];
    lost = 0;
    const mail = mailOf(config, letters, left, hostName(), platform.clock.wall());
    cancel = deliver(platform, config, mail, ({ ok, reason }) => {
      cancel = null;
      if (ok) failures = 0;
      else fail(letters, left, reason);
      // Who waits for the last word waits for no second attempt.
      const hurries = ok && waiting.length > 0 && flushed.length > 0;
      timer = platform.after(hurries ? 0 : ok ? PAUSE : RETRY, sendAll);
      if (!hurries) for (const resolve of flushed.splice(0)) resolve();
    });
  }

  function begin(): void {
    if (timer === null && cancel === null) timer = platform.after(0, sendAll);
  }

  function hold(letters: readonly Letter[]): void {
    waiting = letters.slice(-MOST);
    lost += letters.length - waiting.length;
  }

  function fail(letters: readonly Letter[], left: number, reason: string): void {
    failures += 1;
    lost += left;
    if (failures < ATTEMPTS) {
      log.warn(`mail: ${reason}`);
      hold([...letters, ...waiting]);
    } else {
      log.error(`mail: ${letters.length + lost} notifications are given up: ${reason}`);
      lost = 0;
      failures = 0;
    }
  }

  return {
    configure(next) {
      config = next;
    },
    send(letter) {
      if (config === null) return;
      hold([...waiting, letter]);
      begin();
    },
    rest(resting) {
      isResting = resting;
      begin();
    },
    flush() {
      if (cancel === null && waiting.length === 0) return Promise.resolve();
      timer?.cancel();
      const done = new Promise<void>(resolve => flushed.push(resolve));
      if (cancel === null) sendAll();
      return done;
    },
    close() {
      config = null;
      timer?.cancel();
      cancel?.();
    },
  };
}

/** Several letters in one message: the subject is that of the last. */
function mailOf(
  { from, to, helo }: MailConfig,
  letters: readonly Letter[],
  lost: number,
  hostName: string,
  at: number,
): Mail {
  const last = letters.at(-1)!;
  const others = letters.length - 1 + lost;
  const more = others > 0 ? ` (and ${others} more)` : '';
  const told = others === 0 ? last.text : letters.map(each => `${each.subject}\n${each.text}`).join('\n');
  const text = lost > 0 ? `${told}\n${lost} earlier ones are left out.\n` : told;
  return { helo: helo ?? hostName, from, to, subject: last.subject + more, text, at };
}
