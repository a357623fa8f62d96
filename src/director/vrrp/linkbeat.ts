// `linkbeat_interfaces`: whether there is a cable, read from the registers of the PHY (IEEE 802.3 clause 22) again and again, for
// drivers that do not tell. Where a driver has no such registers, its own word counts.
import { AF_INET, SOCK_DGRAM } from '../../platform/linux.ts';
import { isSystemError, type Platform, type Socket, type Timer } from '../../platform/platform.ts';
import type { Log } from '../log.ts';

/** linux/sockios.h */
const SIOCGMIIPHY = 0x8947;
const SIOCGMIIREG = 0x8948;

/** sizeof(struct ifreq) at most; struct mii_ioctl_data (linux/mii.h) stands behind the name of the interface. */
const REQUEST = 40;
const NAME = 16;
const REGISTER = NAME + 2;
const VALUE = NAME + 6;

const MII_BMSR = 1;
const BMSR_LSTATUS = 0x0004;

/** Milliseconds between two looks, as in keepalived. */
const INTERVAL = 1000;

export class Linkbeat {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #changed: () => void;
  /** Null: the PHY cannot be asked; undefined: it was not asked yet. */
  #links = new Map<string, boolean | null | undefined>();
  #socket: Socket | null = null;
  #timer: Timer | null = null;

  /** `changed`: a cable was pulled out or put in. */
  constructor(platform: Platform, log: Log, changed: () => void) {
    this.#platform = platform;
    this.#log = log;
    this.#changed = changed;
  }

  /** Throws a SystemError when no socket can be opened. */
  configure(names: readonly string[]): void {
    this.#links = new Map(names.map(name => [name, this.#links.get(name)]));
    this.#timer?.cancel();
    this.#timer = null;
    if (names.length === 0) {
      this.#socket?.close();
      this.#socket = null;
      return;
    }
    this.#socket ??= this.#platform.socket(AF_INET, SOCK_DGRAM, 0);
    this.#look();
  }

  /** Null: nothing is known, or not asked for. */
  hasLink(name: string): boolean | null {
    return this.#links.get(name) ?? null;
  }

  #look(): void {
    let isNew = false;
    for (const [name, before] of this.#links) {
      const link = this.#ask(name);
      if (link === before) continue;
      isNew ||= before !== undefined;
      this.#links.set(name, link);
      if (link === null) this.#log.warn(`linkbeat: ${name} has no PHY that answers: its driver is believed`);
    }
    this.#timer = this.#platform.after(INTERVAL, () => this.#look());
    if (isNew) this.#changed();
  }

  #ask(name: string): boolean | null {
    const request = new Uint8Array(REQUEST);
    for (let at = 0; at < name.length && at < NAME - 1; at++) request[at] = name.charCodeAt(at);
    try {
      this.#socket!.ioctl(SIOCGMIIPHY, request);
      // The bit stays low until it was read: what the second look says is how it is now.
      this.#read(request);
      return (this.#read(request) & BMSR_LSTATUS) !== 0;
    } catch (error) {
      if (isSystemError(error)) return null;
      throw error;
    }
  }

  #read(request: Uint8Array): number {
    const fields = new DataView(request.buffer);
    fields.setUint16(REGISTER, MII_BMSR, true);
    this.#socket!.ioctl(SIOCGMIIREG, request);
    return fields.getUint16(VALUE, true);
  }
}
