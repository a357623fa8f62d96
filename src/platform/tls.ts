// TLS sessions of the director's own binary: the functions of src/host/tls.c as an object.
import * as host from 'host';
import type { TlsOptions, TlsSession } from './platform.ts';

const VERSIONS = { '1.2': 2, '1.3': 3 } as const;

/** `buffer` is where `receive` puts what it got. */
export function openTls(
  fd: number,
  { serverName, version, authorities, resumption }: TlsOptions,
  buffer: () => Uint8Array,
): TlsSession {
  const session = host.tlsOpen(
    fd,
    serverName ?? '',
    version === null ? 0 : VERSIONS[version],
    authorities ?? '',
    resumption,
  );
  let open = true;
  return {
    handshake: () => host.tlsHandshake(session),
    send: data => host.tlsSend(session, data),
    receive() {
      const into = buffer();
      const length = host.tlsReceive(session, into);
      return length === null ? null : { data: into.subarray(0, length), from: null, truncated: false };
    },
    resumption: () => host.tlsSession(session),
    close() {
      // The number may be another session's already.
      if (open) host.tlsClose(session);
      open = false;
    },
  };
}
