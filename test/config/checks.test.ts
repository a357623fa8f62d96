// Each kind of check, from its block to what the checker gets.
import test from 'ava';
import type { CheckConfig } from '../../src/director/config/config.ts';
import { goodConfig, load, problemsOf, service } from './support.ts';

function checksOf(inner: string, more = ''): readonly CheckConfig[] {
  return goodConfig(service('', inner) + more).virtualServers[0]!.realServers[0]!.checks;
}

const TIMING = {
  connectAddress: '10.0.0.1',
  connectPort: 80,
  connectTimeout: 5000,
  interval: 60_000,
  retries: 1,
  delayBeforeRetry: 1000,
};

const BEAT = { interval: 60_000, retries: 1, delayBeforeRetry: 1000 };

/** Problems of one check, with the lines counted from its first. */
function told(inner: string): string[] {
  return problemsOf(service('', inner)).map(each => each.replace(/^\d+/, line => String(Number(line) - 6)));
}

test('SMTP_CHECK', t => {
  t.deepEqual(checksOf('SMTP_CHECK {\n}'), [{ kind: 'SMTP_CHECK', helo: null, ...TIMING }]);
  t.like(checksOf('SMTP_CHECK {\nhelo_name lvs1\nconnect_port 25\n}')[0], { helo: 'lvs1', connectPort: 25 });
  t.deepEqual(told('SMTP_CHECK {\nhelo_name "a b"\n}'), [
    '2:11 error: "a b" is not a domain name, or an address in brackets',
  ]);
});

test('a SMTP_CHECK with hosts stands for one check of each, which is told', t => {
  const text =
    'SMTP_CHECK {\nconnect_timeout 2\nhost {\nconnect_ip 10.0.0.7\n}\nhost {\nconnect_port 26\n}\n}';
  t.deepEqual(told(text), ['3:1 warning: host is an old word', '6:1 warning: host is an old word']);
  const checks = load(service('', text)).config?.virtualServers[0]?.realServers[0]?.checks ?? [];
  t.deepEqual(
    checks.map(check => ('connectPort' in check ? [check.connectAddress, check.connectPort] : [])),
    [
      ['10.0.0.7', 80],
      ['10.0.0.1', 26],
    ],
  );
  t.true(checks.every(check => 'connectTimeout' in check && check.connectTimeout === 2000));
});

test('DNS_CHECK asks for the SOA of the root, and again three times', t => {
  t.deepEqual(checksOf('DNS_CHECK {\n}'), [
    { kind: 'DNS_CHECK', name: '.', type: 'SOA', ...TIMING, retries: 3, delayBeforeRetry: 60_000 },
  ]);
  t.like(checksOf('delay_loop 7\nDNS_CHECK {\ntype aaaa\nname www.example.org\n}')[0], {
    ...{ type: 'AAAA', name: 'www.example.org' },
    ...{ interval: 7000, delayBeforeRetry: 7000 },
  });
  t.deepEqual(told('DNS_CHECK {\nname a..b\ntype ANY\n}'), [
    '2:6 error: "a..b" is not a domain name',
    '3:6 error: "ANY" is not one of A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, RRSIG, DNSKEY',
  ]);
  t.like(
    checksOf('DNS_CHECK {\ntype MX\nprotocol tcp\nanswer "10  MX1.Example.org." mx2.example.org\n}')[0],
    {
      ...{ type: 'MX', protocol: 'TCP', answers: ['10 mx1.example.org', 'mx2.example.org'] },
    },
  );
  t.deepEqual(told('DNS_CHECK {\ntype A\nanswer 192.0.2.1 2001:db8::1\n}'), [
    '3:18 error: "2001:db8::1" is no record of type A',
  ]);
  t.deepEqual(told('DNS_CHECK {\ntype DNSKEY\nanswer x\n}'), ['3:8 error: "x" is no record of type DNSKEY']);
  t.is(told(`DNS_CHECK {\nname ${'a'.repeat(64)}\n}`).length, 1);
});

