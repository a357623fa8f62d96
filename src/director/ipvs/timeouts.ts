// `lvs_timeouts`: compares how long IPVS keeps idle connections with what the configuration says, and puts that right.
import {
  decodeTimeouts,
  getTimeouts,
  type KernelTimeouts,
  setTimeouts,
} from '../../netlink/ipvs/timeouts.ts';
import type { Platform } from '../../platform/platform.ts';
import type { IpvsTimeoutsConfig } from '../config/config.ts';
import { forget, keep, readKept } from '../system/kept.ts';
import { openIpvs } from './family.ts';

const NAMES: readonly (readonly [keyof KernelTimeouts, string])[] = [
  ['tcp', 'tcp'],
  ['tcpFin', 'tcpfin'],
  ['udp', 'udp'],
];

export interface TimeoutChanges {
  /** `IPVS timeout tcp = 300` */
  readonly changes: readonly string[];
  apply(): Promise<void>;
}

/**
 * What is not said any more is to be again as it was before the first change; that is kept in the run directory. `wanted` null: nothing
 * is to change. Rejects with a NetlinkError or a SystemError.
 */
export async function compareTimeouts(
  platform: Platform,
  runDirectory: string,
  wanted: IpvsTimeoutsConfig | null,
): Promise<TimeoutChanges> {
  const path = `${runDirectory}/timeouts.json`;
  const before = readKept<KernelTimeouts>(platform, path);
  const isUnsaid = wanted === null || Object.keys(wanted).length === 0;
  if (wanted === null || (isUnsaid && before === null)) return { changes: [], apply: async () => {} };
  const next = { ...before, ...wanted };
  const { connection, family } = await openIpvs(platform);
  try {
    const [actual] = await connection.query(getTimeouts(family), decodeTimeouts);
    const changes = differences(next, actual);
    if (changes.length === 0 && isUnsaid) forget(platform, path);
    return {
      changes,
      async apply() {
        if (before === null && actual !== undefined) keep(platform, path, actual);
        const again = await openIpvs(platform);
        try {
          await again.connection.request(setTimeouts(again.family, next));
        } finally {
          again.connection.close();
        }
        if (isUnsaid) forget(platform, path);
      },
    };
  } finally {
    connection.close();
  }
}

function differences(wanted: IpvsTimeoutsConfig, actual: KernelTimeouts | undefined): string[] {
  return NAMES.filter(([key]) => wanted[key] !== undefined && wanted[key] !== actual?.[key]).map(
    ([key, name]) => `IPVS timeout ${name} = ${wanted[key]}`,
  );
}
