// Weights that somebody else has set in the kernel, of services that leave them as they are. Each lasts for as long as its server
// would have the weight that it had then: when a check, a ramp or the configuration says another, that one counts.
import { replaceEntries } from './desired.ts';
import type { IpvsChange } from './plan.ts';
import { destinationId, type IpvsTable, sameDestination, serviceId } from './table.ts';

/** A change of a destination in the kernel's table. */
type DestinationChange = Extract<IpvsChange, { kind: 'set destination' }>;

interface AdoptedWeight {
  readonly service: string;
  readonly destination: string;
  readonly weight: number;
  /** The one that it stands for. */
  readonly instead: number;
}

export class AdoptedWeights {
  #all: readonly AdoptedWeight[] = [];

  /** The table with these weights in it. */
  over(table: IpvsTable): IpvsTable {
    return this.#all.filter(adopted => stands(adopted, table)).reduce(withWeight, table);
  }

  /** Forgets those that stand for another weight than this table has. */
  forget(table: IpvsTable): void {
    if (this.#all.length > 0) this.#all = this.#all.filter(adopted => stands(adopted, table));
  }

  /**
   * Of the changes that would put the kernel's table right, those that are left undone because a weight is adopted. `made` is what
   * the kernel's table was made to be, `asked` the same without adopted weights.
   */
  take(changes: readonly IpvsChange[], made: IpvsTable, asked: IpvsTable): DestinationChange[] {
    const taken = changes.filter(
      (change): change is DestinationChange => change.kind === 'set destination' && isManual(change, made),
    );
    for (const { key, destination, before } of taken) {
      const service = serviceId(key);
      const id = destinationId(destination);
      const instead = asked.get(service)!.destinations.get(id)!.weight;
      const others = this.#all.filter(each => each.service !== service || each.destination !== id);
      const adopted = { service, destination: id, weight: before.weight, instead };
      this.#all = instead === before.weight ? others : [...others, adopted];
    }
    return taken;
  }
}

/** Nothing but the weight differs, and it is not our own change. */
function isManual({ key, destination, before }: DestinationChange, made: IpvsTable): boolean {
  const entry = made.get(serviceId(key));
  if (entry?.adoptsWeights !== true) return false;
  const { weight } = destination;
  return (
    entry.destinations.get(destinationId(destination))?.weight === weight &&
    sameDestination({ ...before, weight }, destination)
  );
}

function stands({ service, destination, instead }: AdoptedWeight, table: IpvsTable): boolean {
  const entry = table.get(service);
  return entry?.adoptsWeights === true && entry.destinations.get(destination)?.weight === instead;
}

function withWeight(table: IpvsTable, { service, destination, weight }: AdoptedWeight): IpvsTable {
  const entry = table.get(service)!;
  const destinations = new Map(entry.destinations);
  destinations.set(destination, { ...destinations.get(destination)!, weight });
  return replaceEntries(table, [{ ...entry, destinations }]);
}
