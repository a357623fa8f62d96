// The kernel's table once it has taken every change, known without reading it again.
import type { ActualDestination, ActualTable, IpvsDestination, IpvsEntry, IpvsTable } from '../ipvs/table.ts';

/** `wanted` with the connections that were seen in `before`. */
export function asApplied(wanted: IpvsTable, before: ActualTable): ActualTable {
  const table = new Map<string, IpvsEntry<ActualDestination>>();
  for (const [id, { service, destinations }] of wanted) {
    const known = before.get(id)?.destinations;
    const live = new Map<string, ActualDestination>();
    for (const [name, destination] of destinations) live.set(name, revive(destination, known?.get(name)));
    table.set(id, { service, destinations: live });
  }
  return table;
}

function revive(destination: IpvsDestination, known: ActualDestination | undefined): ActualDestination {
  return {
    ...destination,
    activeConnections: known?.activeConnections ?? 0,
    inactiveConnections: known?.inactiveConnections ?? 0,
    connections: known?.connections ?? 0,
  };
}