test('UDP_CHECK reads bytes as keepalived does', t => {
  t.deepEqual(checksOf('UDP_CHECK {\n}'), [{ kind: 'UDP_CHECK', payload: null, reply: null, ...TIMING }]);
  const [check] = checksOf('UDP_CHECK {\npayload Ab12f 3 456 546443123\nrequire_reply 1X x\n}');
  t.like(check, {
    payload: 'ab120f0345065464431203',
    reply: { data: '1x0x', minLength: 0, maxLength: 255 },
  });
  t.like(checksOf('UDP_CHECK {\nrequire_reply\nmin_reply_length 3\nmax_reply_length 5\n}')[0], {
    reply: { data: '', minLength: 3, maxLength: 5 },
  });
  t.deepEqual(told('UDP_CHECK {\npayload 1x\n}'), ['2:9 error: "1x" is not hexadecimal']);
  t.deepEqual(told('UDP_CHECK {\npayload\n}'), ['2:8 error: payload needs HEX']);
  t.deepEqual(told('UDP_CHECK {\nrequire_reply\nmin_reply_length 9\nmax_reply_length 8\n}'), [
    '4:1 error: no answer has at least 9 and at most 8 bytes',
  ]);
  t.deepEqual(told('UDP_CHECK {\nmin_reply_length 9\n}'), [
    '2:1 warning: a length has no effect without require_reply',
  ]);
});

test('PING_CHECK needs no port', t => {
  t.deepEqual(checksOf('PING_CHECK {\n}'), [{ kind: 'PING_CHECK', ...TIMING }]);
  const marked =
    'virtual_server fwmark 1 {\nlb_algo rr\nlb_kind DR\nreal_server 10.0.0.1 {\nPING_CHECK {\n}\n}\n}';
  t.deepEqual(
    problemsOf(marked).filter(each => each.includes('error')),
    [],
  );
  t.deepEqual(told('PING_CHECK {\nconnect_port 80\n}'), ['2:1 warning: ICMP goes without ports']);
});

test('MISC_CHECK', t => {
  t.deepEqual(checksOf('MISC_CHECK {\nmisc_path "/bin/check 10.0.0.1"\n}'), [
    {
      kind: 'MISC_CHECK',
      command: { words: ['/bin/check', '10.0.0.1'], user: null, group: null },
      timeout: 60_000,
      dynamicFrom: null,
      ...BEAT,
      retries: 0,
    },
  ]);
  const lines = 'misc_path /bin/check\nmisc_timeout 4\nmisc_dynamic\nuser nobody nogroup\nretry 2';
  t.like(checksOf(`weight 10\nMISC_CHECK {\n${lines}\n}`)[0], {
    ...{ timeout: 4000, dynamicFrom: 10, retries: 2 },
    command: { words: ['/bin/check'], user: 'nobody', group: 'nogroup' },
  });
  t.like(checksOf('delay_loop 7\nMISC_CHECK {\nmisc_path a\nmisc_timeout 0\n}')[0], { timeout: 7000 });
  t.deepEqual(told('MISC_CHECK {\n}'), ['1:1 error: MISC_CHECK has no misc_path']);
  t.deepEqual(told('MISC_CHECK {\nmisc_path a\nconnect_port 80\n}').length, 1);
});

test('the program of a MISC_CHECK runs as script_user unless it says otherwise', t => {
  const globals = 'global_defs {\nscript_user checker\n}\n';
  const command = (inner: string) =>
    checksOf(`MISC_CHECK {\nmisc_path /bin/check\n${inner}\n}`, globals).map(check =>
      check.kind === 'MISC_CHECK' ? check.command.user : '',
    );
  t.deepEqual(command(''), ['checker']);
  t.deepEqual(command('user nobody'), ['nobody']);
});

test('FILE_CHECK takes the file and its weight from the track_file', t => {
  const file = (lines = '') => `track_file load {\nfile /run/load\n${lines}\n}\n`;
  t.deepEqual(checksOf('FILE_CHECK {\ntrack_file load\n}', file('weight -2 reverse\ninit_file 3')), [
    {
      kind: 'FILE_CHECK',
      ...{ name: 'load', path: '/run/load', initial: { value: 3, overwrite: false } },
      ...{ weight: -2, reverse: true, interval: 1000, retries: 0, delayBeforeRetry: 0 },
    },
  ]);
  t.like(checksOf('FILE_CHECK {\ntrack_file load\nweight 5\n}', file('weight 0'))[0], { weight: 5 });
  t.like(checksOf('FILE_CHECK {\ntrack_file load\n}', file('weight 0'))[0], { weight: 0 });
  t.deepEqual(told('FILE_CHECK {\n}'), ['1:1 error: FILE_CHECK has no track_file']);
  const wrong = load(service('', 'FILE_CHECK {\ntrack_file laod\n}') + file());
  t.like(
    wrong.problems.find(each => each.severity === 'error'),
    {
      ...{ line: 8, column: 12, message: 'there is no track_file laod', advice: 'did you mean load?' },
    },
  );
});

