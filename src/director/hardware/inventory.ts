// What `director hardware` is made of: network cards, interrupts and packet path, read once.
import { isSystemError, type Platform } from '../../platform/platform.ts';
import { type InterruptLine, parseInterrupts, parseSoftnet, type Softnet } from './interrupts.ts';
import { listPci, type PciDevice, placeOfInterface, readLatencyTimer } from './pci.ts';

/** Counters of a network card (Documentation/ABI/testing/sysfs-class-net-statistics), by the names that they have there. */
const COUNTERS = [
  'rx_packets',
  'tx_packets',
  'rx_bytes',
  'tx_bytes',
  'rx_errors',
  'tx_errors',
  'rx_dropped',
  'tx_dropped',
  'rx_missed_errors',
  'rx_fifo_errors',
  'rx_over_errors',
  'rx_crc_errors',
  'rx_frame_errors',
  'tx_carrier_errors',
  'collisions',
] as const;

/** linux/if.h */
const IFF_UP = 1;

export type Counters = Readonly<Record<(typeof COUNTERS)[number], number>>;

export interface Card {
  readonly name: string;
  readonly driver: string | null;
  /** Its place on the PCI bus; null: it is on another. */
  readonly place: string | null;
  /** PCI clocks; null: it has none, or it cannot be read. */
  readonly latencyTimer: number | null;
  /** It was brought up. Drivers ask for their interrupt only then. */
  readonly isUp: boolean;
  readonly hasCarrier: boolean;
  /** Mbit/s; null without a link, or when the driver does not tell. */
  readonly speed: number | null;
  readonly duplex: 'half' | 'full' | null;
  readonly counters: Counters;
}

/** Numbers that say how much is received in one go; null: this kernel has no such setting. */
export interface Budgets {
  readonly netdevBudget: number | null;
  /** Microseconds. */
  readonly netdevBudgetUsecs: number | null;
  readonly devWeight: number | null;
}

export interface Inventory {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly cards: readonly Card[];
  readonly devices: readonly PciDevice[];
  readonly interrupts: readonly InterruptLine[];
  readonly softnet: Softnet;
  readonly budgets: Budgets;
}

export function readInventory(platform: Platform): Inventory {
  const read = (path: string) => readOr(platform, path, '');
  const devices = listPci(platform);
  const core = (name: string) => numberOf(read(`/proc/sys/net/core/${name}`));
  return {
    at: platform.clock.monotonic(),
    cards: hardwareInterfaces(platform).map(name => readCard(platform, name)),
    devices,
    interrupts: parseInterrupts(read('/proc/interrupts')),
    softnet: parseSoftnet(read('/proc/net/softnet_stat')),
    budgets: {
      netdevBudget: core('netdev_budget'),
      netdevBudgetUsecs: core('netdev_budget_usecs'),
      devWeight: core('dev_weight'),
    },
  };
}

/** Interfaces behind which there is a device; lo, VLANs and tunnels are none. */
function hardwareInterfaces({ files }: Platform): string[] {
  if (!files.exists('/sys/class/net')) return [];
  return files.list('/sys/class/net').filter(name => files.exists(`/sys/class/net/${name}/device/uevent`));
}

function readCard(platform: Platform, name: string): Card {
  const read = (file: string) => readOr(platform, `/sys/class/net/${name}/${file}`, '').trim();
  const place = placeOfInterface(platform, name);
  const speed = numberOf(read('speed'));
  const duplex = read('duplex');
  return {
    name,
    driver: /^DRIVER=(.*)$/m.exec(read('device/uevent'))?.[1] ?? null,
    place,
    latencyTimer: place === null ? null : latencyOf(platform, place),
    isUp: (Number(read('flags')) & IFF_UP) !== 0,
    hasCarrier: read('carrier') === '1',
    speed: speed !== null && speed > 0 ? speed : null,
    duplex: duplex === 'half' || duplex === 'full' ? duplex : null,
    counters: Object.fromEntries(
      COUNTERS.map(counter => [counter, numberOf(read(`statistics/${counter}`)) ?? 0]),
    ) as Counters,
  };
}

function latencyOf(platform: Platform, place: string): number | null {
  try {
    return readLatencyTimer(platform, place);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** An interface that is down has no carrier and no speed: reading them is an error. */
function readOr(platform: Platform, path: string, otherwise: string): string {
  try {
    return platform.files.readText(path);
  } catch (error) {
    if (isSystemError(error)) return otherwise;
    throw error;
  }
}

function numberOf(text: string): number | null {
  return /^-?\d+\s*$/.test(text) ? Number(text) : null;
}
