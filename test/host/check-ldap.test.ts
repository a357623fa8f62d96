// LDAP_CHECK beside Debian's slapd.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { has, listening, startDaemon } from './checks/daemons.ts';
import { judge } from './checks/judged.ts';
import { makeCertificates } from './checks/tls.ts';
import { buildDirector, createPlace, inside, type Place } from './director/director.ts';

const SLAPD = '/usr/sbin/slapd';
const PORT = 7211;
const TLS_PORT = 7212;

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

const ENTRIES = `dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: cn=monitor,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: monitor
userPassword: watch me

dn: cn=web1,dc=example,dc=org
objectClass: organizationalRole
cn: web1
`;

/** A directory with three entries, which only those that are known may read. */
function configure(place: Place): string {
  const data = join(place.folder, 'data');
  mkdirSync(data);
  const file = join(place.folder, 'slapd.conf');
  writeFileSync(
    file,
    `include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${place.folder}/tls/good.pem
TLSCertificateKeyFile ${place.folder}/tls/good.key
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
rootpw secret
directory ${data}
access to attrs=userPassword by anonymous auth by * none
access to dn.base="cn=web1,dc=example,dc=org" by * read
access to * by users read by * none
`,
  );
  const entries = join(place.folder, 'entries');
  writeFileSync(entries, ENTRIES);
  inside(place.far, '/usr/sbin/slapadd', '-f', file, '-l', entries);
  return file;
}

test('slapd takes binds, finds entries, and refuses strangers', async t => {
  if (!has(t, SLAPD)) return;
  const place = createPlace();
  makeCertificates(join(place.folder, 'tls'));
  const urls = `ldap://10.9.0.2:${PORT}/ ldaps://10.9.0.2:${TLS_PORT}/`;
  startDaemon(t, place, SLAPD, '-d', '256', '-f', configure(place), '-h', urls);
  await listening(place, PORT);
  await listening(place, TLS_PORT);
  const ldap = (...lines: string[]) => ({ port: PORT, kind: 'LDAP_CHECK', lines: lines.join('\n ') });
  const login = ['login "cn=monitor,dc=example,dc=org"', 'password "watch me"'];
  const base = 'base "dc=example,dc=org"';
  const found = 'takes the bind and finds an entry';
  await judge(t, binary, place, [
    { ...ldap(), up: true, reason: 'takes the bind' },
    { ...ldap(...login), up: true, reason: 'takes the bind' },
    { ...ldap(...login, base), up: true, reason: found },
    { ...ldap(...login, base, 'scope sub', 'filter "(&(cn=w*1)(!(cn=x)))"'), up: true, reason: found },
    { ...ldap('base ""'), up: true, reason: found },
    { ...ldap('base "cn=web1,dc=example,dc=org"'), up: true, reason: found },
    { ...ldap(...login, base, 'scope sub'), up: true, reason: found },
    {
      ...ldap(login[0]!, 'password wrong'),
      reason: 'the answer to the bind: invalidCredentials',
    },
    { ...ldap(...login, base, 'scope one', 'filter "(cn=web2)"'), reason: 'no entry is found' },
    { ...ldap(base), reason: /^(?:no entry is found|the answer to the search: noSuchObject)$/ },
    { ...ldap(...login, 'base "dc=example,dc=com"'), reason: 'the answer to the search: noSuchObject' },
    {
      ...ldap(login[0]!, 'password "watch me"', 'base "nonsense=,,="'),
      reason: /^the answer to the search: /,
    },
    { ...ldap(...login, base, 'starttls', 'sni_name www.example.org'), up: true, reason: found },
    { ...ldap(...login, base, 'tls'), port: TLS_PORT, up: true, reason: found },
    { ...ldap(login[0]!, 'password wrong', 'tls'), port: TLS_PORT, reason: /invalidCredentials$/ },
    { ...ldap('tls'), reason: /./ },
    { ...ldap(), port: TLS_PORT, reason: /./ },
  ]);
});
