// Which services and real servers a console asks about.
import type { VirtualServerConfig } from '../config/config.ts';
import { isServer } from './naming.ts';
import { resolveService } from './orders.ts';

/** What the console says. */
export interface Selection {
  /** A real server or a virtual service, whichever is called so. */
  readonly name?: string;
  readonly service?: string;
  readonly server?: string;
}

/** As the checker knows them; null: all. Throws an Error when nothing is called so. */
export function selected(
  selection: Selection | null,
  services: readonly VirtualServerConfig[],
): { readonly service?: string; readonly server?: string } | null {
  if (selection === null) return null;
  const { name, service, server } = selection;
  if (name !== undefined) {
    const isCalledSo = services.some(each => each.realServers.some(real => isServer(real, name)));
    return isCalledSo ? { server: name } : { service: resolveService(name, services) };
  }
  return {
    ...(server !== undefined && { server }),
    ...(service !== undefined && { service: resolveService(service, services) }),
  };
}
