// Which real servers an order or a question is about, and what all orders so far come to (pure).
import type { RealServerConfig } from '../config/config.ts';
import type { Order } from '../protocol.ts';
import { afterOrder, type Moment, type Ordered } from './hold.ts';
import { namesOf } from './maintenance.ts';

/** Real servers by any of their names, in any service or in the one of this name; without either all of them. */
export interface Addressed {
  readonly server?: string;
  readonly service?: string;
}

/** A real server that orders may be about. */
interface Addressee {
  readonly service: { readonly name: string };
  readonly config: Pick<RealServerConfig, 'address' | 'port' | 'name'>;
}

export function isAddressed({ service, config }: Addressee, about: Addressed): boolean {
  if (about.service !== undefined && about.service !== service.name) return false;
  return about.server === undefined || namesOf(config).includes(about.server);
}

/** What a server is ordered by all of `orders`, of which the last counts; `ordered` is what it was before. */
export function afterOrders(
  addressee: Addressee & { readonly ordered: Ordered | null },
  orders: readonly Order[],
  moment: Moment,
): Ordered | null {
  const { ordered } = addressee;
  let result: Ordered | null = null;
  for (const order of orders) {
    if (!isAddressed(addressee, order)) continue;
    // What it is at already goes on as it is.
    const isSame = ordered !== null && ordered.kind === order.kind && ordered.at === order.at;
    result = isSame ? ordered : afterOrder(result, order, moment);
  }
  return result;
}
