// A generic netlink connection and the number that the kernel gave a family.
import { NETLINK_GENERIC } from '../platform/linux.ts';
import type { Platform } from '../platform/platform.ts';
import { NetlinkConnection } from './connection.ts';
import { NetlinkError } from './errors.ts';
import { decodeFamily, getFamily } from './generic.ts';

export interface GenericConnection {
  readonly connection: NetlinkConnection;
  readonly family: number;
}

/** Rejects with a NetlinkError, `ENOENT` when the kernel has no such family, or with a SystemError. */
export async function openGeneric(platform: Platform, name: string): Promise<GenericConnection> {
  const connection = NetlinkConnection.open(platform, NETLINK_GENERIC);
  try {
    const [family] = await connection.query(getFamily(name), decodeFamily);
    if (family === undefined) throw new NetlinkError('EBADMSG', 'family without a number');
    return { connection, family };
  } catch (error) {
    connection.close();
    throw error;
  }
}
