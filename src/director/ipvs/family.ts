// The way to IPVS: a generic netlink connection and the number that the kernel gave the family.
import { NetlinkConnection } from '../../netlink/connection.ts';
import { isNetlinkError, NetlinkError } from '../../netlink/errors.ts';
import { decodeFamily, getFamily } from '../../netlink/generic.ts';
import { IPVS_FAMILY } from '../../netlink/ipvs/service.ts';
import { NETLINK_GENERIC } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';

export interface IpvsConnection {
  readonly connection: NetlinkConnection;
  readonly family: number;
}

/** Rejects with a NetlinkError, `ENOENT` when the kernel has no IPVS, or with a SystemError. */
export async function openIpvs(platform: Platform): Promise<IpvsConnection> {
  const connection = NetlinkConnection.open(platform, NETLINK_GENERIC);
  try {
    const [family] = await connection.query(getFamily(IPVS_FAMILY), decodeFamily);
    if (family === undefined) throw new NetlinkError('EBADMSG', 'family without a number');
    return { connection, family };
  } catch (error) {
    connection.close();
    if (isNetlinkError(error, 'ENOENT')) throw new NetlinkError('ENOENT', 'this kernel has no IPVS');
    throw error;
  }
}
