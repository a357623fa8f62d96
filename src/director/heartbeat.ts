// A child's side of the supervisor's watch: it beats while its loop turns, and ends when the supervisor is gone.
import { isSystemError, type Platform, type Timer } from '../platform/platform.ts';
import type { WillChange } from './vrrp/will.ts';

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
  /** From the vrrp process. */
  readonly will?: WillChange;
}

export interface SupervisorLink {
  /** False when the supervisor cannot take it now. */
  send(message: FromChild): boolean;
}

export interface HeartbeatEvents {
  /** What the supervisor tells this child. */
  onMessage?(message: unknown): void;
  /** The supervisor is gone: nobody would restart this process or clean up after it. Ends the process unless told otherwise. */
  onOrphaned?(): void;
}

/** Starts beating. */
export function startHeartbeat(platform: Platform, events: HeartbeatEvents = {}): SupervisorLink {
  const { onMessage = () => {}, onOrphaned = () => platform.processes.exit(1) } = events;
  const socket = platform.processes.inherited(SUPERVISOR_FD);
  const encoder = new TextEncoder();
  const beat = encoder.encode('{}');
  let timer: Timer | null = null;
  let orphaned = false;

  function orphan(): void {
    if (orphaned) return;
    orphaned = true;
    timer?.cancel();
    socket.close();
    onOrphaned();
  }

  function send(data: Uint8Array): boolean {
    if (orphaned) return true;
    try {
      return socket.send(data) !== null;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      orphan();
      return true;
    }
  }

  function listen(): void {
    try {
      for (let datagram = socket.receive(); datagram !== null; datagram = socket.receive()) {
        if (datagram.data.length === 0) {
          orphan();
          return;
        }
        onMessage(JSON.parse(new TextDecoder().decode(datagram.data)));
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      orphan();
    }
  }

  function tick(): void {
    timer = platform.after(BEAT_INTERVAL, tick);
    send(beat);
  }

  socket.onReadable(listen);
  tick();
  return { send: message => send(encoder.encode(JSON.stringify(message))) };
}
