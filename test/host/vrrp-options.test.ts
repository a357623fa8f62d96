// Directors, the binary of the board, whose instances are not as usual: keys, passwords, checksums, patience, strictness.
import { spawn } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import { requireInside } from '../../scripts/lab/namespace.ts';
import { buildDirector, Director } from './director/director.ts';
import { createSegment, type Station } from './vrrp/segment.ts';
import { type Scenario, sideBySide } from './vrrp/side-by-side.ts';
import { becomes } from './vrrp/watch.ts';

let binary = '';

test.before(async () => {
  requireInside();
  binary = await buildDirector();
});

function config(priority: number, lines: string, globals = '', address = '10.9.0.100'): string {
  return `
global_defs {
  ${globals}
}
vrrp_instance web {
  interface va
  virtual_router_id 51
  priority ${priority}
  virtual_ipaddress {
    ${address}
  }
  ${lines}
}
`;
}

interface Pair {
  readonly one: Station;
  readonly other: Station;
  /** Priority 150. */
  readonly master: Director;
  /** Priority 100. */
  readonly backup: Director;
}

/** Two directors with the same lines in their instances; the second is started when the first is master. */
async function startPair(t: ExecutionContext, lines: string): Promise<Pair> {
  const [one, other] = createSegment(2).stations as [Station, Station];
  const master = new Director(t, binary, one, config(150, lines));
  await becomes(master, ({ state }) => state === 'MASTER');
  const backup = new Director(t, binary, other, config(100, lines));
  return { one, other, master, backup };
}

/** Both agree that the first is master, and have nothing to say against each other. */
async function agree({ one, master, backup }: Pair): Promise<void> {
  await becomes(master, ({ state, duplicate }) => state === 'MASTER' && duplicate === null);
  await becomes(
    backup,
    ({ state, master: known, trouble }) =>
      state === 'BACKUP' && known?.address === one.address && trouble === null,
  );
}

/** A new configuration; resolves when the instances have it. */
async function reload(director: Director, text: string): Promise<void> {
  director.write('site.conf', text);
  const from = director.length;
  director.signal('SIGHUP');
  await director.line(/the configuration was changed/, from);
  await director.vrrp();
}

const KEYS = ['00', '5a'].map(byte => byte.repeat(32));

function signed(active: number, ...ids: number[]): string {
  const keys = ids.map(id => `key ${id} hex:${KEYS[id - 1]}`);
  return `version 3\nadvert_int 0.1\nauth_hmac {\n${keys.join('\n')}\nactive_key ${active}\n}`;
}

function password(text: string): string {
  return `version 2\nadvert_int 1\nauthentication {\nauth_type PASS\nauth_pass ${text}\n}`;
}

/** Both are masters and say why: `cause`. */
async function quarrel({ master, backup, one, other }: Pair, cause: RegExp): Promise<void> {
  await becomes(
    master,
    ({ duplicate }) => duplicate?.address === other.address && cause.test(duplicate.cause),
  );
  await becomes(backup, ({ duplicate }) => duplicate?.address === one.address && cause.test(duplicate.cause));
}

const AUTHENTICATION: readonly Scenario[] = [
  {
    title: 'auth_hmac: keys are changed one after the other, and mastership stays',
    async run(t) {
      const pair = await startPair(t, signed(1, 1));
      await agree(pair);
      await reload(pair.backup, config(100, signed(1, 1, 2)));
      await reload(pair.master, config(150, signed(2, 1, 2)));
      await agree(pair);
      await reload(pair.backup, config(100, signed(2, 2)));
      await agree(pair);
      t.is((await becomes(pair.master, () => true)).counters.becameMaster, 1);
      t.is((await becomes(pair.backup, () => true)).counters.becameMaster, 0);
    },
  },
  {
    title:
      'auth_hmac: another key makes a second master, which is named with its cause, and forgotten when it has the key',
    async run(t) {
      const pair = await startPair(t, signed(1, 1));
      await agree(pair);
      await reload(pair.backup, config(100, signed(2, 2)));
      await quarrel(pair, /^it signs with a key that is not known here/);
      const shown = await pair.master.console('vrrp');
      t.regex(shown.output, /ALARM +second master 10\.9\.0\.2, priority 100: it signs with a key/);
      await reload(pair.backup, config(100, signed(1, 1)));
      await agree(pair);
    },
  },
  {
    title: 'auth_hmac: on IPv6, and to unicast peers',
    async run(t) {
      const overIpv6 = createSegment(2).stations as [Station, Station];
      const byUnicast = createSegment(2).stations as [Station, Station];
      for (const [stations, address, lines] of [
        [overIpv6, 'fe80::100/64', () => ''],
        [byUnicast, '10.9.0.100', (peer: Station) => `unicast_peer {\n${peer.address}\n}\ncheck_unicast_src`],
      ] as const) {
        const [one, other] = stations;
        const text = (priority: number, peer: Station) =>
          config(priority, `${signed(1, 1)}\n${lines(peer)}`, '', address);
        const master = new Director(t, binary, one, text(150, other));
        await becomes(master, ({ state }) => state === 'MASTER');
        const backup = new Director(t, binary, other, text(100, one));
        const { discarded } = (
          await becomes(
            backup,
            ({ master: known, counters }) => known?.priority === 150 && counters.received > 10,
          )
        ).counters;
        t.is(discarded, 0);
        t.is((await becomes(backup, () => true)).trouble, null);
        master.signal('SIGTERM');
        const after = await becomes(backup, ({ state }) => state === 'MASTER');
        t.is(after.counters.priorityZeroReceived, 1);
      }
    },
  },
  {
    title: 'auth_pass: another password makes a second master, which is named with its cause',
    async run(t) {
      const pair = await startPair(t, password('secret'));
      await agree(pair);
      await reload(pair.backup, config(100, password('public')));
      await quarrel(pair, /^its auth_pass differs from ours/);
      await reload(pair.backup, config(100, password('secret')));
      await agree(pair);
      t.pass();
    },
  },
];

