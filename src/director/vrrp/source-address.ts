// Which address advertisements come from: the primary IP address of RFC 9568, section 1.7.
import { IFA_F_DADFAILED, IFA_F_TENTATIVE, type InterfaceAddress } from '../../netlink/address.ts';
import { parseAddress } from '../address.ts';
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';
import { compareAddresses, includesAddress } from './order.ts';

type Wishes = Pick<VrrpInstanceConfig, 'family' | 'sourceAddress' | 'tracksSourceAddress' | 'unicast'>;

/**
 * The one that is configured, or the first of its interface; null when there is none that may be used. `present`: what the
 * interface has, without our own virtual addresses. `virtual` ones count only when there is no other, as on their owner.
 */
export function sourceAddress(
  config: Wishes,
  virtual: readonly Uint8Array[],
  present: readonly InterfaceAddress[],
): Uint8Array | null {
  const usable = present.filter(({ flags }) => (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) === 0);
  const wanted = config.sourceAddress === null ? null : parseAddress(config.sourceAddress);
  if (wanted !== null) {
    const isSet = usable.some(({ address }) => compareAddresses(address, wanted) === 0);
    return isSet || !config.tracksSourceAddress ? wanted : null;
  }
  const length = config.family === 4 ? 4 : 16;
  const ofFamily = usable.map(({ address }) => address).filter(address => address.length === length);
  const candidates = config.family === 4 ? ofFamily : inScope(config, ofFamily);
  return candidates.find(each => !includesAddress(virtual, each)) ?? candidates[0] ?? null;
}

/** RFC 9568, 5.1.2.1: from a link-local address; to unicast peers further away only another one leads back. */
function inScope({ unicast }: Wishes, addresses: readonly Uint8Array[]): Uint8Array[] {
  const linkLocal = addresses.filter(isLinkLocal);
  const isFar = unicast?.peers.some(({ address }) => !isLinkLocal(parseAddress(address)!)) === true;
  if (!isFar) return linkLocal;
  return [...addresses.filter(each => !isLinkLocal(each)), ...linkLocal];
}

/** fe80::/10 */
function isLinkLocal(address: Uint8Array): boolean {
  return address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
}
