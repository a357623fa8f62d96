// What help and the reference page will be made of: every keyword says what it is for, and its examples are right.
import test from 'ava';
import { keepalivedKeywords } from '../../src/director/config/keepalived-keywords.ts';
import { vocabulary } from '../../src/director/config/root.ts';
import type { Fields, Keyword } from '../../src/director/config/vocabulary.ts';
import { problemsOf } from './support.ts';

interface Entry {
  readonly path: readonly string[];
  readonly keyword: Keyword<unknown>;
}

function entries(fields: Fields, path: readonly string[] = []): Entry[] {
  return [...fields].flatMap(([word, { keyword }]) => [
    { path: [...path, word], keyword },
    ...(keyword.fields === null ? [] : entries(keyword.fields, [...path, word])),
  ]);
}

const all = entries(vocabulary);

test('every keyword has one line of help and an example that names it', t => {
  for (const { path, keyword } of all) {
    t.regex(keyword.help, /^[A-Z][^\n]+[.)]$/, path.join(' '));
    t.false(keyword.example.includes('\n'));
    t.is(typeof keyword.usage, 'string');
  }
});

test('every example is accepted where it stands', t => {
  for (const { path, keyword } of all) {
    if (keyword.fields !== null || keyword.answer !== undefined) continue;
    const blocks = path.slice(0, -1).map(word => BLOCK_HEADS[word] ?? word);
    const text = [...blocks.map(head => `${head} {`), keyword.example, ...blocks.map(() => '}')].join('\n');
    const line = blocks.length + 1;
    const found = problemsOf(text).filter(each => each.startsWith(`${line}:`) && !FROM_RULES.test(each));
    t.deepEqual(found, [], text);
  }
});

test('what has no effect, or is refused, is answered where it stands', t => {
  const severities = { 'without effect': 'warning', refused: 'error' };
  for (const { path, keyword } of all) {
    if (keyword.answer === undefined) continue;
    const blocks = path.slice(0, -1).map(word => BLOCK_HEADS[word] ?? word);
    const text = [...blocks.map(head => `${head} {`), keyword.example, ...blocks.map(() => '}')].join('\n');
    const line = blocks.length + 1;
    const found = problemsOf(text).filter(each => each.startsWith(`${line}:`));
    t.deepEqual(
      found.map(each => each.split(' ')[1]),
      [`${severities[keyword.answer]}:`],
      text,
    );
  }
});

const BLOCK_HEADS: Readonly<Record<string, string>> = {
  vrrp_sync_group: 'vrrp_sync_group VG_1',
  vrrp_script: 'vrrp_script chk_http',
  track_file: 'track_file load',
  vrrp_track_file: 'vrrp_track_file load',
  vrrp_track_process: 'vrrp_track_process haproxy',
  interface: 'interface eth0',
  vrrp_instance: 'vrrp_instance VI_1',
  virtual_server: 'virtual_server 192.0.2.100 80',
  real_server: 'real_server 10.0.0.1 80',
  mark: 'mark 1',
  masquerade: 'masquerade 10.0.0.0/24',
};

/** What depends on statements that a lone example lacks. */
const FROM_RULES = /gateway|family|without|no peer|native_ipv6|old word|there is no|alone|without/;

/** Checks in lines that only we have. */
const LINE_CHECKS = /^(?:TCP_CHAT|AGENT_CHECK|(?:IMAP|POP|FTP|NNTP|SIP)_CHECK)$/;

test('what is not ours by design is a keyword of keepalived', t => {
  const ours = new Set([
    'system',
    'interface',
    'mark',
    'masquerade',
    'address',
    'route',
    'destination',
    'port',
    'tls',
    'starttls',
    'track_service',
    'vrrp_checksum',
    'lvs_sync_threshold',
    'lvs_sync_refresh_period',
    'lvs_sync_retries',
    'lvs_sync_ports',
    'lvs_sync_qlen_max',
    'lvs_sync_sock_size',
    'lvs_sync_persist_mode',
  ]);
  for (const { path } of all) {
    if (path.some(word => LINE_CHECKS.test(word))) continue;
    if (path.some(word => ['system', 'interface', 'mark', 'masquerade'].includes(word))) continue;
    const word = path.at(-1)!;
    t.true(keepalivedKeywords().has(word) || ours.has(word), word);
  }
});

test('the blocks and keywords of this version', t => {
  t.deepEqual(
    [...vocabulary.keys()],
    [
      ...['global_defs', 'system', 'interface', 'vrrp_instance', 'vrrp_sync_group', 'vrrp_script'],
      ...['track_file', 'vrrp_track_file', 'vrrp_track_process', 'garp_group'],
      ...['linkbeat_interfaces', 'interface_up_down_delays', 'static_ipaddress', 'static_routes'],
      ...['static_rules', 'track_group', 'virtual_server', 'mark', 'masquerade', 'instance'],
      ...['use_pid_dir', 'child_wait_time', 'namespace_with_ipsets', 'net_namespace'],
      'net_namespace_ipvs',
    ],
  );
});

/** What belongs to health checks, to the IPVS table and to BFD, which this version has not. */
const NOT_YET = `
SSL bfd_instance ca certificate checker flag-1 flag-2 flag-3
ha_suspend hashed hoplimit hysteresis idle_tx inhibit_on_failure lthreshold lvs_flush
lvs_flush_on_stop lvs_flush_onstop lvs_notify_fifo lvs_notify_fifo_script lvs_timeouts max_hops
mh-fallback mh-port min_rx min_tx multihop multiplier neighbor_ip neighbour_ip nftables_ipvs
nftables_ipvs_priority nftables_ipvs_start_fwmark no_checker_emails notify_down notify_up omega ops
passive password persistence_engine persistence_granularity quorum_down quorum_up rs_init_notifies
sh-fallback sh-port smtp_alert_checker snmp_name sorry_server sorry_server_inhibit
sorry_server_lvs_method source_ip ttl uthreshold virtual_server_group vrrp
`;

test('every keyword of keepalived is understood, but for those of checks that are not there yet', t => {
  const words = new Set(all.map(({ path }) => path.at(-1)!));
  const unknown = [...keepalivedKeywords()].filter(word => !words.has(word));
  t.deepEqual(unknown, NOT_YET.trim().split(/\s+/));
});
