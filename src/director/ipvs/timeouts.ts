// `lvs_timeouts`: compares how long IPVS keeps idle connections with what the configuration says, and puts that right.
import {
  decodeTimeouts,
  getTimeouts,
  type KernelTimeouts,
  setTimeouts,
} from '../../netlink/ipvs/timeouts.ts';
import type { Platform } from '../../platform/platform.ts';
import type { IpvsTimeoutsConfig } from '../config/config.ts';
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

/** Rejects with a NetlinkError or a SystemError. */
export async function compareTimeouts(
  platform: Platform,
  wanted: IpvsTimeoutsConfig | undefined,
): Promise<TimeoutChanges> {
  if (wanted === undefined) return { changes: [], apply: async () => {} };
  const { connection, family } = await openIpvs(platform);
  try {
    const [actual] = await connection.query(getTimeouts(family), decodeTimeouts);
    return {
      changes: differences(wanted, actual),
      async apply() {
        const again = await openIpvs(platform);
        try {
          await again.connection.request(setTimeouts(again.family, wanted));
        } finally {
          again.connection.close();
        }
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
