// A director and keepalived in one group on a segment of their own, and a client of theirs.
import type { ExecutionContext } from 'ava';
import type { VrrpInstanceStatus } from '../../../src/director/protocol.ts';
import { Director } from '../director/director.ts';
import { type GroupOptions, group, VIP } from './configs.ts';
import { Keepalived } from './keepalived.ts';
import { createSegment, ip, type Segment, type Station } from './segment.ts';
import { at, becomes, instance } from './watch.ts';
import { Recording } from './wire.ts';

/** The dialect that both speak: what their configurations have in common. */
export interface Dialect extends Pick<GroupOptions, 'version' | 'interval' | 'password'> {
  /** 4 unless told otherwise. */
  readonly family?: 4 | 6;
  readonly isUnicast?: boolean;
}

/** By family: the virtual address that is watched, one more, and what comes before them in a configuration. */
const ADDRESSES = {
  4: { vip: VIP, second: '10.9.0.101', first: [] },
  6: { vip: 'fd09::100', second: 'fd09::101', first: ['fe80::9:100'] },
} as const;

export class Rivals {
  readonly #t: ExecutionContext;
  readonly #binary: string;
  readonly #dialect: Dialect;
  readonly #segment: Segment;
  readonly #recording: Recording;
  readonly ours: Station;
  readonly theirs: Station;
  readonly client: Station;

  constructor(t: ExecutionContext, binary: string, dialect: Dialect) {
    this.#t = t;
    this.#binary = binary;
    this.#dialect = dialect;
    this.#segment = createSegment(3);
    [this.ours, this.theirs, this.client] = this.#segment.stations as [Station, Station, Station];
    if (dialect.family === 6) giveSixes(this.#segment);
    this.#recording = new Recording(t, this.#segment);
  }

  get #addresses() {
    return ADDRESSES[this.#dialect.family ?? 4];
  }

  /** The virtual address. */
  get vip(): string {
    return this.#addresses.vip;
  }

  /** Another one, which is configured only on demand. */
  get second(): string {
    return this.#addresses.second;
  }

  /** What is configured with `second` too. */
  get both(): Pick<GroupOptions, 'addresses'> {
    const { first, vip, second } = this.#addresses;
    return { addresses: [...first, vip, second] };
  }

  /** Where the advertisements of keepalived come from. */
  get theirSource(): string {
    return this.#dialect.family === 6 ? 'fe80::ff:fe09:2' : this.theirs.address;
  }

  ourConfig(options: Partial<GroupOptions> = {}): string {
    return this.#config(this.ours, this.theirs, options);
  }

  theirConfig(options: Partial<GroupOptions> = {}): string {
    return this.#config(this.theirs, this.ours, options);
  }

  #config(from: Station, to: Station, options: Partial<GroupOptions>): string {
    const { family: _, isUnicast, ...common } = this.#dialect;
    const { first, vip } = this.#addresses;
    const unicast = isUnicast ? { unicast: { source: from.address, peer: to.address } } : {};
    return group({ ...common, ...unicast, addresses: [...first, vip], priority: 100, ...options });
  }

  async director(options: Partial<GroupOptions> = {}): Promise<Director> {
    await this.#recording.started();
    return new Director(this.#t, this.#binary, this.ours, this.ourConfig(options));
  }

  async keepalived(options: Partial<GroupOptions> = {}): Promise<Keepalived> {
    await this.#recording.started();
    return new Keepalived(this.#t, this.theirs, this.theirConfig(options));
  }

  /** Takes off what a killed keepalived has left on its interface. */
  clearTheirs(): void {
    const { first, vip } = this.#addresses;
    const length = this.#dialect.family === 6 ? 128 : 32;
    for (const address of [...first, vip]) {
      ip('-n', this.theirs.name, 'address', 'del', `${address}/${length}`, 'dev', 'va');
    }
  }

  setCable(station: Station, plugged: boolean): void {
    this.#segment.setCable(station, plugged);
  }

  /** Waits until the virtual address is with the director alone and the client reaches it there. */
  atOurs(): Promise<void> {
    return at(this.vip, this.ours, this.theirs, this.client);
  }

  atTheirs(): Promise<void> {
    return at(this.vip, this.theirs, this.ours, this.client);
  }

  /**
   * The director has had some intervals more in the phase it is in, and neither had anything to object to. On a busy machine
   * keepalived may be late for once: then the director is master meanwhile, and reports it.
   */
  async isCalm(director: Director, keepalived: Keepalived): Promise<VrrpInstanceStatus> {
    const t = this.#t;
    const before = await instance(director);
    const after = await becomes(director, ({ state, since, advertInterval }) => {
      const start = since < before.since ? 0 : before.since;
      return state === before.state && since > start + 4 * advertInterval;
    });
    t.regex(after.trouble ?? '', /^$|was master all the time/);
    t.is(after.counters.discarded, 0);
    t.notRegex(
      keepalived.log,
      /checksum|invalid|mismatch|bogus|too short|expected|not present|authentication/i,
    );
    return after;
  }

  /** Every packet that the director sent is one that tshark has nothing to say against. Ends the recording. */
  async isWellSpoken(): Promise<void> {
    const t = this.#t;
    const packets = (await this.#recording.sentBy(this.ours)).filter(({ protocol }) =>
      /^(VRRP|ARP|ICMPv6)$/.test(protocol),
    );
    t.deepEqual([...new Set(packets.map(({ objections }) => objections))], ['']);
    const advertisements = packets.filter(({ protocol }) => protocol === 'VRRP');
    t.true(advertisements.length > 0);
    const seen = advertisements.map(({ checksum, ipChecksum, version, hops }) =>
      [`version ${version}`, `TTL ${hops}`, `checksum ${checksum}`, `IP checksum ${ipChecksum}`].join(', '),
    );
    const { version, family } = this.#dialect;
    const ofHeader = family === 6 ? '' : '1';
    t.deepEqual([...new Set(seen)], [`version ${version}, TTL 255, checksum 1, IP checksum ${ofHeader}`]);
  }
}

/** An address for every station besides its link-local one, which it uses at once. */
function giveSixes({ stations }: Segment): void {
  for (const [index, { name }] of stations.entries()) {
    ip('netns', 'exec', name, 'sysctl', '-qw', 'net.ipv6.conf.va.accept_dad=0');
    ip('-n', name, 'address', 'add', `fd09::${index + 1}/64`, 'dev', 'va', 'nodad');
  }
}
