// The virtual MAC of a group (`use_vmac`), and the interface that carries it.
import type { VrrpInstanceConfig } from '../config/vrrp-config.ts';

/** RFC 9568, 7.3 */
export function virtualMac(family: 4 | 6, virtualRouterId: number): Uint8Array {
  return Uint8Array.of(0x00, 0x00, 0x5e, 0x00, family === 4 ? 1 : 2, virtualRouterId);
}

/** Name of the interface; null without `use_vmac`. */
export function virtualMacName({
  virtualMac: vmac,
  family,
  virtualRouterId,
}: VrrpInstanceConfig): string | null {
  if (vmac === null) return null;
  return vmac.name ?? `vrrp${family === 6 ? '6' : ''}.${virtualRouterId}`;
}
