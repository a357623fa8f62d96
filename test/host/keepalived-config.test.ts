// What keepalived -t accepts must be accepted here, within the vocabulary; the exceptions are listed, each with its reason.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import baseTest from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { readStatements } from '../../src/director/config/include.ts';
import { Problems } from '../../src/director/config/problem.ts';
import { vocabulary } from '../../src/director/config/root.ts';
import type { Fields } from '../../src/director/config/vocabulary.ts';
import { describe, load, memoryReader, randomNumbers } from '../config/support.ts';
import { FILES } from './config/files.ts';
import { generate } from './config/generate.ts';
import { CONFIG_ID, generateGrammar } from './config/grammar.ts';
import { withoutKeepalived } from './vrrp/keepalived.ts';

const missing = withoutKeepalived();
const test = missing === null ? baseTest : baseTest.skip;
if (missing !== null) console.error(missing);

/** Errors here for what keepalived lets pass. */
const DIFFERENCES: readonly { readonly message: RegExp; readonly reason: string }[] = [
  {
    message: /is not a whole number from 0 to 65535$/,
    reason: 'the kernel takes no larger weight that means anything',
  },
  { message: /is here a second time$/, reason: 'the second of two virtual servers would never answer' },
  {
    message: /"[0-9a-f.:]+\/[0-9]+" is not the IPv4 or IPv6 address of a host$/,
    reason: 'keepalived drops the prefix in silence',
  },
  {
    message: /is not a number of seconds from 0.000001 to 2147483$/,
    reason: 'no timer lasts longer than 24 days',
  },
  { message: /does not know which port to try$/, reason: 'keepalived would connect to port 0' },
  { message: /^status_code needs /, reason: 'it says nothing' },
  { message: /^cannot read /, reason: 'a part of the configuration is missing' },
  { message: /^the file says nothing$/, reason: 'a director without configuration is a mistake' },
  {
    message: /^VI_\d and VI_\d both use virtual_router_id /,
    reason: 'a group by multicast and one by unicast could not be told apart on the wire',
  },
  { message: /^lthreshold .* is above uthreshold /, reason: 'the kernel refuses such a server' },
  { message: /^"rtp" is not one of sip$/, reason: 'the kernel has no such engine' },
  { message: /^"255.0.255.0" is not a mask/, reason: 'such a mask is a mistake' },
  { message: /^there is no virtual_server_group /, reason: 'the virtual server would answer on nothing' },
  {
    message: /^virtual server .* is in group .*/,
    reason: 'the second of two virtual servers would never answer, also in groups',
  },
  {
    message:
      /^(?:a prefix of 64 is too long|a mask of IPv4 for a service of IPv6|the kernel takes no prefix of 0)/,
    reason: 'the kernel refuses it',
  },
  {
    message: /is on the line of /,
    reason: 'keepalived reads the first of two statements on a line and drops the second',
  },
];

const FIRST = 'kc0';
const SECOND = 'kc1';
const THIRD = 'kc2';
const FOURTH = 'kc3';
const PAIRS = [
  [FIRST, SECOND],
  [THIRD, FOURTH],
] as const;
const SEEDS = 250;

const folder = mkdtempSync(join(tmpdir(), 'keepalived-config-'));
const file = join(folder, 'keepalived.conf');

baseTest.before(() => {
  if (missing !== null) return;
  requireInside();
  for (const [name, peer] of PAIRS) {
    const { status, stderr } = spawnSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', peer]);
    if (status !== 0) throw new Error(String(stderr));
  }
});

baseTest.after.always(() => {
  if (missing === null) for (const [name] of PAIRS) spawnSync('ip', ['link', 'delete', name]);
  rmSync(folder, { recursive: true });
});

/** True when keepalived finds nothing to say against the text. */
function accepts(text: string): boolean {
  writeFileSync(file, text, { mode: 0o600 });
  return spawnSync('keepalived', ['-t', '-f', file]).status === 0;
}

/** Our errors that no listed difference explains. */
function unexplained(text: string): string[] {
  return load(text)
    .problems.filter(each => each.severity === 'error')
    .filter(({ message }) => !DIFFERENCES.some(difference => difference.message.test(message)))
    .map(describe);
}

