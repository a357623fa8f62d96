// `lvs_timeouts`: compares how long IPVS keeps idle connections with what the configuration says, and puts that right.
import {
  decodeTimeouts,
  getTimeouts,
  type KernelTimeouts,
  setTimeouts,
} from '../../netlink/ipvs/timeouts.ts';
import type { Platform } from '../../platform/platform.ts';
import type { IpvsTimeoutsConfig } from '../config/config.ts';
import { keep, readKept } from '../system/kept.ts';
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
 * What is not said any more is to be again as it was before; that is kept in the run directory. `wanted` null: nothing is to change.
 * Rejects with a NetlinkError or a SystemError.
 */
export async function compareTimeouts(
  platform: Platform,
  runDirectory: string,
  wanted: IpvsTimeoutsConfig | null,
): Promise<TimeoutChanges> {
  const path = `${runDirectory}/timeouts.json`;
  const originals = readKept<Originals>(platform, path) ?? {};
  const next = { ...originals, ...wanted };
  if (wanted === null || Object.keys(next).length === 0) return { changes: [], apply: async () => {} };
  const { connection, family } = await openIpvs(platform);
  try {
    const [actual] = await connection.query(getTimeouts(family), decodeTimeouts);
    const changes = differences(next, actual);
    return {
      changes,
      async apply() {
        keep(platform, path, { ...valuesOf(next, actual), ...originals });
        const again = await openIpvs(platform);
        try {
          await again.connection.request(setTimeouts(again.family, next));
        } finally {
          again.connection.close();
        }
        keep(platform, path, valuesOf(wanted, { ...actual, ...originals }));
      },
    };
  } finally {
    connection.close();
  }
}

/** What the kernel had of those that the configuration has changed. */
type Originals = Partial<KernelTimeouts>;

/** The values that `from` has of the timeouts in `named`. */
function valuesOf(named: Originals, from: Originals = {}): Originals {
  return Object.fromEntries(
    NAMES.flatMap(([key]) => (named[key] === undefined || from[key] === undefined ? [] : [[key, from[key]]])),
  );
}

function differences(wanted: IpvsTimeoutsConfig, actual: KernelTimeouts | undefined): string[] {
  return NAMES.filter(([key]) => wanted[key] !== undefined && wanted[key] !== actual?.[key]).map(
    ([key, name]) => `IPVS timeout ${name} = ${wanted[key]}`,
  );
}
