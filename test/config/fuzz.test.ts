// Whatever a file holds, reading it ends, throws nothing, and every problem has a place in the file. A failure prints its seed.
import test from 'ava';
import { unwantedCharacter } from '../../src/director/config/characters.ts';
import { anyWords } from './any-words.ts';
import { load, randomNumbers, rounds } from './support.ts';

const GOOD = `global_defs {
  router_id a
  vrrp_version 3
  smtp_server 192.0.2.25 2525
  notification_email {
    a@example.org
  }
  vrrp_notify_fifo /run/fifo root
  lvs_sync_daemon eth1 VI_2 id 7
  lvs_sync_threshold 3 50
}
system {
  hostname director1
  password_hash "$6$salt$hash"
  ntp_server 192.0.2.1
}
interface eth1 {
  address 10.0.0.1/24
}
interface eth0 {
  address 192.0.2.11/24
  route default via 192.0.2.254
}
vrrp_instance VI_1 { # one
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 0.1
  nopreempt
  no_accept
  virtual_ipaddress {
    192.0.2.100/24 dev eth0
  }
}
linkbeat_interfaces {
  eth1 MII
}
interface_up_down_delays {
  eth1 0.05 2
}
static_ipaddress {
  192.0.2.12/24 dev eth0
}
static_routes {
  198.51.100.0/24 via 192.0.2.254 dev eth0
}
garp_group {
  garp_interval 0.01
  interfaces {
    eth0
  }
}
vrrp_script chk {
  script "/bin/true --quiet"
  interval 2
  fall 3
}
track_file load {
  file /run/load
  init_file 0 overwrite
}
vrrp_track_process proc {
  process sleep
  param_match partial
  quorum 2
}
vrrp_sync_group VG {
  group {
    VI_2
    VI_3
  }
  sync_group_tracking_weight
  track_interface {
    eth1 weight -5 reverse
  }
}
vrrp_instance VI_2 {
  interface eth1
  virtual_router_id 52
  version 2
  authentication {
    auth_type PASS
    auth_pass 1234
  }
  virtual_ipaddress {
    10.0.0.100/24 brd + label eth1:a
  }
  virtual_routes {
    default via 10.0.0.254 dev eth1 table 100 metric 5
    blackhole 10.9.0.0/16
  }
  virtual_rules {
    from 10.0.0.0/24 fwmark 0x10/0xff table 100 preference 7
  }
  track_script {
    chk weight -20
  }
  track_file {
    load weight 2
  }
  track_process {
    proc
  }
  track_service {
    192.0.2.100 80 weight -30
  }
  notify "/bin/true all" nobody
}
vrrp_instance VI_3 {
  interface eth2
  virtual_router_id 52
  unicast_src_ip fe80::1
  unicast_peer {
    fe80::2 min_ttl 254
  }
  auth_hmac {
    key 1 hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
    anti_replay time
  }
  use_vmac vrrp.52
  vmac_xmit_base
  virtual_ipaddress {
    fe80::52/64
  }
  virtual_ipaddress_excluded {
    192.0.2.9
  }
}
virtual_server 192.0.2.100 80 {
  delay_loop 6
  lb_algo wlc
  lb_kind NAT
  persistence_timeout 50
  protocol TCP
  real_server 10.0.0.1 8080 {
    weight 3
    HTTP_GET {
      url {
        path "/a b"
        status_code 200 301-302
      }
      connect_timeout 3
      retry 3
    }
  }
}
virtual_server fwmark 1 {
  lb_algo rr
  lb_kind TUN
  real_server 2001:db8::1 {
    TCP_CHECK {
      connect_port 80
    }
  }
}
mark 1 {
  protocol tcp
  destination 2001:db8::101
  port 80 443 8000-8100
}
masquerade 10.0.0.0/24 {
  interface eth0
}
`;

const WORDS = GOOD.split(/\s+/);
const CHARACTERS = [
  '{',
  '}',
  '"',
  "'",
  '\\',
  '#',
  '!',
  '\n',
  ' ',
  '\t',
  '\r',
  '\u0000',
  '\u00a0',
  '\ufffd',
  '-',
  '/',
  '0',
  '9',
  '@',
  '$',
  'é',
];

type Random = (below: number) => number;

function noise(random: Random): string {
  return Array.from({ length: random(200) }, () =>
    random(3) === 0
      ? CHARACTERS[random(CHARACTERS.length)]!
      : String.fromCharCode(random(random(20) === 0 ? 65536 : 256)),
  ).join('');
}

/** The good file with some characters, words or lines replaced, doubled or left out. */
function mutation(random: Random): string {
  let text = GOOD;
  for (let i = random(6); i >= 0; i--) {
    const at = random(text.length);
    const end = Math.min(text.length, at + random(random(4) === 0 ? 80 : 4));
    const piece =
      random(3) === 0
        ? WORDS[random(WORDS.length)]!
        : random(2) === 0
          ? CHARACTERS[random(CHARACTERS.length)]!
          : text.slice(at, end).repeat(random(3));
    text = text.slice(0, at) + piece + text.slice(end);
  }
  return text;
}

/** Words of the language in any order. */
function babble(random: Random): string {
  return Array.from({ length: random(120) }, () => {
    const glue = ['\n', '\n', ' ', ' {\n', '\n}\n'][random(5)]!;
    return WORDS[random(WORDS.length)]! + glue;
  }).join('');
}

for (const [name, make] of Object.entries({ noise, mutation, babble, anyWords })) {
  test(`${name} is read to the end, and what is wrong with it has a place`, t => {
    for (let seed = 1; seed <= rounds(800); seed++) {
      const text = make(randomNumbers(seed));
      const lines = text.split('\n');
      try {
        const { config, problems } = load(text);
        t.is(
          config === null,
          problems.some(each => each.severity === 'error'),
        );
        for (const { file, line, column, message, advice } of problems) {
          t.is(file, 'main.conf');
          t.true(
            column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1,
            `${line}:${column} ${message}`,
          );
          t.true(
            message !== '' &&
              advice !== '' &&
              unwantedCharacter((message + advice).replaceAll(' ', '')) === null,
            message,
          );
        }
      } catch (error) {
        t.fail(`seed ${seed}: ${error}\n${JSON.stringify(text)}`);
      }
    }
  });
}

test('the file that is mutated is good', t => {
  t.deepEqual(load(GOOD).problems, []);
});

test('a configuration that was accepted survives as JSON, as it crosses processes', t => {
  for (let seed = 1; seed <= rounds(500); seed++) {
    const make = seed % 2 === 0 ? mutation : anyWords;
    const { config } = load(make(randomNumbers(seed)));
    if (config !== null) t.deepEqual(JSON.parse(JSON.stringify(config)), config, `seed ${seed}`);
  }
});

test('deep nesting, long lines and long words are only problems', t => {
  for (const text of [
    'real_server {\n'.repeat(20_000),
    'a '.repeat(200_000),
    'a'.repeat(500_000),
    '{'.repeat(100_000),
    '}\n'.repeat(20_000),
    '"'.repeat(99_999),
    `vrrp_instance ${'n'.repeat(100_000)} {\n}`,
  ]) {
    const { config, problems } = load(text);
    t.is(config, null);
    t.true(problems.length > 0);
    t.true(problems.every(each => each.message.length <= 300));
  }
});
