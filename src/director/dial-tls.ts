// Connections as a check wants them: plain, or with TLS from the beginning or from the moment when its protocol asks for it.
import { type Clock, isSystemError, type Platform, type TlsSession } from '../platform/platform.ts';
import type { TlsConfig } from './config/config.ts';
import {
  type Call,
  type Callee,
  type CallResult,
  type Cancel,
  type Dial,
  dial,
  type SocketCall,
} from './dial.ts';
import { type Plan, TlsMemory } from './tls/memory.ts';
import { tlsReason } from './tls/reason.ts';
import { Turns } from './tls/turns.ts';

/** Milliseconds without a word of the server, after which its handshake no longer keeps others from theirs. */
const SILENCE = 1000;

/** Milliseconds of arithmetic, after which everybody else is heard before it goes on. */
const LONGEST_WORK = 20;

/** How to connect for this check. */
export function dialFor({ tls }: { readonly tls?: TlsConfig | undefined }): Dial {
  if (tls === undefined) return dial;
  return (platform, callee, connected, done) => dialTls(platform, callee, tls, connected, done);
}

/** Of each process: by its clock, since a check may be given a Platform of its own. */
const shared = new WeakMap<Clock, { readonly turns: Turns; readonly memory: TlsMemory }>();

function sharedOf({ clock }: Platform) {
  const known = shared.get(clock) ?? { turns: new Turns(), memory: new TlsMemory() };
  shared.set(clock, known);
  return known;
}

/** The time limit runs from the moment when it is this connection's turn. */
function dialTls(
  platform: Platform,
  callee: Callee,
  tls: TlsConfig,
  connected: (call: Call) => void,
  done: (result: CallResult) => void,
): Cancel {
  const { turns, memory } = sharedOf(platform);
  const { connectAddress, connectPort, connectTimeout } = callee;
  const server = [connectAddress, connectPort, tls.serverName, tls.authorities, tls.version].join(' ');
  const now = () => platform.clock.monotonic();
  let deadline = 0;
  let session: TlsSession | null = null;
  let isShaking = false;
  let hangUp: Cancel = () => {};
  let stopSilence: Cancel = () => {};

  const turn = turns.take(() => {
    deadline = now() + connectTimeout;
    const plan = memory.planFor(server, now());
    call(tls.version === undefined ? plan : { ...plan, version: tls.version });
  });

  function call(plan: Plan): void {
    isShaking = false;
    expect();
    const limited = { ...callee, connectTimeout: Math.round(deadline - now()) };
    hangUp = dial(
      platform,
      limited,
      line => begin(line, plan),
      result => finish(result, plan),
    );
  }

  /** Starts to wait for the server. */
  function expect(): void {
    stopSilence();
    const timer = platform.after(SILENCE, () => turn.rest());
    stopSilence = () => timer.cancel();
  }

  function begin(line: SocketCall, plan: Plan): void {
    const stream = () => session ?? line.socket;
    const encrypt = (then: () => void) => {
      const opened = open(line, plan);
      if (opened === null) return;
      session = opened;
      isShaking = true;
      shake(line, opened, () => {
        isShaking = false;
        stopSilence();
        turn.rest();
        then();
      });
    };
    const through: Call = {
      socket: {
        send: data => inWords(() => stream().send(data)),
        receive: () => inWords(() => stream().receive()),
        localAddress: () => line.socket.localAddress(),
      },
      whenReadable: line.whenReadable,
      whenWritable: line.whenWritable,
      end(result) {
        if (session !== null && !isShaking) memory.keep(server, plan, session.resumption(), now());
        close();
        line.end(result);
      },
      ...(tls.startsLater && { startTls: encrypt }),
    };
    if (tls.startsLater) connected(through);
    else encrypt(() => connected(through));
  }

  function open(line: SocketCall, plan: Plan): TlsSession | null {
    const { serverName = null, authorities: path } = tls;
    try {
      const authorities = path === undefined ? null : platform.files.readText(path);
      return inWords(() => platform.tls(line.socket, { serverName, authorities, ...plan }));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const reason = path === undefined ? error.code : `the certificates of ${path}: ${error.code}`;
      line.end({ ok: false, reason });
      return null;
    }
  }

  function shake(line: SocketCall, current: TlsSession, then: () => void): void {
    const step = () => {
      const limit = now() + LONGEST_WORK;
      let state = inWords(() => current.handshake());
      while (state === 'again' && now() < limit) state = inWords(() => current.handshake());
      if (state === 'readable') expect();
      line.whenReadable(state === 'readable' ? step : null);
      // A socket can nearly always be written to: what has more to compute goes on once the others were heard.
      line.whenWritable(state === 'again' || state === 'writable' ? step : null);
      if (state === 'done') then();
    };
    line.whenReadable(null);
    line.whenWritable(step);
  }

  function finish(result: CallResult, plan: Plan): void {
    close();
    const plain = { version: tls.version ?? null, resumption: null };
    const canBePlainer = plan.version !== plain.version || plan.resumption !== null;
    if (isShaking) memory.forget(server);
    // An earlier session or TLS 1.2 may be what the server does not like; whether it is well shows without.
    if (isShaking && canBePlainer && now() < deadline) call(plain);
    else leave(result);
  }

  function close(): void {
    stopSilence();
    session?.close();
    session = null;
  }

  function leave(result: CallResult): void {
    turn.leave();
    done(result);
  }

  return () => {
    close();
    hangUp();
    turn.leave();
  };
}

/** Makes the code of what TLS says words that `dial` passes on. */
function inWords<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!isSystemError(error, 'EPROTO')) throw error;
    const { syscall, argument } = error;
    const code = tlsReason(argument);
    throw Object.assign(new Error(code), { code, syscall, argument });
  }
}