test('what keepalived accepts is accepted', t => {
  const silent: number[] = [];
  const counts = { both: 0, neither: 0, here: 0, there: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const text = generate(randomNumbers(seed), { first: FIRST, second: SECOND });
    const theirs = accepts(text);
    const ours = load(text).config !== null;
    counts[theirs ? (ours ? 'both' : 'there') : ours ? 'here' : 'neither']++;
    if (theirs) t.deepEqual(unexplained(text), [], `seed ${seed}\n${text}`);
    if (!theirs && load(text).problems.length === 0) silent.push(seed);
  }
  t.log(
    `${SEEDS} files: ${counts.both} accepted by both, ${counts.neither} by neither, ${counts.here} here only, ${counts.there} by keepalived only`,
  );
  t.deepEqual(silent, [], 'keepalived complains of them, and nothing is said here');
  t.true(counts.both > SEEDS / 4);
  t.true(counts.neither > 0);
});

const SERVICE = (inner: string, head = '10.8.0.1 80') =>
  `virtual_server ${head} {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n${inner}}\n`;
const SERVER = 'real_server 10.7.0.1 80 {\n}\n';

test('each listed difference is one: keepalived accepts, this does not', t => {
  const texts = [
    SERVICE('real_server 10.7.0.1 80 {\nweight 70000\n}\n'),
    SERVICE(SERVER) + SERVICE(SERVER),
    SERVICE('real_server 10.7.0.1/24 80 {\n}\n'),
    SERVICE(`delay_loop 5000000000\n${SERVER}`),
    SERVICE('persistence_timeout 60\nreal_server 10.7.0.1 {\nTCP_CHECK {\n}\n}\n', '10.8.0.1'),
    SERVICE('real_server 10.7.0.1 80 {\nHTTP_GET {\nurl {\npath /\nstatus_code\n}\n}\n}\n'),
    `include /nonexistent/file\n${SERVICE(SERVER)}`,
    '',
    ['', 'unicast_peer {\n10.9.1.12\n}\n']
      .map(
        (lines, i) =>
          `vrrp_instance VI_${i} {\ninterface ${FIRST}\nvirtual_router_id 7\n${lines}virtual_ipaddress {\n10.9.${i}.1/24\n}\n}\n`,
      )
      .join(''),
    SERVICE('real_server 10.7.0.1 80 {\nuthreshold 5\nlthreshold 6\n}\n'),
    SERVICE(`persistence_timeout\npersistence_engine rtp\n${SERVER}`),
    SERVICE(`persistence_timeout\npersistence_granularity 255.0.255.0\n${SERVER}`),
    SERVICE(SERVER, 'group G'),
    `virtual_server_group G {\n10.8.0.1 80\n10.8.0.1 80\n}\n${SERVICE(SERVER, 'group G')}`,
    SERVICE(`persistence_timeout\npersistence_granularity 64\n${SERVER}`),
    SERVICE(`delay_loop 6 ip_family inet\n${SERVER}`),
  ];
  t.is(texts.length, DIFFERENCES.length);
  texts.forEach((text, i) => {
    t.true(accepts(text), text);
    t.is(load(text).config, null, text);
    t.deepEqual(unexplained(text), [], DIFFERENCES[i]!.reason);
  });
});

// facts of keepalived 2.2.7 -t, as far as the vocabulary goes: all are refused by both.
test('what keepalived refuses as nonsense is refused or warned of here', t => {
  const instance = (lines: string, name = 'VI') =>
    `vrrp_instance ${name} {\ninterface ${FIRST}\nvirtual_router_id 51\n${lines}}\n`;
  const address = 'virtual_ipaddress {\n10.9.0.1/24\n}\n';
  const texts = [
    'frobnicate 1\n',
    instance(`${address}prioritty 1\n`),
    SERVICE('real_server 10.7.0.1 80 {\nTCP_CHECK {\nconect_port 80\n}\n}\n'),
    SERVICE(SERVER).trimEnd().slice(0, -1),
    `${SERVICE(SERVER)}}\n`,
    instance(`${address}priority 300\n`),
    instance('virtual_ipaddress {\n10.9.0.300/24\n}\n'),
    SERVICE(SERVER).replace(' rr', ' foo'),
    SERVICE(SERVER).replace(' NAT', ' BRIDGE'),
    SERVICE('real_server 10.7.0.1 80 {\nweight -5\n}\n'),
    SERVICE('real_server 10.7.0.1 8080 {\n}\n').replace('NAT', 'DR'),
    SERVICE(SERVER + SERVER),
    instance(address) + instance('virtual_ipaddress {\n10.9.0.2/24\n}\n', 'VI2'),
    instance(`${address}advert_int 0.1\n`),
    SERVICE(`persistence_timeout 0\n${SERVER}`),
    SERVICE(''),
    instance(`${address}nopreempt\nstate MASTER\n`),
  ];
  for (const text of texts) {
    t.false(accepts(text), text);
    t.true(load(text).problems.length > 0, text);
  }
});

