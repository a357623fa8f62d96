// What people have ordered of real servers, and not taken back: kept in the run directory, so that neither a checker process nor a
// director that is started again forgets who is in maintenance.
import type { Platform } from '../../platform/platform.ts';
import type { VirtualServerConfig } from '../config/config.ts';
import { nearest } from '../config/nearest.ts';
import { destinationId, serviceName } from '../ipvs/table.ts';
import type { Order } from '../protocol.ts';
import { keep, readKept } from '../system/kept.ts';
import { isServer, isService, namedService } from './naming.ts';

const pathIn = (runDirectory: string) => `${runDirectory}/orders.json`;

/** The answer to the console. */
export interface OrderAnswer {
  /** As `SERVER of SERVICE`; none: nobody is called so. */
  readonly servers: readonly string[];
  /** Who might have been meant, or null. */
  readonly likely: string | null;
}

export class OrderBook {
  readonly #platform: Platform;
  readonly #path: string;
  #orders: readonly Order[];

  constructor(platform: Platform, runDirectory: string) {
    this.#platform = platform;
    this.#path = pathIn(runDirectory);
    this.#orders = readKept<readonly Order[]>(platform, this.#path) ?? [];
  }

  /** Those in force, the earliest first. */
  get orders(): readonly Order[] {
    return this.#orders;
  }

  give(order: Order, services: readonly VirtualServerConfig[]): void {
    this.#become(withOrder(this.#orders, order, services));
  }

  /** Forgets what is about nobody any more. */
  prune(services: readonly VirtualServerConfig[]): void {
    this.#become(this.#orders.filter(order => serversOf(order, services).size > 0));
  }

  #become(orders: readonly Order[]): void {
    if (JSON.stringify(orders) === JSON.stringify(this.#orders)) return;
    this.#orders = orders;
    keep(this.#platform, this.#path, orders);
  }
}

/** The orders in force behind one more: given again one by one, they come to the same. */
export function withOrder(
  orders: readonly Order[],
  order: Order,
  services: readonly VirtualServerConfig[],
): readonly Order[] {
  if (order.kind === 'forgive') return orders;
  const about = serversOf(order, services);
  const left = orders.filter(each => !isWithin(serversOf(each, services), about));
  const lifts = order.kind === 'undrain' || order.kind === 'resume';
  // What takes back a part of an earlier order is kept with it.
  const isNeeded = !lifts || left.some(each => overlap(serversOf(each, services), about));
  return isNeeded ? [...left, order] : left;
}

/** The real servers that are called so, as `SERVER of SERVICE`. */
export function serversOf(
  { server: text, service }: Pick<Order, 'server' | 'service'>,
  services: readonly VirtualServerConfig[],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const config of services) {
    const name = serviceName(config);
    if (service !== undefined && service !== name) continue;
    for (const each of config.realServers) {
      if (isServer(each, text)) found.add(`${destinationId(each)} of ${name}`);
    }
  }
  return found;
}

/** The name of the one service that is called so. Throws an Error when there is none, or several. */
export function resolveService(text: string, services: readonly VirtualServerConfig[]): string {
  const all = services.map(namedService);
  const exact = all.find(({ name }) => name === text);
  if (exact !== undefined) return exact.name;
  const found = all.filter(each => isService(each, text)).map(({ name }) => name);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw new Error(`"${text}" may be ${found.join(' or ')}`);
  const likely = nearest(
    text,
    all.map(({ name }) => name),
  );
  throw new Error(
    `no virtual service is called "${text}"${likely === null ? '' : `; did you mean "${likely}"?`}`,
  );
}

/** Who might have been meant, or null. */
export function likelyServer(text: string, services: readonly VirtualServerConfig[]): string | null {
  const servers = services.flatMap(({ realServers }) => realServers);
  return nearest(text, [...new Set(servers.map(({ name, address }) => name ?? address))]);
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every(each => whole.has(each));
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some(each => other.has(each));
}
