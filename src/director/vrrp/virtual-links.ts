// The macvlan interfaces of virtual MACs. One stands, down, as long as its instance is configured, and is up while that is master, so
// that the virtual MAC is at one router only.
import { deleteLink, type Link, newMacvlan, setLinkUp, withoutLinkLocal } from '../../netlink/link.ts';
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';
import type { Log } from '../log.ts';
import { VIRTUAL_LINK } from '../network/marks.ts';
import { writeSysctl } from '../system/sysctls.ts';
import type { Interfaces } from './interfaces.ts';
import { compareAddresses } from './order.ts';
import type { Requests } from './requests.ts';
import { virtualMac, virtualMacName } from './virtual-mac.ts';

interface Wanted {
  readonly name: string;
  /** Name of the interface it stands on. */
  readonly lower: string;
  readonly hardware: Uint8Array;
  /** Index of the one it was asked for on; null: not under way. */
  asked: number | null;
  /** Its own index when it was made ready, and when it was set up. */
  ready: number | null;
  raised: number | null;
  trouble: string;
}

export class VirtualLinks {
  readonly #platform: Platform;
  readonly #log: Log;
  readonly #interfaces: Interfaces;
  readonly #requests: Requests;
  readonly #wanted = new Map<string, Wanted>();

  constructor(platform: Platform, log: Log, interfaces: Interfaces, requests: Requests) {
    this.#platform = platform;
    this.#log = log;
    this.#interfaces = interfaces;
    this.#requests = requests;
  }

  /** Those of these instances are all there is from now on. */
  keep(configs: readonly VrrpInstanceConfig[]): void {
    const kept = new Set<string>();
    for (const config of configs) {
      const name = virtualMacName(config);
      if (name === null) continue;
      kept.add(name);
      const hardware = virtualMac(config.family, config.virtualRouterId);
      const known = this.#wanted.get(name);
      if (known?.lower === config.interface && compareAddresses(known.hardware, hardware) === 0) continue;
      const { interface: lower } = config;
      this.#wanted.set(name, { name, lower, hardware, asked: null, ready: null, raised: null, trouble: '' });
    }
    for (const name of [...this.#wanted.keys()]) {
      if (kept.has(name)) continue;
      this.#wanted.delete(name);
      const link = this.#interfaces.link(name);
      if (link !== null && isOurs(link)) this.#send(deleteLink(link.index));
    }
    this.refresh();
  }

  /** To be called when interfaces have changed: makes what is missing. */
  refresh(): void {
    for (const wanted of this.#wanted.values()) {
      const lower = this.#interfaces.link(wanted.lower);
      const link = this.#interfaces.link(wanted.name);
      if (lower === null) continue;
      if (link === null) this.#make(wanted, lower);
      else if (isFit(link, wanted, lower)) this.#prepare(wanted, link);
      else if (isOurs(link)) this.#send(deleteLink(link.index));
      else this.#complain(wanted, 'there is another interface of that name');
    }
  }

  /** Sets one up, unless it is up already. Its kernel index; null while it is not there. */
  raise(name: string): number | null {
    const wanted = this.#wanted.get(name);
    if (wanted === undefined || wanted.ready === null) return null;
    if (wanted.raised !== wanted.ready) {
      wanted.raised = wanted.ready;
      this.#send(setLinkUp(wanted.ready, true));
    }
    return wanted.ready;
  }

  /** Sets one down. */
  lower(name: string): void {
    const wanted = this.#wanted.get(name);
    if (wanted === undefined || wanted.raised === null) return;
    this.#send(setLinkUp(wanted.raised, false));
    wanted.raised = null;
  }

  #make(wanted: Wanted, { index }: Link): void {
    wanted.ready = null;
    wanted.raised = null;
    if (wanted.asked === index) return;
    wanted.asked = index;
    const { name, hardware } = wanted;
    const request = newMacvlan({ name, lower: index, hardware, group: VIRTUAL_LINK });
    this.#requests.send([request], ([error]) => {
      if (!error) return;
      wanted.asked = null;
      // EEXIST: the one before is not gone yet, of which there will be news.
      if (error.code !== 'EEXIST') this.#complain(wanted, error.message);
    });
  }

  /**
   * Packets come in by this interface and leave by the other. Each answers for its own addresses only, and the other asks for its
   * neighbours in its own name: else they would learn its MAC for a virtual address.
   */
  #prepare(wanted: Wanted, { index }: Link): void {
    wanted.asked = null;
    if (wanted.ready === index) return;
    wanted.ready = index;
    wanted.trouble = '';
    this.#send(withoutLinkLocal(index));
    this.#set(`${wanted.name}/arp_ignore`, 1);
    this.#set(`${wanted.name}/rp_filter`, 0);
    this.#set(`${wanted.lower}/arp_ignore`, 1);
    this.#set(`${wanted.lower}/arp_announce`, 2);
  }

  #set(path: string, value: number): void {
    try {
      writeSysctl(this.#platform, { path: `net/ipv4/conf/${path}`, value: String(value) });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#log.warn(`net/ipv4/conf/${path} stays as it is: ${error.message}`);
    }
  }

  /** What the kernel refuses here goes with the interface, or without IPv6. */
  #send(request: Uint8Array): void {
    this.#requests.send([request]);
  }

  #complain(wanted: Wanted, text: string): void {
    if (wanted.trouble === text) return;
    wanted.trouble = text;
    this.#log.error(`no virtual MAC on ${wanted.name}: ${text}`);
  }
}

function isOurs({ kind, group }: Link): boolean {
  return kind === 'macvlan' && group === VIRTUAL_LINK;
}

function isFit(link: Link, { hardware }: Wanted, lower: Link): boolean {
  return isOurs(link) && link.lower === lower.index && compareAddresses(link.hardware, hardware) === 0;
}
