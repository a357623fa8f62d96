// Takes everything virtual off this machine: at start, at the end, and when the process that renews it is gone.
import { decodeAddress, deleteAddress, getAddresses } from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { isNetlinkError, type NetlinkError } from '../../netlink/errors.ts';
import { decodeLink, deleteLink, getLinks } from '../../netlink/link.ts';
import type { Message } from '../../netlink/reader.ts';
import { getRoutes, routeRemoval } from '../../netlink/route.ts';
import { getRules, ruleRemoval } from '../../netlink/rule.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { VIRTUAL_ADDRESS, VIRTUAL_LINK, VIRTUAL_ROUTE } from './marks.ts';

/** Removals in one message to the kernel. */
const SERIES = 64;

/** What the kernel says of something that is gone already: by its lifetime, with its address or its interface. */
const GONE = ['EADDRNOTAVAIL', 'ENODEV', 'ESRCH', 'ENOENT'];

/**
 * Removes every rule, route, address and macvlan interface that carries a mark of virtual ones. Returns how many addresses there
 * were. Rejects with a SystemError or NetlinkError when something may be left.
 */
export async function purgeVirtual(platform: Platform): Promise<number> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  try {
    // The addresses first: they are what two machines must not answer for. With them go routes that have one as their source.
    const addresses = await purge(connection, getAddresses(), addressRemoval);
    for (const family of [4, 6] as const) {
      await purge(connection, getRules(family), message => ruleRemoval(message, VIRTUAL_ROUTE));
      await purge(connection, getRoutes(family), message => routeRemoval(message, VIRTUAL_ROUTE));
    }
    await purge(connection, getLinks(), linkRemoval);
    return addresses;
  } finally {
    connection.close();
  }
}

async function purge(
  connection: NetlinkConnection,
  dump: Uint8Array,
  removal: (message: Message) => Uint8Array | null,
): Promise<number> {
  const removals = await connection.query(dump, removal).catch((error: unknown) => {
    // A kernel without IPv6, or without rules.
    if (isNetlinkError(error, 'EAFNOSUPPORT', 'EOPNOTSUPP')) return [];
    throw error;
  });
  let failure: NetlinkError | null = null;
  for (let at = 0; at < removals.length; at += SERIES) {
    for (const error of await connection.series(removals.slice(at, at + SERIES))) {
      if (error !== null && !GONE.includes(error.code)) failure ??= error;
    }
  }
  if (failure !== null) throw failure;
  return removals.length;
}

function addressRemoval(message: Message): Uint8Array | null {
  const address = decodeAddress(message);
  return address?.protocol === VIRTUAL_ADDRESS ? deleteAddress(address) : null;
}

function linkRemoval(message: Message): Uint8Array | null {
  const link = decodeLink(message);
  return link?.group === VIRTUAL_LINK && link.kind === 'macvlan' ? deleteLink(link.index) : null;
}
