// The way to IPVS: a generic netlink connection and the number that the kernel gave the family.
import { isNetlinkError, NetlinkError } from '../../netlink/errors.ts';
import { type GenericConnection, openGeneric } from '../../netlink/generic-connection.ts';
import { IPVS_FAMILY } from '../../netlink/ipvs/service.ts';
import type { Platform } from '../../platform/platform.ts';

export type IpvsConnection = GenericConnection;

/** Rejects with a NetlinkError, `ENOENT` when the kernel has no IPVS, or with a SystemError. */
export async function openIpvs(platform: Platform): Promise<IpvsConnection> {
  try {
    return await openGeneric(platform, IPVS_FAMILY);
  } catch (error) {
    if (isNetlinkError(error, 'ENOENT')) throw new NetlinkError('ENOENT', 'this kernel has no IPVS');
    throw error;
  }
}
