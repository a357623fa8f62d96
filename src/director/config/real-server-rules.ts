// Rules that a virtual server and its real servers must keep together.
import { familyOf } from '../address.ts';
import type { RealServerConfig, ServiceKey } from './config.ts';
import type { Reading } from './reading.ts';
import type { RealServerDraft } from './real-server.ts';
import { isLinkLocal } from './virtual-address.ts';

/** Instead of the port of a firewall mark. */
const MARKED = -1;

/** `drafts` and `servers` are the same real servers: as written, and complete. `keys` is what the virtual server answers on. */
export function checkRealServers(
  keys: readonly ServiceKey[],
  drafts: readonly RealServerDraft[],
  servers: readonly RealServerConfig[],
  reading: Reading,
): void {
  const seen = new Set<string>();
  // There may be thousands of real servers, of which few differ from the rest.
  const addresses = new Set<string>();
  const families = new Set<number>();
  const ports = new Set<number>();
  for (const key of keys) {
    families.add(key.kind === 'address' ? familyOf(key.address) : key.family);
    ports.add(key.kind === 'address' ? key.port : MARKED);
    if (key.kind === 'address') addresses.add(key.address);
  }
  for (let i = 0; i < servers.length; i++) {
    const server = servers[i]!;
    const draft = drafts[i]!;
    const { statement } = draft;
    const name = `${server.address} ${server.port}`;
    if (seen.has(name)) {
      reading.error(statement, 0, `real server ${name.trim()} is listed twice`, 'delete one of them');
    }
    seen.add(name);
    if (server.address.startsWith('fe') && isLinkLocal(server.address)) {
      const message = `real server ${server.address} is link-local`;
      reading.error(
        statement,
        1,
        message,
        'the kernel balances to no such address: write a global one of the host',
      );
    }
    if (families.size > 1 || !families.has(familyOf(server.address)))
      checkFamily(keys, draft, server, reading);
    if (ports.size > 1 || !ports.has(draft.port)) checkPort(keys, draft, server, reading);
    if (addresses.has(server.address)) {
      const advice = 'right only if this director itself is to serve';
      reading.warning(statement, 1, 'the real server is the virtual address itself', advice);
    }
  }
}

function checkFamily(
  keys: readonly ServiceKey[],
  { statement }: RealServerDraft,
  server: RealServerConfig,
  reading: Reading,
): void {
  if (server.forwarding === 'TUN') return;
  const own = familyOf(server.address);
  const other = keys.find(key => (key.kind === 'address' ? familyOf(key.address) : key.family) !== own);
  if (other === undefined) return;
  const family = own === 4 ? 6 : 4;
  const message = `real server ${server.address} is not IPv${family} as its virtual server`;
  reading.error(statement, 1, message, `only tunnels (TUN) lead from IPv${family} to the other family`);
}

/** DR and TUN leave packets as they are: the real server must listen on the virtual server's port. */
function checkPort(
  keys: readonly ServiceKey[],
  draft: RealServerDraft,
  server: RealServerConfig,
  reading: Reading,
): void {
  if (draft.port === 0) return;
  if (keys.some(key => key.kind === 'fwmark') && (server.port === 0 || server.forwarding !== 'NAT')) {
    const advice = 'packets keep their port: delete it, and name it in the check by connect_port';
    reading.warning(draft.statement, 2, 'a port has no effect with fwmark but in checks', advice);
  }
  if (server.forwarding === 'NAT') return;
  const other = keys.find(key => key.kind === 'address' && key.port !== server.port);
  if (other?.kind !== 'address') return;
  const message = `with ${server.forwarding} the real server must have port ${other.port} as its virtual server`;
  const one = `write ${other.port}, or lb_kind NAT to change the port`;
  const advice = keys.length === 1 ? one : 'delete the port: each service of the group has its own';
  reading.error(draft.statement, 2, message, advice);
}
