// The request of an HTTP_GET (RFC 9112, section 3).
import type { CheckConfig, UrlConfig } from '../config/config.ts';
import { VERSION } from '../version.ts';

export type HttpCheck = Extract<CheckConfig, { kind: 'HTTP_GET' }>;

/** With Host, which name-based servers need in HTTP/1.0 too. */
export function requestFor({ path, host }: UrlConfig, check: HttpCheck): string {
  const { protocol = '1.0', keepAlive = false } = check;
  const lines = [
    // A space would end it.
    `GET ${path.replaceAll(' ', '%20')} HTTP/${protocol}`,
    `Host: ${host ?? authorityOf(check)}`,
    `User-Agent: compact-director/${VERSION}`,
    `Connection: ${keepAlive ? 'keep-alive' : 'close'}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Address and port as a URI has them; the usual one is left out. */
function authorityOf({ connectAddress, connectPort, tls }: HttpCheck): string {
  const host = connectAddress.includes(':') ? `[${connectAddress}]` : connectAddress;
  return connectPort === (tls ? 443 : 80) ? host : `${host}:${connectPort}`;
}
