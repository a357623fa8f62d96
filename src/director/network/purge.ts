// Takes every virtual address off this machine: at start, at the end, and when the process that renews them is gone.
import { decodeAddress, deleteAddress, getAddresses } from '../../netlink/address.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import { isNetlinkError } from '../../netlink/errors.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import { VIRTUAL_ADDRESS } from './marks.ts';

/** Returns how many there were. Rejects with a SystemError or NetlinkError when some may be left. */
export async function purgeVirtualAddresses(platform: Platform): Promise<number> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  try {
    const addresses = await connection.query(getAddresses(), message => {
      const address = decodeAddress(message);
      return address?.protocol === VIRTUAL_ADDRESS ? address : null;
    });
    await Promise.all(
      addresses.map(async address => {
        try {
          await connection.request(deleteAddress(address));
        } catch (error) {
          // Its lifetime ended meanwhile, or its interface was removed.
          if (!isNetlinkError(error, 'EADDRNOTAVAIL', 'ENODEV')) throw error;
        }
      }),
    );
    return addresses.length;
  } finally {
    connection.close();
  }
}
