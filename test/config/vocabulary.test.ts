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
  sorry_server: 'sorry_server 10.0.0.99 80',
};

/** What depends on statements that a lone example lacks. */
const FROM_RULES =
  /gateway|family|without|no peer|native_ipv6|old word|there is no|alone|without|with lvs_sched|with TCP|not below|has no effect: a weight|no virtual server uses|has no room for/;

/** Checks may ask for what keepalived does not know. */
const CHECK = /_(?:CHECK|CHAT|GET)$/;

/** Checks in lines that only we have. */
const LINE_CHECKS = /^(?:TCP_CHAT|AGENT_CHECK|(?:IMAP|POP|FTP|NNTP|SIP)_CHECK)$/;

/** Blocks that only we have. */
const OUR_BLOCKS = new Set([
  'system',
  'flash_budget',
  'flash_card',
  'thermal',
  'interface',
  'mark',
  'masquerade',
  'tuning',
]);

test('what is not ours by design is a keyword of keepalived', t => {
  const ours = new Set([
    ...OUR_BLOCKS,
    'address',
    'route',
    'destination',
    'port',
    'tls',
    'starttls',
    'track_service',
    'lvs_id',
    'vrrp_checksum',
    'lvs_sync_threshold',
    'lvs_sync_refresh_period',
    'lvs_sync_retries',
    'lvs_sync_ports',
    'lvs_sync_qlen_max',
    'lvs_sync_sock_size',
    'lvs_sync_persist_mode',
    ...['name', 'slow_start', 'flap_damping', 'penalty', 'half_life', 'suppress', 'reuse', 'drain_timeout'],
    ...['adopt_manual_weights', 'maintenance_dir'],
  ]);
  for (const { path } of all) {
    if (path.some(word => LINE_CHECKS.test(word))) continue;
    if (path.some(word => CHECK.test(word))) continue;
    if (path.some(word => OUR_BLOCKS.has(word))) continue;
    const word = path.at(-1)!;
    t.true(keepalivedKeywords().has(word) || ours.has(word), word);
  }
});

test('the blocks and keywords of this version', t => {
  t.deepEqual(
    [...vocabulary.keys()],
    [
      ...['global_defs', 'system', 'flash_budget', 'flash_card', 'thermal', 'interface'],
      ...['vrrp_instance', 'vrrp_sync_group', 'vrrp_script'],
      ...['track_file', 'vrrp_track_file', 'vrrp_track_process', 'garp_group'],
      ...['linkbeat_interfaces', 'interface_up_down_delays', 'static_ipaddress', 'static_routes'],
      ...['static_rules', 'track_group', 'virtual_server', 'virtual_server_group', 'SSL', 'mark'],
      ...['masquerade', 'tuning', 'instance'],
      ...['use_pid_dir', 'child_wait_time', 'namespace_with_ipsets', 'bfd_instance', 'net_namespace'],
      'net_namespace_ipvs',
    ],
  );
});

/** What stands in a bfd_instance, which is refused whole. */
const OF_BFD = `
checker hoplimit idle_tx max_hops min_rx min_tx multihop multiplier neighbor_ip neighbour_ip passive source_ip
ttl vrrp
`;

test('every keyword of keepalived is understood, but for those in a bfd_instance', t => {
  const words = new Set(all.map(({ path }) => path.at(-1)!));
  const unknown = [...keepalivedKeywords()].filter(word => !words.has(word));
  t.deepEqual(unknown, OF_BFD.trim().split(/\s+/));
});