/** Words that are left out of the comparison. */
const APART = new Set(
  [
    // Ours.
    'track_service vrrp_checksum lvs_sync_threshold lvs_sync_refresh_period lvs_sync_retries lvs_sync_ports',
    'lvs_sync_qlen_max lvs_sync_sock_size lvs_sync_persist_mode adopt_manual_weights maintenance_dir name',
    'slow_start drain_timeout rise fall lvs_id ca_file tls_version tls starttls answer',
    // keepalived 2.2.7, which is what Debian 12 has, does not know them yet, or was built without.
    'owner_ignore_adverts vrrp_owner_ignore_adverts v3_checksum_as_v2 timer_expired_backup thread_timer_expired',
    'snmp_vs_stats_update_interval snmp_rs_stats_update_interval dbus_no_interface_name iproute_etc_dir',
    'iproute_usr_dir state_dump_file stats_dump_file json_dump_file json_version set_supplementary_groups',
    'use_symlink_paths vrrp_iptables vrrp_ipsets sni_name tls_compliant',
    // keepalived complains of old words as it does of mistakes.
    'linkbeat_use_polling lvs_sync_daemon_interface',
    // keepalived ends when it is to find a user in these namespaces.
    'user',
    // keepalived lets them pass without a quorum, a sorry server, a scheduler that has them, or UDP; or only then.
    'quorum hysteresis sorry_server_inhibit sorry_server_lvs_method sh-port sh-fallback mh-port mh-fallback ops',
    'hashed',
    // They stand in the frame already, or need addresses of IPv6.
    'group script file process native_ipv6 lvs_sched lvs_method protocol ip_family',
  ].flatMap(words => words.split(' ')),
);

const SECURE = 'global_defs {\nenable_script_security\nscript_user root\n}\n';

const CHECK = (kind: string, lines: string) =>
  `${SECURE}${SERVICE(`real_server 10.7.0.1 80 {\n${kind} {\n${lines}\n}\n}\n`)}`;

/** What keywords stand in. */
const HOMES: Readonly<Record<string, (line: string) => string>> = {
  vrrp_instance: line => FRAME(line, '', '').replace(/vrrp_sync_group.*/s, ''),
  vrrp_sync_group: line => FRAME('', line, ''),
  global_defs: line => `global_defs {\n${line}\n}\n${FRAME('', '', '')}`,
  vrrp_script: line => FRAME('', '', `vrrp_script other {\nscript /bin/true\n${line}\n}\n`),
  track_file: line => FRAME('', '', `track_file other {\nfile /tmp/other\n${line}\n}\n`),
  vrrp_track_process: line => FRAME('', '', `vrrp_track_process other {\nprocess other\n${line}\n}\n`),
  virtual_server: line => SECURE + SERVICE(`${line}\n${SERVER}`),
  real_server: line => SECURE + SERVICE(`real_server 10.7.0.1 80 {\n${line}\n}\n`),
  TCP_CHECK: line => CHECK('TCP_CHECK', line),
  HTTP_GET: line => CHECK('HTTP_GET', `url {\npath /\n}\n${line}`),
  SSL_GET: line => CHECK('SSL_GET', `url {\npath /\n}\n${line}`),
  url: line => CHECK('HTTP_GET', `url {\npath /\n${line}\n}`),
  SMTP_CHECK: line => CHECK('SMTP_CHECK', line),
  DNS_CHECK: line => CHECK('DNS_CHECK', line),
  UDP_CHECK: line => CHECK('UDP_CHECK', line),
  PING_CHECK: line => CHECK('PING_CHECK', line),
  MISC_CHECK: line => CHECK('MISC_CHECK', `misc_path /bin/true\n${line}`),
  garp_group: line => FRAME('', '', `garp_group {\ninterface ${SECOND}\ngarp_interval 0.1\n${line}\n}\n`),
};

/** Two instances in a group, with one tracker of each kind. */
const FRAME = (inInstance: string, inGroup: string, beside: string) => `
global_defs {\nenable_script_security\nscript_user root\n}
vrrp_script chk_http {\nscript /bin/true\n}
track_file load {\nfile /tmp/load\n}
vrrp_track_process haproxy {\nprocess haproxy\n}
${beside}
vrrp_instance VI_1 {\ninterface ${FIRST}\nvirtual_router_id 51\nversion 3\nvirtual_ipaddress {\n10.9.0.1/24\n}\n${inInstance}\n}
vrrp_instance VI_2 {\ninterface ${SECOND}\nvirtual_router_id 52\nvirtual_ipaddress {\n10.9.0.2/24\n}\n}
vrrp_sync_group VG_1 {\ngroup {\nVI_1\nVI_2\n}\n${inGroup}\n}
`;

