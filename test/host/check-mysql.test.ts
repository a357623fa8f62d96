// MYSQL_CHECK beside Debian's MariaDB.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { has, listening, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { makeCertificates } from './checks/tls.ts';
import { buildDirector, createPlace, type Place } from './director/director.ts';

const MARIADB = '/usr/sbin/mariadbd';
const PORT = 7221;
const SHARE = '/usr/share/mysql';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const USERS = `
CREATE DATABASE shop;
CREATE TABLE shop.goods (name TEXT);
INSERT INTO shop.goods VALUES ('tea'), ('salt');
CREATE USER monitor@'%' IDENTIFIED BY 'watch me';
CREATE USER open@'%';
CREATE USER secured@'%' IDENTIFIED BY 'watch me' REQUIRE SSL;
CREATE USER modern@'%' IDENTIFIED VIA ed25519 USING PASSWORD('x');
GRANT SELECT ON shop.* TO monitor@'%';
`;

/** Makes a database server's files; returns what it is started with. */
function prepare(place: Place): string[] {
  const data = join(place.folder, 'data');
  mkdirSync(data);
  const options = ['--no-defaults', '--user=root', `--datadir=${data}`, `--tmpdir=${data}`];
  const tables = ['system_tables', 'performance_tables', 'system_tables_data'];
  const sql = tables.map(name => readFileSync(`${SHARE}/mysql_${name}.sql`, 'utf8')).join('\n');
  const input = `CREATE DATABASE mysql;\nUSE mysql;\n${sql}\nFLUSH PRIVILEGES;\nINSTALL SONAME 'auth_ed25519';\n${USERS}`;
  const small = ['--innodb-buffer-pool-size=8M', '--innodb-log-file-size=4M', '--aria-log-file-size=8M'];
  execFileSync(MARIADB, [...options, ...small, '--bootstrap'], { input, stdio: ['pipe', 'ignore', 'pipe'] });
  const tls = join(place.folder, 'tls');
  makeCertificates(tls);
  const encrypted = [`--ssl-cert=${tls}/rsa.pem`, `--ssl-key=${tls}/rsa.key`];
  return [
    ...options,
    ...small,
    ...encrypted,
    `--socket=${data}/socket`,
    `--port=${PORT}`,
    '--skip-name-resolve',
  ];
}

test('MariaDB takes the login and gives rows, or says why not', async t => {
  if (!has(t, MARIADB)) return;
  const place = createPlace();
  startDaemon(t, place, MARIADB, ...prepare(place));
  await listening(place, PORT);
  const mysql = (...lines: string[]) => ({ port: PORT, kind: 'MYSQL_CHECK', lines: lines.join('\n ') });
  const login = ['login monitor', 'password "watch me"'];
  const query = 'query "SELECT name FROM goods ORDER BY name"';
  await judge(t, binary, place, [
    { ...mysql(...login), up: true, reason: 'takes the login' },
    { ...mysql('login open'), up: true, reason: 'takes the login' },
    { ...mysql(...login, 'database shop', query), up: true, reason: 'the query gives a row' },
    {
      ...mysql(...login, 'database shop', query, 'answer salt'),
      ...{ up: true, reason: 'the query gives what is expected' },
    },
    { ...mysql(...login, 'query "SELECT @@read_only"', 'answer 1'), reason: 'the query gives "0"' },
    { ...mysql(...login, 'query "SELECT NULL"', 'answer 1'), reason: 'the query gives NULL' },
    {
      ...mysql(...login, 'query "SELECT name FROM shop.goods WHERE name = 0x78"'),
      reason: 'the query gives no row',
    },
    { ...mysql(...login, 'query "SET @a = 1"'), reason: 'the query gives no row' },
    { ...mysql('login monitor', 'password wrong'), reason: /^error 1045 "Access denied for user 'monitor'/ },
    { ...mysql(...login, 'database mysql'), reason: /^error 1044 "Access denied/ },
    { ...mysql(...login, 'query "SELEKT"'), reason: /^error 1064 "You have an error/ },
    { ...mysql(...login, 'query "SELECT * FROM shop.none"'), reason: /^error (?:1146|1142) / },
    {
      ...mysql('login modern', 'password x'),
      reason: 'the login needs "client_ed25519", which no check speaks here',
    },
    {
      ...mysql('login secured', login[1]!, 'starttls', 'query "SELECT 1"', 'answer 1'),
      ...{ up: true, reason: 'the query gives what is expected' },
    },
    { ...mysql('login secured', login[1]!), reason: /^error 1045 / },
    { ...mysql('login secured', 'password wrong', 'starttls'), reason: /^error 1045 / },
    { ...mysql(...login, 'tls'), reason: /./ },
  ]);
});
