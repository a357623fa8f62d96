// The kernel's table over netlink: reading it, and carrying out changes in bounded steps.
import type { NetlinkConnection } from '../../netlink/connection.ts';
import type { NetlinkError } from '../../netlink/errors.ts';
import {
  decodeDestination,
  deleteDestination,
  getDestinations,
  newDestination,
  setDestination,
} from '../../netlink/ipvs/destination.ts';
import {
  decodeService,
  deleteService,
  getServices,
  type KernelServiceKey,
  newService,
  setService,
} from '../../netlink/ipvs/service.ts';
import type { Message } from '../../netlink/reader.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServiceKey } from '../config/config.ts';
import { openIpvs } from './family.ts';
import type { IpvsChange } from './plan.ts';
import {
  destinationFromKernel,
  destinationToKernel,
  keyToKernel,
  serviceFromKernel,
  serviceToKernel,
} from './records.ts';
import { type ActualDestination, type ActualTable, type IpvsService, serviceId, tableOf } from './table.ts';

/** Changes on their way to the kernel at once; the process does other things between two steps. */
const STEP = 64;

/** A change that the kernel refused. */
export interface Refusal {
  readonly change: IpvsChange;
  readonly error: NetlinkError;
}

export class KernelTable {
  readonly #connection: NetlinkConnection;
  readonly #family: number;
  #lastKey: { readonly key: ServiceKey; readonly kernel: KernelServiceKey } | null = null;

  /** Rejects with a NetlinkError, `ENOENT` when the kernel has no IPVS, or with a SystemError. */
  static async open(platform: Platform): Promise<KernelTable> {
    const { connection, family } = await openIpvs(platform);
    return new KernelTable(connection, family);
  }

  private constructor(connection: NetlinkConnection, family: number) {
    this.#connection = connection;
    this.#family = family;
  }

  close(): void {
    this.#connection.close();
  }

  /** Everything, one service after the other. Rejects with a NetlinkError. */
  async read(): Promise<ActualTable> {
    const entries: { service: IpvsService; destinations: ActualDestination[] }[] = [];
    for (const service of await this.readServices()) {
      entries.push({ service, destinations: await this.readDestinations(service.key) });
    }
    return tableOf(entries);
  }

  readServices(): Promise<IpvsService[]> {
    return this.#connection.query(getServices(this.#family), message => {
      const service = decodeService(message);
      return service && serviceFromKernel(service);
    });
  }

  /** None when there is no such service. */
  readDestinations(key: ServiceKey): Promise<ActualDestination[]> {
    const decode = (message: Message) => {
      const destination = decodeDestination(message);
      return destination && destinationFromKernel(destination);
    };
    return this.#connection.query(getDestinations(this.#family, keyToKernel(key)), decode);
  }

  /** Carries the changes out in their order and goes on behind one that is refused. Returns the refusals. */
  async apply(changes: readonly IpvsChange[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    for (let start = 0; start < changes.length; start += STEP) {
      const step = changes.slice(start, start + STEP);
      const results = await this.#connection.series(step.map(change => this.#message(change)));
      results.forEach((error, position) => {
        if (error !== null) refusals.push({ change: step[position]!, error });
      });
    }
    return withoutConsequences(refusals);
  }

  /** The key in the kernel's terms; changes to one service come one after the other, so that the last one is mostly the same. */
  #key(key: ServiceKey): KernelServiceKey {
    if (this.#lastKey?.key !== key) this.#lastKey = { key, kernel: keyToKernel(key) };
    return this.#lastKey.kernel;
  }

  #message(change: IpvsChange): Uint8Array {
    const family = this.#family;
    switch (change.kind) {
      case 'add service':
        return newService(family, serviceToKernel(change.service));
      case 'set service':
        return setService(family, serviceToKernel(change.service));
      case 'delete service':
        return deleteService(family, keyToKernel(change.service.key));
      case 'add destination':
        return newDestination(family, this.#key(change.key), destinationToKernel(change.destination));
      case 'set destination':
        return setDestination(family, this.#key(change.key), destinationToKernel(change.destination));
      case 'delete destination':
        return deleteDestination(family, this.#key(change.key), destinationToKernel(change.destination));
    }
  }
}

/** Where a service was refused, what is said about its destinations adds nothing. */
function withoutConsequences(refusals: readonly Refusal[]): Refusal[] {
  const refused = new Set<string>();
  for (const { change } of refusals) {
    if (change.kind === 'add service') refused.add(serviceId(change.service.key));
  }
  return refusals.filter(({ change }) => !('key' in change) || !refused.has(serviceId(change.key)));
}
