// TLS without encryption: what is said goes over the fake socket as it is, after a handshake that the test plays.
import { systemError } from './fake-error.ts';
import type { Datagram, Socket, TlsOptions, TlsSession } from './platform.ts';

export class FakeTls implements TlsSession {
  readonly options: TlsOptions;
  /** What the steps of the handshake come to, in their order; the text behind `E` is thrown as the argument of EPROTO. */
  steps: ('again' | 'readable' | 'writable' | `E${string}`)[] = ['again', 'writable', 'again'];
  /** What `resumption` gives. */
  saved: Uint8Array | null = null;
  closed = false;
  readonly #socket: Socket;

  constructor(socket: Socket, options: TlsOptions) {
    this.#socket = socket;
    this.options = options;
  }

  handshake(): 'done' | 'again' | 'readable' | 'writable' {
    const step = this.steps.shift() ?? 'done';
    if (step === 'again' || step === 'readable' || step === 'writable' || step === 'done') return step;
    throw systemError('EPROTO', 'tls', step.slice(1));
  }

  send(data: Uint8Array): number | null {
    return this.#socket.send(data);
  }

  receive(): Datagram | null {
    return this.#socket.receive();
  }

  resumption(): Uint8Array | null {
    return this.saved;
  }

  close(): void {
    this.closed = true;
  }
}
