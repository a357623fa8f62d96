// A child's side of the supervisor's watch: it beats while its loop turns, and ends when the supervisor is gone.
import { isSystemError, type Platform, type Socket } from '../platform/platform.ts';

/** Where the supervisor leaves a child its end of the SEQPACKET pair. */
export const SUPERVISOR_FD = 3;

/** Milliseconds between beats. */
export const BEAT_INTERVAL = 250;

/** Bytes of a beat: the empty object. */
export const BEAT_LENGTH = 2;

/** What a child says besides that it lives. */
export interface FromChild {
  /** Asks for an orderly stop of the whole director with this exit status. */
  readonly stop?: number;
}

export interface SupervisorLink {
  send(message: FromChild): void;
}

/** Starts beating. `onMessage` gets what the supervisor tells this child. */
export function startHeartbeat(
  platform: Platform,
  onMessage: (message: unknown) => void = () => {},
): SupervisorLink {
  const socket = platform.processes.inherited(SUPERVISOR_FD);
  const encoder = new TextEncoder();
  const beat = encoder.encode('{}');
  const orEnd = (action: () => void) => {
    try {
      action();
    } catch (error) {
      // Without a supervisor nobody would restart this process or clean up after it: it must not live on.
      if (!isSystemError(error)) throw error;
      platform.processes.exit(1);
    }
  };
  const send = (data: Uint8Array) => orEnd(() => socket.send(data));
  const tick = () => {
    send(beat);
    platform.after(BEAT_INTERVAL, tick);
  };
  socket.onReadable(() => orEnd(() => listen(platform, socket, onMessage)));
  tick();
  return { send: message => send(encoder.encode(JSON.stringify(message))) };
}

function listen(platform: Platform, socket: Socket, onMessage: (message: unknown) => void): void {
  for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive()) {
    if (datagram.data.length === 0) platform.processes.exit(1);
    onMessage(JSON.parse(new TextDecoder().decode(datagram.data)));
  }
}
