// Checks that are conversations, from their blocks to what the checker gets.
import test from 'ava';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { goodConfig, problemsOf, service } from './support.ts';

function checkOf(inner: string): CheckConfig {
  return goodConfig(service('', inner)).virtualServers[0]!.realServers[0]!.checks[0]!;
}

/** Problems of one check, with the lines counted from its first. */
function told(inner: string): string[] {
  return problemsOf(service('', inner)).map(each => each.replace(/^\d+/, line => String(Number(line) - 6)));
}

const TIMING = {
  connectAddress: '10.0.0.1',
  connectPort: 80,
  connectTimeout: 5000,
  interval: 60_000,
  retries: 1,
  delayBeforeRetry: 1000,
};

test('the steps of a TCP_CHAT are those of all its keywords, in the order in which they stand', t => {
  const lines =
    'expect_regex "^\\\\+(?i)ok"\nsend "a\\r\\n"\nexpect é\nconnect_port 1883\nsend_hex 10 c\nexpect_hex 2X';
  t.deepEqual(checkOf(`TCP_CHAT {\n${lines.replace('(?i)', '')}\n}`), {
    kind: 'TCP_CHAT',
    steps: [
      {
        kind: 'expect_regex',
        regex: { source: '(?<![\\s\\S])\\+ok', flags: '', seesEnd: false },
        text: '^\\+ok',
      },
      { kind: 'send', data: '610d0a' },
      { kind: 'expect', data: 'c3a9' },
      { kind: 'send', data: '100c' },
      { kind: 'expect_hex', data: '2x' },
    ],
    ...TIMING,
    connectPort: 1883,
  } as CheckConfig);
});

test('what is no step of a TCP_CHAT is told in its place', t => {
  t.deepEqual(told('TCP_CHAT {\n}'), ['1:1 error: TCP_CHAT has no step']);
  t.deepEqual(told('TCP_CHAT {\nsend ""\nexpect_hex\nexpect_hex 2y\nexpect_regex "a++"\n}'), [
    '2:6 error: "" is not a text of 1 to 1024 bytes; bytes beyond ASCII by the keyword with _hex',
    '3:11 error: expect_hex needs HEX',
    '4:12 error: "2y" is not hexadecimal',
    '5:14 error: this regular expression cannot be searched for: possessive quantifiers are not supported: leave out the +',
  ]);
  t.deepEqual(told('TCP_CHAT {\nexpect_regex "(a+)+"\n}'), [
    '2:14 warning: a repetition within a repetition may take very long to search',
  ]);
  t.is(told(`TCP_CHAT {\n${'expect a\n'.repeat(51)}}`)[0], '52:1 error: more than 50 steps');
  t.is(
    told(`TCP_CHAT {\nsend_hex ${'00'.repeat(1025)}\n}`)[0],
    '2:10 error: send_hex has more than 1024 bytes',
  );
});

test('a check that speaks TLS says so, with the name of the server', t => {
  t.like(checkOf('TCP_CHAT {\nexpect a\ntls\n}'), { tls: {} });
  t.like(checkOf('TCP_CHAT {\nexpect a\ntls\nsni_name www.example.org\n}'), {
    tls: { serverName: 'www.example.org' },
  });
  t.is(
    checkOf('TCP_CHAT {\nexpect a\n}').kind === 'TCP_CHAT' && 'tls' in checkOf('TCP_CHAT {\nexpect a\n}'),
    false,
  );
  t.deepEqual(told('TCP_CHAT {\nexpect a\nsni_name www\n}'), [
    '3:1 warning: sni_name has no effect without TLS',
  ]);
  t.deepEqual(told('TCP_CHAT {\nexpect a\ntls\nsni_name 10.0.0.1\n}'), [
    '4:10 error: "10.0.0.1" is not the domain name of a server',
  ]);
});

