// The interfaces of this machine, kept current by notifications and read anew when the kernel says that some were lost.
import { NETLINK_ROUTE } from '../platform/linux.ts';
import type { Platform, Timer } from '../platform/platform.ts';
import { NetlinkConnection } from './connection.ts';
import { decodeLink, decodeLinkRemoval, getLinks, LINK_GROUP, type Link } from './link.ts';

/** Milliseconds until a dump that failed is asked for again. */
const RETRY = 1000;

export interface LinkListener {
  /** The interface is new or something about it changed. `before` is null for a new one. */
  readonly changed: (link: Link, before: Link | null) => void;
  /** The interface is gone. */
  readonly removed: (link: Link) => void;
  /** The first complete list has been read. */
  readonly ready?: () => void;
}

export class LinkMonitor {
  readonly #platform: Platform;
  readonly #listener: LinkListener;
  readonly #connection: NetlinkConnection;
  readonly #links = new Map<number, Link>();
  #ready = false;
  /** A notification came while the list was read: which of the two is older cannot be told. */
  #doubtful = false;
  #timer: Timer | null = null;

  /** Opens a socket of its own and reads all interfaces. Throws a SystemError. */
  constructor(platform: Platform, listener: LinkListener) {
    this.#platform = platform;
    this.#listener = listener;
    this.#connection = NetlinkConnection.open(platform, NETLINK_ROUTE, {
      groups: LINK_GROUP,
      onNotification: message => {
        this.#doubtful = true;
        const link = decodeLink(message);
        if (link) this.#change(link);
        const removed = decodeLinkRemoval(message);
        if (removed !== null) this.#remove(removed);
      },
      onOverrun: () => this.#read(),
    });
    this.#read();
  }

  byName(name: string): Link | null {
    for (const link of this.#links.values()) if (link.name === name) return link;
    return null;
  }

  byIndex(index: number): Link | null {
    return this.#links.get(index) ?? null;
  }

  close(): void {
    this.#timer?.cancel();
    this.#connection.close();
  }

  #read(): void {
    this.#doubtful = false;
    this.#connection.ask(getLinks(), decodeLink, (error, links) => {
      if (error?.code === 'ECANCELED') return;
      if (error) {
        this.#timer?.cancel();
        this.#timer = this.#platform.after(RETRY, () => this.#read());
        return;
      }
      if (this.#doubtful) return this.#read();
      const present = new Set(links.map(link => link.index));
      for (const index of [...this.#links.keys()]) if (!present.has(index)) this.#remove(index);
      for (const link of links) this.#change(link);
      if (!this.#ready) {
        this.#ready = true;
        this.#listener.ready?.();
      }
    });
  }

  #change(link: Link): void {
    const before = this.#links.get(link.index) ?? null;
    if (before && same(before, link)) return;
    this.#links.set(link.index, link);
    this.#listener.changed(link, before);
  }

  #remove(index: number): void {
    const link = this.#links.get(index);
    if (link === undefined) return;
    this.#links.delete(index);
    this.#listener.removed(link);
  }
}

function same(a: Link, b: Link): boolean {
  return (
    a.name === b.name &&
    a.up === b.up &&
    a.running === b.running &&
    a.carrier === b.carrier &&
    a.operState === b.operState &&
    a.mtu === b.mtu &&
    a.master === b.master &&
    a.hardware.length === b.hardware.length &&
    a.hardware.every((byte, position) => byte === b.hardware[position])
  );
}