test('BFD_CHECK is answered with what to write instead', t => {
  const { problems } = load(service('', 'BFD_CHECK {\nname A\n}'));
  t.like(problems[0], { severity: 'error', message: 'BFD_CHECK is not supported' });
  t.regex(problems[0]!.advice, /PING_CHECK/);
});

const httpGet = (lines: string, outer = '') => `HTTP_GET {\n${outer}\nurl {\npath /\n${lines}\n}\n}`;

test('HTTP_GET asks for a site by the nearest name that is said', t => {
  const hosts = (inner: string, inService = '') =>
    goodConfig(service(inService, inner)).virtualServers[0]!.realServers[0]!.checks.flatMap(check =>
      check.kind === 'HTTP_GET' ? check.urls.map(url => url.host) : [],
    );
  t.deepEqual(hosts(httpGet('')), [undefined]);
  t.deepEqual(hosts(httpGet(''), 'virtualhost a'), ['a']);
  t.deepEqual(hosts(`virtualhost b\n${httpGet('')}`, 'virtualhost a'), ['b']);
  t.deepEqual(hosts(`virtualhost b\n${httpGet('', 'virtualhost c')}`), ['c']);
  t.deepEqual(hosts(`virtualhost b\n${httpGet('virtualhost d', 'virtualhost c')}`), ['d']);
});

test('HTTP_GET speaks the version of HTTP that is said', t => {
  const version = (word: string) => checksOf(httpGet('', `http_protocol ${word}`))[0];
  t.is((version('1.0') as { protocol?: string }).protocol, undefined);
  t.like(version('1.1'), { protocol: '1.1' });
  t.like(version('1.1k'), { protocol: '1.1', keepAlive: true });
  t.like(version('1.0K'), { keepAlive: true });
  t.is((version('1.0c') as { keepAlive?: true }).keepAlive, undefined);
});

test('what the answer must be', t => {
  const url = (lines: string) => {
    const [check] = checksOf(httpGet(lines));
    return check?.kind === 'HTTP_GET' ? check.urls[0] : undefined;
  };
  t.deepEqual(url('digest 9B3A0C85A887A256D6939DA88AABD8CD')?.digest, '9b3a0c85a887a256d6939da88aabd8cd');
  t.is(url('regex "up|go"')?.regex?.source, 'up|go');
  t.like(url('regex "\\\\d$"\nregex_no_match\nregex_min_offset 5\nregex_max_offset 9'), {
    regex: { flags: '', negated: true, minOffset: 5, maxOffset: 9, seesEnd: true },
  });
  t.is(url('regex a\nregex_options caseless utf\nregex_options dotall')?.regex?.flags, 'iu');
});

test('what an answer cannot be', t => {
  const problems = (lines: string) =>
    told(httpGet(lines)).map(each => each.replace(/^\d+/, n => String(Number(n) - 4)));
  t.deepEqual(problems('digest 123'), [
    '1:8 error: "123" is not a digest in hexadecimal: MD5 (32 digits), SHA-1 (40) or SHA-256 (64)',
  ]);
  t.deepEqual(problems('regex_no_match'), ['1:1 warning: regex_no_match has no effect without regex']);
  t.deepEqual(problems('regex "a++"'), [
    '1:7 error: this regular expression cannot be searched for: possessive quantifiers are not supported: leave out the +',
  ]);
  t.deepEqual(problems('regex "(a+)+"'), [
    '1:7 warning: a repetition within a repetition may take very long to search',
  ]);
  t.deepEqual(problems('regex a\nregex_min_offset 5\nregex_max_offset 4'), [
    '3:18 error: no match begins from 5 to 4',
  ]);
  t.is(problems('regex a\nregex_options caseles').length, 1);
  const firstLine = load(service('', httpGet('regex a\nregex_options firstline'))).problems[0];
  t.regex(firstLine?.advice ?? '', /regex_max_offset/);
});

test('failures of all checks are logged where global_defs says so', t => {
  const globals = (word: string) => `global_defs {\nchecker_log_all_failures ${word}\n}\n`;
  const logs = (inner: string, more = '') => checksOf(inner, more).map(check => check.logsFailures === true);
  const two = 'TCP_CHECK {\n}\nMISC_CHECK {\nmisc_path /bin/check\n}';
  t.deepEqual(logs(two), [false, false]);
  t.deepEqual(logs(two, globals('')), [true, true]);
  t.deepEqual(logs(two, globals('no')), [false, false]);
  t.deepEqual(logs('TCP_CHECK {\nlog_all_failures\n}', globals('no')), [true]);
});

