// Kernel settings (/proc/sys) that a configuration needs: what they are, and putting them right.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';

export interface Sysctl {
  /** Below /proc/sys. */
  readonly path: string;
  readonly value: string;
}

/**
 * The settings (Documentation/networking/ip-sysctl.rst). `net.ipv4.vs.conntrack` stays 0: translated connections of IPVS leave
 * the masquerade rules alone without it, and connection tracking would cost a good part of the packet rate.
 */
export function neededSysctls(config: Config): Sysctl[] {
  const needed: Sysctl[] = [];
  const set = (path: string, value: number | string) => needed.push({ path, value: String(value) });
  if (forwards(config, isIpv4)) set('net/ipv4/ip_forward', 1);
  if (forwards(config, isIpv6)) set('net/ipv6/conf/all/forwarding', 1);
  if (config.virtualServers.length > 0 || config.vrrpInstances.length > 0) {
    // On one network a redirect would send the client, or the real server, around the director; whoever uses a virtual address
    // must not learn a router's own (RFC 9568 section 8.1.1). Either of `all` and the interface's own setting turns them on.
    for (const name of ['all', 'default', ...interfaceNames(config)]) {
      set(`net/ipv4/conf/${name}/send_redirects`, 0);
    }
  }
  // A virtual address in the network of the board's own one must survive when that one is changed.
  if (config.vrrpInstances.length > 0) set('net/ipv4/conf/all/promote_secondaries', 1);
  const serves = isRealServer(config);
  // Two directors that both serve would else balance each other's packets, which go to and fro for ever.
  if (config.vrrp.syncDaemon !== null) set('net/ipv4/vs/backup_only', serves ? 1 : 0);
  if (serves) {
    // As for every real server by DR or TUN: it has the virtual address on lo, and must not answer for it.
    set('net/ipv4/conf/all/arp_ignore', 1);
    set('net/ipv4/conf/all/arp_announce', 2);
  }
  return needed;
}

const isIpv4 = (address: string) => !address.includes(':');
const isIpv6 = (address: string) => address.includes(':');

function forwards(config: Config, family: (address: string) => boolean): boolean {
  const servers = config.virtualServers.flatMap(({ realServers, sorryServer }) => [
    ...realServers,
    ...(sorryServer ? [sorryServer] : []),
  ]);
  return (
    servers.some(({ forwarding, address }) => forwarding === 'NAT' && family(address)) ||
    config.masquerades.some(({ source }) => family(source.address))
  );
}

/** True when the director is one of its own real servers and answers clients itself. */
function isRealServer({ interfaces, virtualServers }: Config): boolean {
  const own = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  return virtualServers.some(({ realServers }) =>
    realServers.some(({ address, forwarding }) => forwarding !== 'NAT' && own.has(address)),
  );
}

function interfaceNames(config: Config): string[] {
  const names = [
    ...config.interfaces.map(({ name }) => name),
    ...config.vrrpInstances.flatMap(instance => [
      instance.interface,
      ...instance.virtualAddresses.map(address => address.interface),
    ]),
    ...config.masquerades.map(({ outInterface }) => outInterface),
  ];
  return [...new Set(names)];
}

/** Those whose value in the kernel is another. One that this kernel lacks is left out: `missing` tells its path. */
export function differingSysctls(
  platform: Platform,
  needed: readonly Sysctl[],
  missing: (path: string) => void,
): Sysctl[] {
  return needed.filter(({ path, value }) => {
    try {
      return platform.files.readText(`/proc/sys/${path}`).trim() !== value;
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      missing(path);
      return false;
    }
  });
}

/** Throws a SystemError. */
export function writeSysctl(platform: Platform, { path, value }: Sysctl): void {
  platform.files.put(`/proc/sys/${path}`, value);
}
