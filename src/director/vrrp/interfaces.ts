// The interfaces and IPv4 addresses of this machine as the kernel tells of them, kept current by notifications.
import {
  decodeAddress,
  decodeAddressRemoval,
  getAddresses,
  type InterfaceAddress,
  IPV4_ADDRESS_GROUP,
} from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import type { Link } from '../../netlink/link.ts';
import { LinkMonitor } from '../../netlink/link-monitor.ts';
import type { Message } from '../../netlink/reader.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { compareAddresses } from './order.ts';

/** Milliseconds until a dump that failed is asked for again. */
const RETRY = 1000;

export interface InterfacesListener {
  /** Once, when everything has been read. */
  ready(): void;
  /** Something about an interface or its addresses changed. */
  changed(): void;
  /** An address is gone, by whatever hand, or because its lifetime was over. */
  addressRemoved(address: InterfaceAddress): void;
}

export class Interfaces {
  readonly #platform: Platform;
  readonly #listener: InterfacesListener;
  readonly #links: LinkMonitor;
  readonly #connection: NetlinkConnection;
  #addresses: InterfaceAddress[] = [];
  #linksRead = false;
  #addressesRead = false;
  /** A notification came while a dump was read: which of the two is older cannot be told. */
  #doubtful = false;

  /** Opens its sockets and starts reading. Throws a SystemError. */
  constructor(platform: Platform, listener: InterfacesListener) {
    this.#platform = platform;
    this.#listener = listener;
    this.#links = new LinkMonitor(platform, {
      changed: () => this.#tell(),
      removed: () => this.#tell(),
      ready: () => {
        this.#linksRead = true;
        this.#complete();
      },
    });
    this.#connection = NetlinkConnection.open(platform, NETLINK_ROUTE, {
      groups: IPV4_ADDRESS_GROUP,
      onNotification: message => {
        this.#doubtful = true;
        const added = decodeIpv4(message);
        if (added !== null) this.#add(added);
        const removed = decodeAddressRemoval(message);
        if (removed !== null) this.#remove(removed);
      },
      onOverrun: () => this.#read(),
    });
    this.#read();
  }

  link(name: string): Link | null {
    return this.#links.byName(name);
  }

  /** The IPv4 addresses of an interface, in the kernel's order. */
  addressesOf(index: number): readonly InterfaceAddress[] {
    return this.#addresses.filter(address => address.interface === index);
  }

  /** All IPv4 addresses. */
  get addresses(): readonly InterfaceAddress[] {
    return this.#addresses;
  }

  #read(): void {
    this.#doubtful = false;
    this.#connection.ask(getAddresses(), decodeIpv4, (error, addresses) => {
      if (error !== null) {
        if (error.code !== 'ECANCELED') this.#platform.after(RETRY, () => this.#read());
        return;
      }
      if (this.#doubtful) return this.#read();
      const gone = this.#addresses.filter(old => !addresses.some(address => same(address, old)));
      this.#addresses = addresses;
      for (const address of gone) this.#listener.addressRemoved(address);
      if (this.#addressesRead) return this.#tell();
      this.#addressesRead = true;
      this.#complete();
    });
  }

  #add(address: InterfaceAddress): void {
    const index = this.#addresses.findIndex(known => same(known, address));
    if (index >= 0) {
      this.#addresses[index] = address;
      return;
    }
    this.#addresses.push(address);
    this.#tell();
  }

  #remove(address: InterfaceAddress): void {
    this.#addresses = this.#addresses.filter(known => !same(known, address));
    this.#listener.addressRemoved(address);
    this.#tell();
  }

  #complete(): void {
    if (this.#linksRead && this.#addressesRead) this.#listener.ready();
  }

  #tell(): void {
    if (this.#linksRead && this.#addressesRead) this.#listener.changed();
  }
}

function decodeIpv4(message: Message): InterfaceAddress | null {
  const address = decodeAddress(message);
  return address?.address.length === 4 ? address : null;
}

function same(one: InterfaceAddress, other: InterfaceAddress): boolean {
  return (
    one.interface === other.interface &&
    one.prefix === other.prefix &&
    compareAddresses(one.address, other.address) === 0
  );
}
