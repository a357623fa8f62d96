// What VRRP hears and speaks through: a port for each way, an outlet for each interface, opened when the interface is there and anew
// when it comes back as another.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import type { IpDatagram } from './datagram.ts';
import type { Interfaces } from './interfaces.ts';
import { Outlet } from './outlet.ts';
import { Port } from './port.ts';
import type { Way } from './way.ts';

export class Ports {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #interfaces: Interfaces;
  readonly #onDatagram: (way: Way, datagram: IpDatagram) => void;
  /** By key of their way. */
  readonly #ports = new Map<string, Port>();
  /** By family and interface. */
  readonly #outlets = new Map<string, Outlet>();
  /** What was wrong with a way when it was last opened. */
  readonly #troubles = new Map<string, string>();

  constructor(
    platform: Platform,
    log: Log,
    interfaces: Interfaces,
    onDatagram: (way: Way, datagram: IpDatagram) => void,
  ) {
    this.#platform = platform;
    this.#log = log;
    this.#interfaces = interfaces;
    this.#onDatagram = onDatagram;
  }

  get({ key }: Way): Port | null {
    return this.#ports.get(key) ?? null;
  }

  /** Closes the ports of other ways, and the outlets of interfaces that are gone. */
  keep(ways: readonly Way[]): void {
    const keys = new Set(ways.map(({ key }) => key));
    for (const [key, port] of this.#ports) if (!keys.has(key)) this.#close(port);
    this.#sweep();
  }

  /** The port of a way, ready to hear; null when the interface is missing or does not do. */
  open(way: Way): Port | null {
    const index = this.#interfaces.link(way.interface)?.index ?? null;
    const known = this.get(way);
    if (known !== null && known.index === index) return known;
    if (known !== null) this.#close(known);
    this.#sweep();
    if (index === null) return null;
    try {
      const port = new Port(this.#platform, way, index, datagram => this.#onDatagram(way, datagram));
      this.#ports.set(way.key, port);
      this.#troubles.delete(way.key);
      return port;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#complain(way, error.message);
      return null;
    }
  }

  /** Throws a SystemError. */
  outlet(index: number, family: 4 | 6): Outlet {
    const key = `${family} ${index}`;
    const known = this.#outlets.get(key);
    if (known !== undefined) return known;
    const outlet = new Outlet(this.#platform, index, family);
    this.#outlets.set(key, outlet);
    return outlet;
  }

  #close(port: Port): void {
    port.close();
    this.#ports.delete(port.way.key);
  }

  #sweep(): void {
    for (const [key, outlet] of this.#outlets) {
      if (this.#interfaces.linkByIndex(outlet.index) !== null) continue;
      outlet.close();
      this.#outlets.delete(key);
    }
  }

  /** Once: it is tried again with every change of an interface. */
  #complain({ key, interface: name, family }: Way, text: string): void {
    if (this.#troubles.get(key) === text) return;
    this.#troubles.set(key, text);
    this.#log.error(`no VRRP for IPv${family} on ${name}: ${text}`);
  }
}
