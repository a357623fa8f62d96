// What checks over TLS meet: certificates, and nginx with a server for each kind of TLS.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Place } from '../director/director.ts';
import { listening, startDaemon } from './daemons.ts';

export interface Certificates {
  /** The authority's, as PEM. */
  readonly authority: string;
  /** Another authority's, that has signed nothing. */
  readonly stranger: string;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const EC_384 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'];
const RSA = ['-newkey', 'rsa:2048'];

/** Names of files in the folder: `good`, `rsa`, `p384`, `expired` and `own`, each with `.pem` and `.key`; all but the last are signed. */
export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const authority = (name: string) =>
    openssl(
      ...['req', '-x509', ...EC, '-nodes', '-days', '30', '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
  const signed = (name: string, key: readonly string[], days: string) => {
    const subject = [
      '-subj',
      '/CN=www.example.org',
      '-nodes',
      '-addext',
      'subjectAltName=DNS:www.example.org',
    ];
    openssl('req', '-new', ...key, ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy', '-days', days];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  };
  authority('ca');
  authority('stranger');
  authority('own');
  signed('good', EC, '30');
  signed('rsa', RSA, '30');
  signed('p384', EC_384, '30');
  signed('expired', EC, '-1');
  return { authority: join(folder, 'ca.pem'), stranger: join(folder, 'stranger.pem') };
}

/** What the servers of nginx speak, by port. */
const SERVERS: Readonly<Record<number, string>> = {
  8443: 'ssl_certificate good.pem; ssl_certificate_key good.key; ssl_protocols TLSv1.2 TLSv1.3;',
  8444: 'ssl_certificate rsa.pem; ssl_certificate_key rsa.key; ssl_protocols TLSv1.2;',
  8445: 'ssl_certificate rsa.pem; ssl_certificate_key rsa.key; ssl_protocols TLSv1.3;',
  8446: 'ssl_certificate expired.pem; ssl_certificate_key expired.key;',
  // As ten years ago: no Diffie-Hellman, CBC, SHA-1.
  8447: 'ssl_certificate rsa.pem; ssl_certificate_key rsa.key; ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA;',
  8448: 'ssl_reject_handshake on;',
  8449: 'ssl_certificate p384.pem; ssl_certificate_key p384.key; ssl_ecdh_curve X25519;',
  8450: 'ssl_certificate own.pem; ssl_certificate_key own.key; ssl_session_tickets off; ssl_session_cache none;',
  8451: 'ssl_certificate good.pem; ssl_certificate_key good.key; ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;',
};

/**
 * nginx on the ports of SERVERS; port 8448 takes only those who ask for www.example.org. `/` is `hello`, `/long` 100,000 letters, and
 * `/how` tells version and whether a session was resumed (`TLSv1.2 r`).
 */
export async function startTlsServers(
  t: ExecutionContext,
  place: Place,
  certificates: string,
): Promise<void> {
  const folder = join(place.folder, 'nginx-tls');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'long'), 'x'.repeat(100_000));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const locations = `location / { return 200 hello; } location /how { return 200 "$ssl_protocol $ssl_session_reused"; }
  location /long { root ${folder}; }`;
  const servers = Object.entries(SERVERS).map(
    ([port, lines]) => `server { listen 10.9.0.2:${port} ssl default_server; ${lines} ${locations} }`,
  );
  const named = `server { listen 10.9.0.2:8448 ssl; server_name www.example.org;
  ssl_certificate good.pem; ssl_certificate_key good.key; ${locations} }`;
  const file = join(certificates, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tls:1m;
  ${temporary.map(each => `${each}_temp_path ${folder}/${each};`).join(' ')}
  ${servers.join('\n')}
  ${named}
}
`,
  );
  startDaemon(t, place, '/usr/sbin/nginx', '-e', `${folder}/error.log`, '-c', file);
  for (const port of Object.keys(SERVERS)) await listening(place, Number(port));
}
