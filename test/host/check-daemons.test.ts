// Checks that are conversations, of the real binary against Debian's own servers.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { listening, startDaemon } from './checks/daemons.ts';
import { type Certificates, makeCertificates } from './checks/tls.ts';
import { INTERFACE, service } from './director/configs.ts';
import { buildDirector, createPlace, Director, type Place, until } from './director/director.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

/** Waits until all these checks are up, of daemons that may still be starting; what each says. */
async function become(
  t: ExecutionContext,
  place: Place,
  state: 'up' | 'down',
  ...checks: readonly string[]
): Promise<readonly string[]> {
  // Else what never comes true would end the whole file, and nobody would say why.
  t.timeout(90_000);
  const servers = checks.map((check, index) => ({
    address: `10.9.1.${index + 1}`,
    check: check.replace('{', '{\n connect_ip 10.9.0.2\n connect_timeout 5\n retry 0\n delay_loop 0.5\n'),
  }));
  const director = new Director(t, binary, place, INTERFACE + service(...servers));
  await director.line(/IPVS|is up/);
  const { services } = await until(
    () => director.services(),
    status =>
      status.services[0]?.realServers.every(
        // A daemon that is only starting is down for other reasons.
        server => server.state === state && (state === 'up' || server.reason.startsWith('the answer')),
      ) === true,
  );
  return services[0]!.realServers.map(server => server.reason);
}

function configured(place: Place, name: string, text: string): string {
  const path = join(place.folder, name);
  writeFileSync(path, text);
  return path;
}

/** Everybody has a mailbox, with the same password; where it is strict, that is asked for behind TLS only. */
function startDovecot(t: ExecutionContext, place: Place, isStrict: boolean): Certificates {
  const certificates = makeCertificates(join(place.folder, 'certificates'));
  const mail = join(place.folder, 'mail');
  const text = `
base_dir = ${place.folder}/dovecot
state_dir = ${place.folder}/dovecot
log_path = /dev/stderr
protocols = imap pop3
listen = 10.9.0.2
ssl = yes
ssl_cert = <${place.folder}/certificates/good.pem
ssl_key = <${place.folder}/certificates/good.key
disable_plaintext_auth = ${isStrict ? 'yes' : 'no'}
mail_location = maildir:~/maildir
first_valid_uid = 0
passdb {
  driver = static
  args = password=sesame
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${mail}
}
`;
  const file = configured(place, 'dovecot.conf', text);
  chmodSync(place.folder, 0o755);
  mkdirSync(mail);
  chmodSync(mail, 0o777);
  startDaemon(t, place, '/usr/sbin/dovecot', '-F', '-c', file);
  return certificates;
}

const LOGIN = 'login ann\n password sesame';

test('dovecot takes the login of IMAP_CHECK and of POP_CHECK', async t => {
  const place = createPlace();
  startDovecot(t, place, false);
  const checks = [
    `IMAP_CHECK {\n connect_port 143\n ${LOGIN}\n}`,
    `POP_CHECK {\n connect_port 110\n ${LOGIN}\n}`,
  ];
  t.deepEqual(
    await become(t, place, 'up', ...checks),
    checks.map(() => 'greets and takes the login'),
  );
});

test('dovecot takes the login behind TLS, from the beginning and later', async t => {
  const place = createPlace();
  const { authority } = startDovecot(t, place, true);
  const sure = `${LOGIN}\n sni_name www.example.org\n ca_file ${authority}`;
  const checks = [
    `IMAP_CHECK {\n connect_port 993\n tls\n ${sure}\n}`,
    `IMAP_CHECK {\n connect_port 143\n starttls\n ${sure}\n}`,
    `POP_CHECK {\n connect_port 995\n tls\n ${sure}\n}`,
    `POP_CHECK {\n connect_port 110\n starttls\n ${sure}\n}`,
    `POP_CHECK {\n connect_port 110\n starttls\n tls_version 1.3\n ${LOGIN}\n}`,
    'TCP_CHAT {\n connect_port 993\n tls\n expect "* OK "\n send "a NOOP\\r\\n"\n expect_regex "(?m)^a OK "\n}',
  ];
  t.deepEqual(await become(t, place, 'up', ...checks), [
    ...checks.slice(1).map(() => 'greets and takes the login'),
    'says all that is expected',
  ]);
});

