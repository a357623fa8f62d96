// PGSQL_CHECK beside Debian's PostgreSQL.

import { execFileSync } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { asUser, has, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { makeCertificates } from './checks/tls.ts';
import { buildDirector, createPlace, inside, type Place, until } from './director/director.ts';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const PORT = 7231;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** What PostgreSQL keeps of a password. A hundred rounds: what they cost is tested elsewhere. */
function verifier(password: string, salt: string): string {
  const salted = pbkdf2Sync(password, salt, 100, 32, 'sha256');
  const mac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(mac('Client Key')).digest('base64');
  const encoded = Buffer.from(salt).toString('base64');
  return `SCRAM-SHA-256$100:${encoded}$${stored}:${mac('Server Key').toString('base64')}`;
}

const USERS = `
CREATE ROLE scram LOGIN PASSWORD '${verifier('watch me', 'salt of scram')}';
SET password_encryption = 'md5';
CREATE ROLE old LOGIN PASSWORD 'watch me';
RESET password_encryption;
CREATE ROLE clear LOGIN PASSWORD 'watch me';
CREATE ROLE open LOGIN;
CREATE ROLE secured LOGIN PASSWORD '${verifier('watch me', 'salt of secured')}';
CREATE DATABASE shop;
`;

const ACCESS = `local all all trust
hostssl all secured all scram-sha-256
host all secured all reject
host all scram all scram-sha-256
host all old all md5
host all clear all password
host all open all trust
`;

const SETTINGS = `
listen_addresses = '10.9.0.2'
port = ${PORT}
shared_buffers = 2MB
fsync = off
ssl = on
`;

/** Makes a database server's files; it refuses to be root. */
function prepare(place: Place, user: readonly string[]): string {
  const data = join(place.folder, 'data');
  chmodSync(place.folder, 0o755);
  mkdirSync(data);
  const tls = join(place.folder, 'tls');
  makeCertificates(tls);
  const cluster = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--no-instructions'];
  execFileSync('chown', ['-R', 'postgres', data, tls]);
  inside(place.far, ...user, `${PROGRAMS}/initdb`, ...cluster);
  writeFileSync(join(data, 'pg_hba.conf'), ACCESS);
  const files = `ssl_cert_file = '${tls}/good.pem'\nssl_key_file = '${tls}/good.key'\n`;
  appendFileSync(join(data, 'postgresql.conf'), `${SETTINGS}${files}unix_socket_directories = '${data}'\n`);
  return data;
}

test('PostgreSQL takes the login and gives rows, or says why not', async t => {
  const user = asUser(t, 'postgres');
  if (user === null || !has(t, `${PROGRAMS}/postgres`)) return;
  const place = createPlace();
  const data = prepare(place, user);
  startDaemon(t, place, ...user, `${PROGRAMS}/postgres`, '-D', data);
  const psql = (...more: string[]) =>
    inside(
      place.far,
      ...user,
      `${PROGRAMS}/psql`,
      '-h',
      data,
      '-p',
      String(PORT),
      '-U',
      'postgres',
      '-q',
      ...more,
    );
  await until(
    () => existsSync(join(data, `.s.PGSQL.${PORT}`)) && readFileSync(join(data, 'postmaster.pid'), 'utf8'),
    text => /^ready/m.test(text || ''),
  );
  const users = join(place.folder, 'users.sql');
  writeFileSync(users, USERS);
  psql('-v', 'ON_ERROR_STOP=1', '-f', users, 'postgres');
  const pgsql = (login: string, ...lines: string[]) => ({
    port: PORT,
    kind: 'PGSQL_CHECK',
    lines: [`login ${login}`, ...lines].join('\n '),
  });
  const password = 'password "watch me"';
  // The first attempts find out what there is to be worked out.
  const often = 'delay_loop 1';
  const database = 'database shop';
  const takes = { up: true, reason: 'takes the login' } as const;
  const gives = { up: true, reason: 'the query gives what is expected' } as const;
  await judge(t, binary, place, [
    { ...pgsql('scram', password, database, often), ...takes },
    { ...pgsql('old', password, database), ...takes },
    { ...pgsql('open', database), ...takes },
    { ...pgsql('scram', password, database, often, 'query "SELECT current_user"', 'answer scram'), ...gives },
    { ...pgsql('secured', password, database, often, 'starttls', 'query "SELECT 1"', 'answer 1'), ...gives },
    { ...pgsql('clear', password, database, 'starttls'), ...takes },
    {
      ...pgsql('open', database, 'query "SELECT pg_is_in_recovery()"', 'answer t'),
      reason: 'the query gives "f"',
    },
    { ...pgsql('open', database, 'query "SELECT NULL"', 'answer t'), reason: 'the query gives NULL' },
    { ...pgsql('open', database, 'query "SELECT 1 WHERE false"'), reason: 'the query gives no row' },
    { ...pgsql('open', database, 'query "SET timezone = 0"'), reason: 'the query gives no row' },
    { ...pgsql('open', database, 'query "SELEKT"'), reason: /^error 42601 "syntax error/ },
    { ...pgsql('open'), reason: 'error 3D000 "database "open" does not exist"' },
    {
      ...pgsql('scram', 'password wrong', database, often),
      reason: /^error 28P01 "password authentication failed/,
    },
    { ...pgsql('old', 'password wrong', database), reason: /^error 28P01 "password authentication failed/ },
    { ...pgsql('clear', password, database), reason: 'the server wants the password itself: only with TLS' },
    { ...pgsql('secured', password, database), reason: /^error 28000 "pg_hba\.conf rejects connection/ },
  ]);
});
