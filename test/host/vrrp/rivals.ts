// A director and keepalived in one group on a segment of their own, and a client of theirs.
import type { ExecutionContext } from 'ava';
import type { VrrpInstanceStatus } from '../../../src/director/protocol.ts';
import { Director } from '../director/director.ts';
import { type GroupOptions, group } from './configs.ts';
import { Keepalived } from './keepalived.ts';
import { createSegment, type Segment, type Station } from './segment.ts';
import { at, becomes, instance } from './watch.ts';
import { Recording } from './wire.ts';

/** The dialect that both speak: what their configurations have in common. */
export type Dialect = Omit<GroupOptions, 'priority'>;

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
    this.#recording = new Recording(t, this.#segment);
  }

  ourConfig(options: Partial<GroupOptions> = {}): string {
    return group({ ...this.#dialect, priority: 100, ...options });
  }

  theirConfig(options: Partial<GroupOptions> = {}): string {
    return group({ ...this.#dialect, priority: 100, ...options });
  }

  async director(options: Partial<GroupOptions> = {}): Promise<Director> {
    await this.#recording.started();
    return new Director(this.#t, this.#binary, this.ours, this.ourConfig(options));
  }

  async keepalived(options: Partial<GroupOptions> = {}): Promise<Keepalived> {
    await this.#recording.started();
    return new Keepalived(this.#t, this.theirs, this.theirConfig(options));
  }

  setCable(station: Station, plugged: boolean): void {
    this.#segment.setCable(station, plugged);
  }

  /** Waits until an address is with the director alone and the client reaches it there. */
  atOurs(address: string): Promise<void> {
    return at(address, this.ours, this.theirs, this.client);
  }

  atTheirs(address: string): Promise<void> {
    return at(address, this.theirs, this.ours, this.client);
  }

  /** The director has had some intervals more in the phase it is in, and neither had anything to object to. */
  async isCalm(director: Director, keepalived: Keepalived): Promise<VrrpInstanceStatus> {
    const t = this.#t;
    const before = await instance(director);
    const after = await becomes(
      director,
      ({ since }) => since < before.since || since > before.since + 4 * before.advertInterval,
    );
    t.is(after.state, before.state);
    t.is(after.trouble, null);
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
    const version = this.#dialect.version;
    t.deepEqual([...new Set(seen)], [`version ${version}, TTL 255, checksum 1, IP checksum 1`]);
  }
}