test('who may speak for a group', async t => {
  await sideBySide(t, AUTHENTICATION);
});

const FAST = 'version 3\nadvert_int 0.1';

/** Resolves when so many gratuitous ARP packets of a station have passed. */
function arpPackets(t: ExecutionContext, station: Station, count: number): Promise<void> {
  const filter = `arp and ether src ${station.hardware} and arp[24:4] = 0x0a090064`;
  const command = ['tcpdump', '-i', 'bridge', '-n', '-Z', 'root', '-c', `${count}`, ...filter.split(' ')];
  const process = spawn('ip', ['netns', 'exec', station.far, ...command], { stdio: 'ignore' });
  t.teardown(() => process.kill('SIGKILL'));
  return new Promise(resolve => process.on('close', () => resolve()));
}

const CONDUCT: readonly Scenario[] = [
  {
    title: 'vrrp_checksum: both forms are understood, whoever sends them',
    async run(t) {
      const pair = await startPair(t, `${FAST}\nvrrp_checksum rfc9568`);
      await agree(pair);
      for (const form of ['keepalived', 'auto']) {
        await reload(pair.backup, config(200, `${FAST}\nvrrp_checksum ${form}`));
        await becomes(pair.backup, ({ state }) => state === 'MASTER');
        await becomes(pair.master, ({ state }) => state === 'BACKUP');
        await reload(pair.backup, config(100, `${FAST}\nvrrp_checksum ${form}`));
        await agree(pair);
      }
      t.is((await becomes(pair.master, () => true)).counters.discarded, 0);
      t.is((await becomes(pair.backup, () => true)).counters.discarded, 0);
    },
  },
  {
    title: 'preempt_delay: a master of lower priority stays in office for that long',
    async run(t) {
      const [one, other] = createSegment(2).stations as [Station, Station];
      const first = new Director(t, binary, other, config(100, FAST));
      await first.line(/entering MASTER/);
      const second = new Director(t, binary, one, config(150, `${FAST}\npreempt_delay 5`));
      await becomes(second, ({ state, counters }) => state === 'BACKUP' && counters.received >= 10);
      await becomes(second, ({ state }) => state === 'MASTER');
      await becomes(first, ({ state }) => state === 'BACKUP');
      t.true((await becomes(second, () => true)).counters.received >= 20);
    },
  },
  {
    title: 'vrrp_strict: with the RFC to the letter there is one master, too',
    async run(t) {
      const [one, other] = createSegment(2).stations as [Station, Station];
      const master = new Director(t, binary, one, config(150, FAST, 'vrrp_strict'));
      const backup = new Director(t, binary, other, config(100, FAST, 'vrrp_strict'));
      await agree({ one, other, master, backup });
      master.signal('SIGTERM');
      await becomes(backup, ({ state }) => state === 'MASTER');
      t.pass();
    },
  },
  {
    title: 'garp_master_refresh: neighbours are told again and again',
    async run(t) {
      const [one] = createSegment(2).stations as [Station, Station];
      const enough = arpPackets(t, one, 12);
      const lines = `${FAST}\ngarp_master_repeat 2\ngarp_master_delay 1\ngarp_master_refresh 1\ngarp_master_refresh_repeat 3`;
      new Director(t, binary, one, config(150, lines));
      await enough;
      t.pass();
    },
  },
];

test('how a group is conducted', async t => {
  await sideBySide(t, CONDUCT);
});
