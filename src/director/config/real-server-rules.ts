// Rules that a virtual server and its real servers must keep together.
import { familyOf } from '../address.ts';
import type { RealServerConfig, ServiceKey } from './config.ts';
import type { Reading } from './reading.ts';
import type { RealServerDraft } from './real-server.ts';

/** `drafts` and `servers` are the same real servers: as written, and complete. */
export function checkRealServers(
  key: ServiceKey,
  drafts: readonly RealServerDraft[],
  servers: readonly RealServerConfig[],
  reading: Reading,
): void {
  const seen = new Map<string, number>();
  const family = key.kind === 'address' ? familyOf(key.address) : key.family;
  for (let i = 0; i < servers.length; i++) {
    const server = servers[i]!;
    const { statement } = drafts[i]!;
    const name = `${server.address} ${server.port}`;
    if (seen.has(name)) {
      reading.error(statement, 0, `real server ${name.trim()} is listed twice`, 'delete one of them');
    }
    seen.set(name, i);
    if (server.forwarding !== 'TUN' && familyOf(server.address) !== family) {
      const advice = `only tunnels (TUN) lead from IPv${family} to the other family`;
      reading.error(
        statement,
        1,
        `real server ${server.address} is not IPv${family} as its virtual server`,
        advice,
      );
    }
    checkPort(key, drafts[i]!, server, reading);
    if (key.kind === 'address' && server.address === key.address) {
      const advice = 'right only if this director itself is to serve';
      reading.warning(statement, 1, 'the real server is the virtual address itself', advice);
    }
  }
}

/** DR and TUN leave packets as they are: the real server must listen on the virtual server's port. */
function checkPort(
  key: ServiceKey,
  draft: RealServerDraft,
  server: RealServerConfig,
  reading: Reading,
): void {
  if (key.kind === 'fwmark') {
    if (draft.port === 0) return;
    const advice = 'packets keep their port: delete it, and name it in the check by connect_port';
    reading.warning(draft.statement, 2, 'a port has no effect with fwmark but in checks', advice);
  } else if (server.port !== key.port && server.forwarding !== 'NAT') {
    const message = `with ${server.forwarding} the real server must have port ${key.port} as its virtual server`;
    reading.error(draft.statement, 2, message, `write ${key.port}, or lb_kind NAT to change the port`);
  }
}