test('dovecot refuses the login without TLS', async t => {
  const place = createPlace();
  startDovecot(t, place, true);
  const plain = [
    `IMAP_CHECK {\n connect_port 143\n ${LOGIN}\n}`,
    `POP_CHECK {\n connect_port 110\n ${LOGIN}\n}`,
  ];
  await listening(place, 110);
  t.deepEqual(await become(t, place, 'down', ...plain), [
    'the answer to LOGIN is NO',
    'the answer to USER is -ERR',
  ]);
});

test('vsftpd takes an anonymous login, with and without TLS', async t => {
  const place = createPlace();
  makeCertificates(join(place.folder, 'certificates'));
  mkdirSync(join(place.folder, 'empty'));
  mkdirSync(join(place.folder, 'files'));
  chmodSync(place.folder, 0o755);
  configured(place, 'files/alive', 'yes\n');
  const lines = [
    ...['listen=YES', 'listen_address=10.9.0.2', 'background=NO', `secure_chroot_dir=${place.folder}/empty`],
    ...['anonymous_enable=YES', 'local_enable=NO', 'ftp_username=ftp', 'nopriv_user=nobody'],
    `anon_root=${place.folder}/files`,
    ...['ssl_enable=YES', 'allow_anon_ssl=YES', 'force_anon_logins_ssl=NO'],
    `rsa_cert_file=${place.folder}/certificates/rsa.pem`,
    `rsa_private_key_file=${place.folder}/certificates/rsa.key`,
  ];
  const file = configured(place, 'vsftpd.conf', `${lines.join('\n')}\n`);
  startDaemon(t, place, '/usr/sbin/vsftpd', file);
  const check = (lines: string) => `FTP_CHECK {\n connect_port 21\n ${lines}\n}`;
  const checks = [
    check('login anonymous'),
    check('login anonymous\n starttls'),
    check(''),
    check('login ftp\n file alive'),
  ];
  t.deepEqual(await become(t, place, 'up', ...checks), [
    'greets and takes the login',
    'greets and takes the login',
    'greets and says goodbye',
    'greets and has alive',
  ]);
});

test('vsftpd refuses a login that it does not know', async t => {
  const place = createPlace();
  const lines = `listen=YES\nbackground=NO\nanonymous_enable=NO\nlocal_enable=YES\nsecure_chroot_dir=${place.folder}\n`;
  startDaemon(t, place, '/usr/sbin/vsftpd', configured(place, 'vsftpd.conf', lines));
  await listening(place, 21);
  const check = 'FTP_CHECK {\n connect_port 21\n login nobody\n password wrong\n}';
  t.deepEqual(await become(t, place, 'down', check), ['the answer to PASS is 530']);
});

/** leafnode, of which inetd would be the listener, with a spool of its own. */
function startLeafnode(t: ExecutionContext, place: Place): void {
  const folder = (name: string) => join(place.folder, name);
  mkdirSync(folder('etc'));
  mkdirSync(folder('spool'));
  configured(place, 'etc/config', 'server = 10.9.0.3\nexpire = 20\nhostname = news7.balanced.net\n');
  const script = `set -e
chmod 755 ${place.folder}
chown -R root:news ${folder('etc')}
chmod 640 ${folder('etc/config')}
chown news:news ${folder('spool')}
mount --bind ${folder('etc')} /etc/news/leafnode
mount --bind ${folder('spool')} /var/spool/news
exec "$@"`;
  const inetd = [process.execPath, join(import.meta.dirname, 'checks/inetd.ts'), '10.9.0.2', '119'];
  startDaemon(t, place, 'unshare', '--mount', 'sh', '-c', script, 'sh', ...inetd, '/usr/sbin/leafnode');
}

test('leafnode greets and says goodbye', async t => {
  const place = createPlace();
  startLeafnode(t, place);
  const check = 'NNTP_CHECK {\n connect_port 119\n}';
  t.deepEqual(await become(t, place, 'up', check), ['greets and says goodbye']);
});

test('a group that leafnode does not have', async t => {
  const place = createPlace();
  startLeafnode(t, place);
  await listening(place, 119);
  const check = 'NNTP_CHECK {\n connect_port 119\n group local.test\n}';
  t.deepEqual(await become(t, place, 'down', check), ['the answer to GROUP is 411']);
});

