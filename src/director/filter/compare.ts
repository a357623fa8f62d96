// Compares the director's nf_tables table with what the configuration needs: what would be changed, and changing it.
import { NetlinkConnection } from '../../netlink/connection.ts';
import { isNetlinkError } from '../../netlink/errors.ts';
import {
  batchBegin,
  batchEnd,
  decodeChain,
  decodeRule,
  getChains,
  getRules,
  getTable,
} from '../../netlink/nftables/ruleset.ts';
import { NETLINK_NETFILTER } from '../../platform/linux.ts';
import { isSystemError, type Platform } from '../../platform/platform.ts';
import type { FilterSlice } from '../protocol.ts';
import { filterMessages, type KernelRuleset, planFilter } from './plan.ts';
import { desiredRuleset, type Ruleset, TABLE } from './rules.ts';

/** What would be done, in words, and how to do it. */
export interface FilterPlan {
  readonly changes: readonly string[];
  /** All or nothing. Rejects with a NetlinkError or SystemError. */
  apply(): Promise<void>;
}

/** `slice` null: no rules. Rejects with a NetlinkError, or an Error when rules are needed and the kernel has no nf_tables. */
export async function compareFilter(platform: Platform, slice: FilterSlice | null): Promise<FilterPlan> {
  const desired = desiredRuleset(slice ?? { marks: [], masquerades: [], noAccept: [] });
  const actual = await readRuleset(platform, desired);
  return {
    changes: planFilter(desired, actual),
    apply: () => apply(platform, desired),
  };
}

async function apply(platform: Platform, desired: Ruleset): Promise<void> {
  const actual = await readRuleset(platform, desired);
  if (planFilter(desired, actual).length === 0) return;
  await connected(platform, connection =>
    connection.transaction(batchBegin(), filterMessages(desired, actual !== null), batchEnd()),
  );
}

/** Null when there is no table. A kernel without nf_tables has none either, which is right as long as none is needed. */
async function readRuleset(platform: Platform, desired: Ruleset): Promise<KernelRuleset | null> {
  try {
    return await connected(platform, read);
  } catch (error) {
    if (!isNetlinkError(error, 'EINVAL', 'EOPNOTSUPP') && !isSystemError(error, 'EPROTONOSUPPORT'))
      throw error;
    if (desired.rules.length > 0) throw new Error('this kernel has no nf_tables');
    return null;
  }
}

async function read(connection: NetlinkConnection): Promise<KernelRuleset | null> {
  try {
    await connection.request(getTable(TABLE));
  } catch (error) {
    if (isNetlinkError(error, 'ENOENT')) return null;
    throw error;
  }
  return {
    chains: await connection.query(getChains(), message => decodeChain(message, TABLE)),
    rules: await connection.query(getRules(TABLE), message => decodeRule(message, TABLE)),
  };
}

async function connected<T>(
  platform: Platform,
  work: (connection: NetlinkConnection) => Promise<T>,
): Promise<T> {
  const connection = NetlinkConnection.open(platform, NETLINK_NETFILTER);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