test('AGENT_CHECK asks a port of its own, for shares of the configured weight', t => {
  t.deepEqual(checkOf('weight 7\nAGENT_CHECK {\nconnect_port 8081\nsend "web1\\n"\noptional\n}'), {
    ...{ kind: 'AGENT_CHECK', send: 'web1\n', weightFrom: 7, optional: true },
    ...{ ...TIMING, connectPort: 8081 },
  } as CheckConfig);
  t.deepEqual(told('AGENT_CHECK {\n}'), ['1:1 error: AGENT_CHECK does not know the port of the agent']);
});

test('checks of mailboxes log in where they are told to', t => {
  t.deepEqual(checkOf('IMAP_CHECK {\n}'), { kind: 'IMAP_CHECK', login: null, ...TIMING } as CheckConfig);
  t.like(checkOf('POP_CHECK {\nlogin ann\npassword secret\nstarttls\nsni_name mail.example.org\n}'), {
    kind: 'POP_CHECK',
    login: { name: 'ann', password: 'secret' },
    tls: { startsLater: true, serverName: 'mail.example.org' },
  });
  t.deepEqual(told('IMAP_CHECK {\nlogin ann\n}'), ['2:1 error: a login without password']);
  t.deepEqual(told('POP_CHECK {\ntls\nstarttls\n}'), ['3:1 error: TLS begins at once or later, not both']);
});

test('FTP_CHECK asks for no password of anonymous, NNTP_CHECK for a group', t => {
  t.like(checkOf('FTP_CHECK {\nlogin anonymous\n}'), { login: { name: 'anonymous', password: null } });
  t.like(checkOf('FTP_CHECK {\nlogin ftp\nfile pub/a\n}'), { file: 'pub/a' });
  t.deepEqual(told('FTP_CHECK {\nfile pub/a\n}'), ['2:1 error: a file without login']);
  t.like(checkOf('FTP_CHECK {\n}'), { kind: 'FTP_CHECK', login: null });
  t.deepEqual(told('FTP_CHECK {\nlogin ann\n}'), ['2:1 error: a login without password']);
  t.like(checkOf('NNTP_CHECK {\ngroup local.test\ntls\n}'), { group: 'local.test', login: null, tls: {} });
  t.deepEqual(told('NNTP_CHECK {\ngroup "a b"\n}'), ['2:7 error: "a b" is not the name of a newsgroup']);
});

test('SIP_CHECK asks by UDP, or by TCP where TLS is', t => {
  const sip = { kind: 'SIP_CHECK', user: 'director', uri: null, statusCodes: [{ from: 200, to: 299 }] };
  t.deepEqual(checkOf('SIP_CHECK {\n}'), { ...sip, protocol: 'UDP', ...TIMING } as CheckConfig);
  t.like(checkOf('SIP_CHECK {\ntls\n}'), { protocol: 'TCP', tls: {} });
  t.like(checkOf('SIP_CHECK {\nprotocol tcp\nlogin ann\nuri sip:a.example\nstatus_code 200 400-499\n}'), {
    ...{ protocol: 'TCP', user: 'ann', uri: 'sip:a.example' },
    statusCodes: [
      { from: 200, to: 200 },
      { from: 400, to: 499 },
    ],
  });
  t.deepEqual(told('SIP_CHECK {\nprotocol UDP\ntls\nuri http://a\n}'), [
    '2:10 error: TLS goes over TCP',
    '4:5 error: "http://a" is not an address that begins with sip: or sips:',
  ]);
});

test('SMTP_CHECK speaks TLS from the beginning, or later', t => {
  t.like(checkOf('SMTP_CHECK {\nconnect_port 465\ntls\n}'), { helo: null, connectPort: 465, tls: {} });
  t.like(checkOf('SMTP_CHECK {\nconnect_port 587\nstarttls\nsni_name mx.example.org\n}'), {
    tls: { startsLater: true, serverName: 'mx.example.org' },
  });
});
