// One port for each interface that an instance uses, opened when the interface is there and anew when it comes back as another.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';
import { VIRTUAL_ADDRESS } from '../network/marks.ts';
import type { Ipv4Datagram } from './datagram.ts';
import type { Link } from './instance.ts';
import type { Interfaces } from './interfaces.ts';
import { compareAddresses, includesAddress } from './order.ts';
import { Port } from './port.ts';
import type { SettledInterfaces } from './settled-interfaces.ts';

interface Attachment {
  readonly port: Port;
  source: Uint8Array | null;
}

export class Ports {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #interfaces: Interfaces;
  readonly #settled: SettledInterfaces;
  readonly #onDatagram: (name: string, datagram: Ipv4Datagram) => void;
  readonly #attachments = new Map<string, Attachment>();

  constructor(
    platform: Platform,
    log: Log,
    interfaces: Interfaces,
    settled: SettledInterfaces,
    onDatagram: (name: string, datagram: Ipv4Datagram) => void,
  ) {
    this.#platform = platform;
    this.#log = log;
    this.#interfaces = interfaces;
    this.#settled = settled;
    this.#onDatagram = onDatagram;
  }

  get(name: string): Port | null {
    return this.#attachments.get(name)?.port ?? null;
  }

  /** Closes the ports of interfaces that are not in `names` any more. */
  keep(names: readonly string[]): void {
    for (const name of [...this.#attachments.keys()]) if (!names.includes(name)) this.#close(name);
  }

  /**
   * The interface as an instance sees it, with its port ready to send. Its address is the first that is not virtual; one of
   * `virtual` only when there is no other, as on the owner of the addresses.
   */
  linkOf(name: string, virtual: readonly Uint8Array[]): Link {
    const link = this.#interfaces.link(name);
    if (link === null) {
      this.#close(name);
      return { up: false, address: null };
    }
    const attachment = this.#open(name, link.index);
    if (attachment === null) return { up: false, address: null };
    const candidates = this.#interfaces
      .addressesOf(link.index)
      .filter(address => address.protocol !== VIRTUAL_ADDRESS)
      .map(({ address }) => address);
    const address = candidates.find(each => !includesAddress(virtual, each)) ?? candidates[0] ?? null;
    // The kernel calls a driver that has yet to look for its cable running; only the carrier tells.
    const usable = this.#settled.isUp(name, link.running && link.carrier);
    return { up: usable && this.#setSource(name, attachment, address), address };
  }

  #open(name: string, index: number): Attachment | null {
    const known = this.#attachments.get(name);
    if (known?.port.index === index) return known;
    this.#close(name);
    try {
      const port = new Port(this.#platform, name, index, datagram => this.#onDatagram(name, datagram));
      const attachment = { port, source: null };
      this.#attachments.set(name, attachment);
      return attachment;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#log.error(`no VRRP on ${name}: ${error.message}`);
      return null;
    }
  }

  #setSource(name: string, attachment: Attachment, address: Uint8Array | null): boolean {
    const { source } = attachment;
    if (address === null || (source !== null && compareAddresses(source, address) === 0)) return true;
    try {
      attachment.port.setSource(address);
      attachment.source = address;
      return true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#log.error(`no VRRP from this address of ${name}: ${error.message}`);
      return false;
    }
  }

  #close(name: string): void {
    this.#attachments.get(name)?.port.close();
    this.#attachments.delete(name);
  }
}