/** What a keyword cannot do without. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  unicast_fault_no_peer: ['unicast_peer { 192.0.2.12 }'],
  unicast_src_ip: ['unicast_peer { 192.0.2.12 }'],
  unicast_ttl: ['unicast_peer { 192.0.2.12 }'],
  vmac_xmit_base: ['use_vmac'],
  notify_fifo_script: ['notify_fifo /tmp/a'],
  lvs_notify_fifo_script: ['lvs_notify_fifo /tmp/c'],
  vrrp_notify_fifo_script: ['vrrp_notify_fifo /tmp/b'],
  check_unicast_src: ['unicast_peer { 192.0.2.12 }'],
};

/** The example as it can stand on this machine. */
function localExample(example: string): string {
  return example
    .replace(/\beth0\b/g, FIRST)
    .replace(/\beth1\b/g, THIRD)
    .replace(/"?\/usr\/(?:local\/s)?bin\/[^"]*"?/, '/bin/true')
    .replace(/ \{ (.+) \}/, (_, inner) => ` {\n${inner}\n}`);
}

/** The words of a block, wherever that stands. */
function fieldsOf(home: string, fields: Fields = vocabulary): Fields {
  const found = fields.get(home)?.keyword.fields;
  if (found) return found;
  const blocks = [...fields.values()].flatMap(({ keyword }) => keyword.fields ?? []);
  return blocks.map(each => fieldsOf(home, each)).find(each => each.size > 0) ?? new Map();
}

test('every keyword is accepted by both', t => {
  const refusedHere: string[] = [];
  const refusedThere: string[] = [];
  for (const [home, write] of Object.entries(HOMES)) {
    for (const [word, { name, keyword, isDeprecated }] of fieldsOf(home)) {
      if (keyword.answer === 'refused' || name !== word || isDeprecated) continue;
      if (keyword.fields !== null || APART.has(word)) continue;
      const lines = [keyword.example, ...(COMPANIONS[word] ?? [])].map(localExample);
      const text = write(lines.join('\n'));
      if (load(text).config === null)
        refusedHere.push(`${home} ${word}: ${load(text).problems.map(describe)}`);
      if (!accepts(text)) refusedThere.push(`${home} ${word}`);
    }
  }
  t.deepEqual(refusedHere, []);
  t.deepEqual(refusedThere, []);
});

/** Debian's. Some have mistakes that keepalived refuses; all need these interfaces. */
const SAMPLES = '/usr/share/doc/keepalived/samples';

test('the samples of keepalived that it accepts are accepted', t => {
  const pairs = [0, 2].map(i => ['link', 'add', `eth${i}`, 'type', 'veth', 'peer', 'name', `eth${i + 1}`]);
  for (const words of pairs) spawnSync('ip', words);
  const names = existsSync(SAMPLES)
    ? readdirSync(SAMPLES).filter(name => /^keepalived\.conf\./.test(name))
    : [];
  const accepted = names.filter(name => accepts(readFileSync(join(SAMPLES, name), 'utf8')));
  for (const words of pairs) spawnSync('ip', ['link', 'delete', words[2]!]);
  for (const name of accepted) t.deepEqual(unexplained(readFileSync(join(SAMPLES, name), 'utf8')), [], name);
  t.log(`${accepted.length} of ${names.length} samples`);
  t.true(names.length === 0 || accepted.length >= 12);
});

test('whole files are accepted by both', t => {
  for (const [name, text] of Object.entries(FILES)) {
    t.true(accepts(text), name);
    t.deepEqual(unexplained(text), [], name);
  }
});

/** The first word of each statement, as the first process of keepalived tells those that it does not know. Later ones may crash. */
function unknownThere(text: string): string[] {
  writeFileSync(file, text, { mode: 0o600 });
  const options = ['-t', '-i', CONFIG_ID, '-f', file];
  const { stderr } = spawnSync('keepalived', options, { encoding: 'utf8' });
  return [...stderr.matchAll(/^\(Line \d+\) Unknown keyword '(.*)'$/gm)].map(match => match[1]!);
}

function wordsHere(text: string): string[] {
  const reader = { ...memoryReader({ 'site.conf': text }), configId: CONFIG_ID };
  return readStatements('site.conf', reader, new Problems()).map(({ words }) => words[0]!);
}

test('conditions, definitions and loops leave the same lines as in keepalived', t => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const text = generateGrammar(randomNumbers(seed));
    t.deepEqual(wordsHere(text), unknownThere(text), `seed ${seed}\n${text}`);
  }
});