test('kamailio answers OPTIONS over UDP, TCP and TLS', async t => {
  const place = createPlace();
  const certificates = join(place.folder, 'certificates');
  makeCertificates(certificates);
  const lines = [
    ...['#!KAMAILIO', 'log_stderror=yes', 'children=1', 'tcp_children=1', 'auto_aliases=no'],
    ...['listen=udp:10.9.0.2:5060', 'listen=tcp:10.9.0.2:5060', 'loadmodule "sl.so"', 'loadmodule "pv.so"'],
    ...['loadmodule "textops.so"', 'loadmodule "siputils.so"', 'request_route {'],
    'if (is_method("OPTIONS") && $rU == "nobody") { sl_send_reply("404", "Not here"); exit; }',
    'if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }',
    'sl_send_reply("405", "Method Not Allowed");',
    '}',
  ];
  const file = configured(place, 'kamailio.cfg', `${lines.join('\n')}\n`);
  // Its processes end with their first one.
  const alone = ['unshare', '--pid', '--fork', '--kill-child', 'kamailio', '-DD', '-E', '-m', '16'];
  startDaemon(t, place, ...alone, '-f', file, '-Y', place.folder, '-w', place.folder);
  const front = join(import.meta.dirname, 'checks/tls-front.ts');
  startDaemon(t, place, process.execPath, front, '10.9.0.2', '5061', certificates, '5060');
  const check = (port: number, words: string) => `SIP_CHECK {\n connect_port ${port}\n ${words}\n}`;
  const checks = [
    check(5060, ''),
    check(5060, 'protocol TCP'),
    check(5061, `tls\n sni_name www.example.org\n ca_file ${certificates}/ca.pem`),
    check(5060, 'uri sip:nobody@10.9.0.2\n status_code 404'),
  ];
  t.deepEqual(await become(t, place, 'up', ...checks), [
    'status 200',
    'status 200',
    'status 200',
    'status 404',
  ]);
});

/** Its spool is gone with it. */
function startSmtpd(t: ExecutionContext, place: Place): void {
  const lines = ['listen on 10.9.0.2 port 25 hostname mx.example.org', 'action "local" mbox'];
  const text = [...lines, 'match from any for local action "local"', ''].join('\n');
  const script = 'mount -t tmpfs -o mode=755 spool /var/spool && exec smtpd -d -f "$0"';
  const alone = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c'];
  startDaemon(t, place, ...alone, script, configured(place, 'smtpd.conf', text));
}

// Debian 12's OpenSMTPD takes no handshake of anybody: TLS is before it.
test('OpenSMTPD takes HELO without TLS, within it, and on its way to it', async t => {
  const place = createPlace();
  startSmtpd(t, place);
  const certificates = join(place.folder, 'certificates');
  makeCertificates(certificates);
  const front = [process.execPath, join(import.meta.dirname, 'checks/tls-front.ts'), '10.9.0.2'];
  startDaemon(t, place, ...front, '465', certificates, '25');
  startDaemon(t, place, ...front, '587', certificates, '25', 'smtp');
  const sure = `sni_name www.example.org\n ca_file ${certificates}/ca.pem`;
  const checks = [
    'SMTP_CHECK {\n connect_port 25\n}',
    `SMTP_CHECK {\n connect_port 465\n tls\n ${sure}\n}`,
    `SMTP_CHECK {\n connect_port 587\n helo_name lvs1.example.org\n starttls\n ${sure}\n}`,
  ];
  t.deepEqual(await become(t, place, 'up', ...checks), [
    'greets and takes HELO',
    'greets and takes HELO',
    'greets and takes EHLO within TLS',
  ]);
});

test('OpenSMTPD without TLS does not begin it', async t => {
  const place = createPlace();
  startSmtpd(t, place);
  await listening(place, 25);
  const [reason] = await become(t, place, 'down', 'SMTP_CHECK {\n connect_port 25\n starttls\n}');
  t.regex(reason ?? '', /^the answer to STARTTLS is 5\d\d$/);
});

test('mosquitto is spoken to in hexadecimal', async t => {
  const place = createPlace();
  const file = configured(
    place,
    'mosquitto.conf',
    'listener 1883 10.9.0.2\nallow_anonymous true\nuser root\npersistence false\n',
  );
  startDaemon(t, place, '/usr/sbin/mosquitto', '-c', file);
  // CONNECT as "lvs" by MQTT 3.1.1, CONNACK; PINGREQ, PINGRESP; DISCONNECT.
  const check = `TCP_CHAT {
 connect_port 1883
 send_hex 10 0f 0004 4d515454 04 02 003c 0003 6c7673
 expect_hex 20 02 0x 00
 send_hex c0 00
 expect_hex d0 00
 send_hex e0 00
}`;
  t.deepEqual(await become(t, place, 'up', check), ['says all that is expected']);
});
