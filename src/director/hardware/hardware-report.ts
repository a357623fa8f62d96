// What `director hardware` shows, of two readings of the same machine. Pure.
import type { EthtoolValues } from '../../netlink/ethtool/settings.ts';
import type { Softnet } from './interrupts.ts';
import type { Budgets, Card, Inventory } from './inventory.ts';
import { describePci, isNeedless } from './pci.ts';

/** Packets of one card in one go, compiled into the kernel (NAPI_POLL_WEIGHT of include/linux/netdevice.h). */
const NAPI_WEIGHT = 64;

/** Sizes that are compiled into drivers, of Linux 6.1: they cannot be asked for them. */
const COMPILED_RINGS: Readonly<Record<string, Rings>> = {
  natsemi: { rx: 32, tx: 16, isFixed: true },
  'via-rhine': { rx: 64, tx: 64, isFixed: true },
  '8139cp': { rx: 64, tx: 64, isFixed: true },
};

export interface Rings {
  /** Packets; null: the driver does not tell. */
  readonly rx: number | null;
  readonly tx: number | null;
  /** They cannot be changed. */
  readonly isFixed: boolean;
}

/** Who else is on the interrupt of a card. */
export interface Sharer {
  /** Name of the interface, or what it is, its place on the bus and its driver. */
  readonly name: string;
  readonly isNetworkCard: boolean;
  /** A director can do without. */
  readonly isNeedless: boolean;
  /** A driver has it and, of a network card, it is up: it is asked with every interrupt. */
  readonly isDriven: boolean;
}

export interface CardReport extends Card {
  readonly irq: number | null;
  readonly sharers: readonly Sharer[];
  /** Null: unknown. */
  readonly rings: Rings | null;
  /** Microseconds and packets; null: unsupported by the driver, or unknown. */
  readonly coalescing: EthtoolValues | null;
  /** Received and sent, a second. */
  readonly packetsPerSecond: number;
  /** Of its interrupt, for all that are on it. */
  readonly interruptsPerSecond: number | null;
  /** Of all network cards on the interrupt; null without an interrupt in the time. */
  readonly packetsPerInterrupt: number | null;
}

export interface HardwareReport {
  /** Milliseconds between the two readings. */
  readonly observed: number;
  readonly cards: readonly CardReport[];
  readonly softnet: Softnet & { readonly squeezedPerSecond: number };
  readonly budgets: Budgets & { readonly napiWeight: number };
}

/** What a driver says to ethtool, by interface; of one without an entry it is unknown. */
export type EthtoolAnswers = ReadonlyMap<
  string,
  { readonly rings: EthtoolValues | null; readonly coalesce: EthtoolValues | null }
>;

export function reportHardware(before: Inventory, after: Inventory, ethtool: EthtoolAnswers): HardwareReport {
  const observed = Math.max(1, Math.round(after.at - before.at));
  const rate = (count: number) => Math.round(Math.max(0, count) / (observed / 1000));
  const packetsOf = (name: string) => packets(after, name) - packets(before, name);
  const cards = after.cards.map((card): CardReport => {
    const irq = irqOf(after, card);
    const sharers = irq === null ? [] : sharersOf(after, card, irq);
    const line = (inventory: Inventory) => inventory.interrupts.find(each => each.irq === irq)?.count;
    const [first, last] = [line(before), line(after)];
    const interrupts = first === undefined || last === undefined ? null : last - first;
    const onLine = [card.name, ...sharers.filter(each => each.isNetworkCard).map(({ name }) => name)];
    const together = onLine.reduce((sum, name) => sum + packetsOf(name), 0);
    const answers = ethtool.get(card.name);
    return {
      ...card,
      irq,
      sharers,
      rings: ringsOf(card, answers?.rings ?? null),
      coalescing: answers?.coalesce ?? null,
      packetsPerSecond: rate(packetsOf(card.name)),
      interruptsPerSecond: interrupts === null ? null : rate(interrupts),
      packetsPerInterrupt: interrupts ? Math.round((together / interrupts) * 10) / 10 : null,
    };
  });
  const squeezed = after.softnet.squeezed - before.softnet.squeezed;
  return {
    observed,
    cards,
    softnet: { ...after.softnet, squeezedPerSecond: rate(squeezed) },
    budgets: { ...after.budgets, napiWeight: NAPI_WEIGHT },
  };
}

function packets({ cards }: Inventory, name: string): number {
  const counters = cards.find(card => card.name === name)?.counters;
  return counters === undefined ? 0 : counters.rx_packets + counters.tx_packets;
}

/** As the drivers have asked for it; a card that is down has asked for none, and then it is that of the bus. */
function irqOf({ interrupts, devices }: Inventory, { name, place }: Card): number | null {
  const line = interrupts.find(({ users }) => users.includes(name));
  return line?.irq ?? devices.find(device => device.place === place)?.irq ?? null;
}

function sharersOf({ cards, devices, interrupts }: Inventory, card: Card, irq: number): Sharer[] {
  const places = new Map(cards.map(each => [each.place, each]));
  const onBus = devices
    .filter(device => device.irq === irq && device.place !== card.place)
    .map(device => {
      const other = places.get(device.place);
      return {
        name: other?.name ?? describePci(device),
        isNetworkCard: other !== undefined,
        isNeedless: isNeedless(device),
        isDriven: device.driver !== null && other?.isUp !== false,
      };
    });
  const known = new Set([card.name, ...onBus.map(({ name }) => name)]);
  const drivers = devices.filter(device => device.irq === irq).map(({ driver }) => driver);
  const users = interrupts.find(each => each.irq === irq)?.users ?? [];
  const elsewhere = users.filter(user => !known.has(user) && !drivers.some(each => isCalled(user, each)));
  const others = elsewhere.map(name => ({ isNetworkCard: false, isNeedless: false, isDriven: true, name }));
  return [...onBus, ...others];
}

/** A host controller asks for its interrupt as `ohci_hcd:usb1` when its driver is `ohci-pci`. */
function isCalled(user: string, driver: string | null): boolean {
  if (driver === null) return false;
  const stem = driver.split('-')[0]!;
  return user === driver || user.startsWith(`${stem}_`) || user.startsWith(`${stem}-`);
}

function ringsOf({ driver }: Card, answer: EthtoolValues | null): Rings | null {
  if (answer !== null) {
    const { rx_ring = null, tx_ring = null, rx_ring_max, tx_ring_max } = answer;
    return { rx: rx_ring, tx: tx_ring, isFixed: rx_ring === rx_ring_max && tx_ring === tx_ring_max };
  }
  return driver !== null && Object.hasOwn(COMPILED_RINGS, driver) ? COMPILED_RINGS[driver]! : null;
}
