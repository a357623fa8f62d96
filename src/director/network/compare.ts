// Compares the machine's network with what the `interface` blocks ask: what would be changed, and changing it.
import { NetlinkConnection } from '../../netlink/connection.ts';
import { NetlinkError } from '../../netlink/errors.ts';
import { NETLINK_ROUTE } from '../../platform/linux.ts';
import type { Platform } from '../../platform/platform.ts';
import type { InterfaceConfig } from '../config/config.ts';
import { desiredNetwork } from './desired.ts';
import { networkRequest, readLinks, readNetwork } from './kernel.ts';
import { describeNetworkChange, type NetworkChange, planNetwork } from './plan.ts';
import type { ActualLink, DesiredNetwork } from './state.ts';

/** Rounds of reading and changing. One change may bring others: with an address the kernel drops the routes over it. */
const ROUNDS = 4;

/** What would be done, in words, and how to do it. */
export interface NetworkPlan {
  readonly changes: readonly string[];
  /** Rejects with an Error that names everything that could not be done; the rest is done. */
  apply(): Promise<void>;
}

/** Rejects with a SystemError or NetlinkError when the kernel cannot be asked. */
export async function compareNetwork(
  platform: Platform,
  interfaces: readonly InterfaceConfig[],
): Promise<NetworkPlan> {
  const desired = desiredNetwork(interfaces);
  const changes = await connected(platform, async connection =>
    planNetwork(desired, await readNetwork(connection)),
  );
  return {
    changes: changes.map(describeNetworkChange),
    apply: () => connected(platform, connection => apply(connection, desired)),
  };
}

async function apply(connection: NetlinkConnection, desired: DesiredNetwork): Promise<void> {
  let failures: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const actual = await readNetwork(connection);
    const changes = planNetwork(desired, actual);
    if (changes.length === 0) return;
    // What failed in one round and is all that is left will fail again.
    if (round > 0 && changes.length === failures.length) break;
    let indexes = indexesOf(actual.links);
    failures = [];
    for (const change of changes) {
      const failure = await attempt(connection, change, indexes);
      if (failure !== null) failures.push(failure);
      // What follows is about the new interface.
      else if (change.kind === 'add VLAN') indexes = indexesOf(await readLinks(connection));
    }
  }
  if (failures.length > 0) throw new Error(failures.join('; '));
}

function indexesOf(links: readonly ActualLink[]): ReadonlyMap<string, number> {
  return new Map(links.map(({ name, index }) => [name, index]));
}

/** Why the change could not be made, or null. */
async function attempt(
  connection: NetlinkConnection,
  change: NetworkChange,
  indexes: ReadonlyMap<string, number>,
): Promise<string | null> {
  try {
    const request = networkRequest(change, indexes);
    if (request === null) return describeNetworkChange(change);
    await connection.request(request);
    return null;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return `cannot ${describeNetworkChange(change)}: ${error.message}`;
  }
}

async function connected<T>(
  platform: Platform,
  work: (connection: NetlinkConnection) => Promise<T>,
): Promise<T> {
  const connection = NetlinkConnection.open(platform, NETLINK_ROUTE);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