test('LDAP_CHECK', t => {
  t.deepEqual(checksOf('LDAP_CHECK {\n}'), [{ kind: 'LDAP_CHECK', login: null, search: null, ...TIMING }]);
  t.like(
    checksOf(
      'LDAP_CHECK {\nlogin "cn=a,dc=x"\npassword b\nbase "dc=x"\nscope sub\nfilter "(uid=1)"\nstarttls\n}',
    )[0],
    {
      login: { name: 'cn=a,dc=x', password: 'b' },
      search: { base: 'dc=x', scope: 'sub', filter: '(uid=1)' },
      tls: { startsLater: true },
    },
  );
  t.deepEqual(told('LDAP_CHECK {\nlogin a\nfilter "(uid=1"\nbase x\n}'), [
    '2:1 error: a login without password',
    '3:8 error: "(uid=1" is not a filter as RFC 4515 has it',
    '4:6 error: "x" is not a distinguished name, as dc=example,dc=org',
  ]);
  t.deepEqual(told('LDAP_CHECK {\npassword b\nscope one\n}'), [
    '2:1 error: the password has no effect without login',
    '3:1 warning: scope has no effect without base',
  ]);
});

test('MYSQL_CHECK', t => {
  t.deepEqual(checksOf('MYSQL_CHECK {\nlogin a\n}'), [
    { kind: 'MYSQL_CHECK', login: { name: 'a', password: null }, database: null, query: null, ...TIMING },
  ]);
  const lines = ['login a', 'password "b c"', 'database d', 'query "SELECT 1"', 'answer 1', 'tls'];
  t.like(checksOf(`MYSQL_CHECK {\n${lines.join('\n')}\n}`)[0], {
    login: { name: 'a', password: 'b c' },
    database: 'd',
    query: { text: 'SELECT 1', answer: '1' },
    tls: {},
  });
  t.deepEqual(told('MYSQL_CHECK {\n}'), ['1:1 error: MYSQL_CHECK has no login']);
  t.deepEqual(told('MYSQL_CHECK {\nlogin a\nanswer 1\n}'), [
    '3:1 warning: answer has no effect without query',
  ]);
});

test('PGSQL_CHECK says what MYSQL_CHECK says', t => {
  t.like(checksOf('PGSQL_CHECK {\nlogin a\nquery "SELECT 1"\nstarttls\n}')[0], {
    ...{ kind: 'PGSQL_CHECK', query: { text: 'SELECT 1', answer: null }, tls: { startsLater: true } },
  });
  t.deepEqual(told('PGSQL_CHECK {\n}'), ['1:1 error: PGSQL_CHECK has no login']);
});

test('RADIUS_CHECK', t => {
  t.deepEqual(checksOf('RADIUS_CHECK {\nsecret s\n}'), [
    { kind: 'RADIUS_CHECK', secret: 's', login: null, ...TIMING },
  ]);
  t.like(checksOf('RADIUS_CHECK {\nsecret s\nlogin a\npassword b\n}')[0], {
    login: { name: 'a', password: 'b' },
  });
  t.deepEqual(told(`RADIUS_CHECK {\nlogin a\npassword ${'x'.repeat(129)}\n}`), [
    '1:1 error: RADIUS_CHECK has no secret',
    '3:10 error: RADIUS takes no longer password than 128 bytes',
  ]);
});

test('checks that hear a load', t => {
  t.deepEqual(checksOf('XDMCP_CHECK {\n}'), [{ kind: 'XDMCP_CHECK', weightFrom: 1, ...TIMING }]);
  t.deepEqual(checksOf('weight 100\nRSTAT_CHECK {\nfull_load 2.5\n}'), [
    { kind: 'RSTAT_CHECK', weightFrom: 100, fullLoad: 2.5, ...TIMING, connectPort: 111 },
  ]);
  t.deepEqual(told('RSTAT_CHECK {\nfull_load 0\n}\nXDMCP_CHECK {\nfull_load 1\n}'), [
    '2:11 error: "0" is not a number from 0.01 to 10000',
    '5:1 warning: a weight of 1 has no room for the load',
  ]);
});
