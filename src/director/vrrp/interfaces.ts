// The interfaces and addresses of this machine as the kernel tells of them, kept current by notifications. Virtual addresses of
// our own are not among them: each is renewed every second, and who holds them knows.
import {
  decodeAddress,
  decodeAddressRemoval,
  getAddresses,
  type InterfaceAddress,
  IPV4_ADDRESS_GROUP,
  IPV6_ADDRESS_GROUP,
  ownAddressFilter,
} from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import type { Link } from '../../netlink/link.ts';
import { LinkMonitor } from '../../netlink/link-monitor.ts';
import type { Message } from '../../netlink/reader.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { VIRTUAL_ADDRESS } from '../network/marks.ts';
import { addressKey } from './order.ts';

/** Milliseconds until a dump that failed is asked for again. */
const RETRY = 1000;

export interface InterfacesListener {
  /** Once, when everything has been read. */
  ready(): void;
  /** Something about interfaces or their addresses changed; told once for all that came together. */
  changed(): void;
  /** An address is gone, virtual ones too: by whatever hand, or because its lifetime was over. */
  addressRemoved(address: InterfaceAddress): void;
}

export class Interfaces {
  readonly #platform: Platform;
  readonly #listener: InterfacesListener;
  readonly #links: LinkMonitor;
  readonly #connection: NetlinkConnection;
  #addresses = new Map<string, InterfaceAddress>();
  #linksRead = false;
  #addressesRead = false;
  /** A notification came while a dump was read: which of the two is older cannot be told. */
  #doubtful = false;
  #telling = false;

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
      groups: IPV4_ADDRESS_GROUP | IPV6_ADDRESS_GROUP,
      filter: ownAddressFilter(VIRTUAL_ADDRESS),
      onNotification: message => {
        this.#doubtful = true;
        const set = decodeForeign(message);
        if (set !== null) this.#set(set);
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

  linkByIndex(index: number): Link | null {
    return this.#links.byIndex(index);
  }

  /** The addresses of an interface, in the kernel's order. */
  addressesOf(index: number): InterfaceAddress[] {
    const found: InterfaceAddress[] = [];
    for (const address of this.#addresses.values()) if (address.interface === index) found.push(address);
    return found;
  }

  #read(): void {
    this.#doubtful = false;
    this.#connection.ask(getAddresses(), decodeForeign, (error, addresses) => {
      if (error !== null) {
        if (error.code !== 'ECANCELED') this.#platform.after(RETRY, () => this.#read());
        return;
      }
      if (this.#doubtful) return this.#read();
      const before = this.#addresses;
      this.#addresses = new Map(addresses.map(address => [keyOf(address), address]));
      for (const [key, address] of before) {
        if (!this.#addresses.has(key)) this.#listener.addressRemoved(address);
      }
      if (this.#addressesRead) return this.#tell();
      this.#addressesRead = true;
      this.#complete();
    });
  }

  #set(address: InterfaceAddress): void {
    const key = keyOf(address);
    const before = this.#addresses.get(key);
    this.#addresses.set(key, address);
    if (before?.flags !== address.flags) this.#tell();
  }

  #remove(address: InterfaceAddress): void {
    const known = this.#addresses.delete(keyOf(address));
    this.#listener.addressRemoved(address);
    if (known) this.#tell();
  }

  #complete(): void {
    if (this.#linksRead && this.#addressesRead) this.#listener.ready();
  }

  #tell(): void {
    if (this.#telling || !this.#linksRead || !this.#addressesRead) return;
    this.#telling = true;
    this.#platform.soon(() => {
      this.#telling = false;
      this.#listener.changed();
    });
  }
}

function decodeForeign(message: Message): InterfaceAddress | null {
  const address = decodeAddress(message);
  return address?.protocol === VIRTUAL_ADDRESS ? null : address;
}

function keyOf({ interface: index, address, prefix }: InterfaceAddress): string {
  return `${index} ${prefix} ${addressKey(address)}`;
}
