// Rules between virtual servers and the networks that `interface` blocks and instances describe: who can be reached, and how.
import { contains } from '../address.ts';
import type { InterfaceConfig, RealServerConfig, VirtualServerConfig } from './config.ts';
import type { Reading } from './reading.ts';
import { keysOf } from './service-rules.ts';
import type { Statement } from './tree.ts';
import { isLinkLocal } from './virtual-address.ts';
import type { Located } from './vocabulary.ts';

/** `virtualAddresses` are those of all instances, which tell of their own. Without interface blocks nothing is known of networks. */
export function checkReach(
  services: readonly Located<VirtualServerConfig>[],
  interfaces: readonly Located<InterfaceConfig>[],
  virtualAddresses: ReadonlySet<string>,
  isSynchronised: boolean,
  reading: Reading,
): void {
  const networks = interfaces.flatMap(each => each.value.addresses);
  const own = new Set(networks.map(each => each.address));
  const isRisky = virtualAddresses.size > 0 && !isSynchronised;
  const isNear = (address: string) =>
    networks.length === 0 || isLinkLocal(address) || networks.some(network => contains(network, address));
  for (const { value, statement } of services) {
    checkAddresses(value, virtualAddresses, isNear, statement, reading);
    const virtual = value.realServers.find(({ address }) => virtualAddresses.has(address));
    if (virtual !== undefined) {
      const message = `real server ${virtual.address} is a virtual address: it is whoever is master`;
      const advice = 'write the address of the host itself';
      reading.warning(placeOfServer(virtual, statement), 1, message, advice);
    }
    const far = value.realServers.find(({ forwarding, address }) => forwarding === 'DR' && !isNear(address));
    if (far !== undefined) {
      const message = `real server ${far.address} is on no interface's network: DR reaches neighbours only`;
      const advice = 'write lb_kind TUN for a server behind a router, or give an interface its network';
      reading.warning(placeOfServer(far, statement), 1, message, advice);
    }
    if (isRisky) checkLoops(value, own, statement, reading);
    const { sorryServer: sorry } = value;
    if (
      sorry !== undefined &&
      value.realServers.some(each => each.address === sorry.address && each.port === sorry.port)
    ) {
      const place = statement.block?.find(each => each.words[0] === 'sorry_server') ?? statement;
      const message = `the sorry server ${sorry.address} is one of the real servers`;
      reading.warning(place, 1, message, 'it would answer for itself: write another one, or delete it');
    }
  }
}

/** A backup that serves as a real server must not balance what the master sends it; the kernel knows by lvs_sync_daemon that it is one. */
function checkLoops(
  { realServers }: VirtualServerConfig,
  own: ReadonlySet<string>,
  statement: Statement,
  reading: Reading,
): void {
  const local = realServers.find(({ forwarding, address }) => forwarding !== 'NAT' && own.has(address));
  if (local === undefined) return;
  const message = `real server ${local.address} is this director: as a backup it would balance again what the master sends it`;
  const advice = 'add lvs_sync_daemon: with it a backup leaves the packets alone';
  reading.warning(placeOfServer(local, statement), 1, message, advice);
}

/** A virtual address that no interface's network holds is one that nobody can reach. */
function checkAddresses(
  service: VirtualServerConfig,
  virtualAddresses: ReadonlySet<string>,
  isNear: (address: string) => boolean,
  statement: Statement,
  reading: Reading,
): void {
  const lost = keysOf(service).find(
    key => key.kind === 'address' && !virtualAddresses.has(key.address) && !isNear(key.address),
  );
  if (lost?.kind !== 'address') return;
  const message = `virtual server ${lost.address} is on no interface's network`;
  const advice = 'hosts there reach it by a route only: is it or the address of the interface mistyped?';
  reading.warning(statement, 0, message, advice);
}

function placeOfServer({ address }: RealServerConfig, service: Statement): Statement {
  const isIt = ({ words }: Statement) => words[0] === 'real_server' && words[1] === address;
  return service.block?.find(isIt) ?? service;
}
