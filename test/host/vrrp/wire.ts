// What went over a segment, as somebody else's dissector sees it: tcpdump records, tshark decodes.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import type { Segment, Station } from './segment.ts';

/** Why there is no tshark to decode with, or null. */
export function withoutTshark(): string | null {
  const { error } = spawnSync('tshark', ['--version']);
  return error ? 'tshark is not installed (apt-get install tshark)' : null;
}

/** A packet in tshark's words; fields that it does not have are empty. */
export interface Decoded {
  readonly protocol: string;
  readonly sender: string;
  /** Names of everything that tshark takes for malformed or remarkable. */
  readonly objections: string;
  /** `1` is good, in VRRP and IP. */
  readonly checksum: string;
  readonly ipChecksum: string;
  readonly version: string;
  readonly priority: string;
  readonly hops: string;
  readonly announced: string;
}

const FIELDS: Record<keyof Decoded, readonly string[]> = {
  protocol: ['_ws.col.Protocol'],
  sender: ['eth.src'],
  objections: ['_ws.malformed', '_ws.expert.message'],
  checksum: ['vrrp.checksum.status'],
  ipChecksum: ['ip.checksum.status'],
  version: ['vrrp.version'],
  priority: ['vrrp.prio'],
  hops: ['ip.ttl', 'ipv6.hlim'],
  announced: ['arp.src.proto_ipv4', 'icmpv6.nd.na.target_address'],
};

/** Records every packet that a segment carries. */
export class Recording {
  readonly #file: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #listening: Promise<void>;

  constructor(t: ExecutionContext, segment: Segment) {
    const { folder } = segment.stations[0]!;
    this.#file = `${folder}/wire.pcap`;
    const command = ['tcpdump', '-i', 'bridge', '-U', '-s', '0', '-Z', 'root', '-w', this.#file];
    this.#process = spawn('ip', ['netns', 'exec', segment.hub, ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#listening = new Promise(resolve => {
      createInterface({ input: this.#process.stderr! }).on('line', line => {
        if (/listening on/.test(line)) resolve();
      });
    });
    this.#ended = new Promise(resolve => this.#process.on('close', () => resolve()));
    t.teardown(() => this.#stop());
  }

  /** Resolves when nothing is missed any more. */
  started(): Promise<void> {
    return this.#listening;
  }

  /** Ends the recording and decodes what one station sent. */
  async sentBy(station: Station): Promise<Decoded[]> {
    await this.#stop();
    const names = Object.values(FIELDS).flat();
    const output = execFileSync(
      'tshark',
      [
        ...['-r', this.#file, '-Y', `eth.src == ${station.hardware}`],
        // An address that moves is the purpose here.
        ...['-o', 'ip.check_checksum:TRUE', '-o', 'arp.detect_duplicate_ips:FALSE'],
        ...[
          '-T',
          'fields',
          '-E',
          'separator=/t',
          '-E',
          'occurrence=a',
          ...names.flatMap(name => ['-e', name]),
        ],
      ],
      { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return output.split('\n').slice(0, -1).map(decoded);
  }

  async #stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }
}

function decoded(line: string): Decoded {
  const values = line.split('\t');
  let at = 0;
  const entries = Object.entries(FIELDS).map(([key, names]) => {
    const value = values.slice(at, at + names.length).join('');
    at += names.length;
    return [key, value];
  });
  return Object.fromEntries(entries) as Decoded;
}
