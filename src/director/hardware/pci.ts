// PCI devices as sysfs shows them (Documentation/PCI/sysfs-pci.rst), and the latency timer in their configuration space.
import { isSystemError, type Platform } from '../../platform/platform.ts';

const DEVICES = '/sys/bus/pci/devices';
/** Offset of the latency timer (PCI Local Bus 2.2, 6.1). */
const LATENCY_TIMER = 0x0d;

export interface PciDevice {
  /** Domain, bus, device, function: `0000:00:06.0`. */
  readonly place: string;
  /** The three bytes of its class code, as 0x0c0310. */
  readonly class: number;
  /** Null: it has none. */
  readonly irq: number | null;
  /** Null: no driver has it, so nothing answers its interrupts. */
  readonly driver: string | null;
  /** `1106:3053` */
  readonly id: string;
}

/** None where there is no PCI bus. */
export function listPci(platform: Platform): PciDevice[] {
  const { files } = platform;
  if (!files.exists(DEVICES)) return [];
  return files.list(DEVICES).map(place => {
    const read = (name: string) => files.readText(`${DEVICES}/${place}/${name}`).trim();
    const irq = Number(read('irq'));
    const event = parseUevent(read('uevent'));
    return {
      place,
      class: Number(read('class')),
      irq: irq > 0 && irq < 255 ? irq : null,
      driver: event.get('DRIVER') ?? null,
      id: (event.get('PCI_ID') ?? '').toLowerCase(),
    };
  });
}

/** The place of the PCI device behind a network interface; null when it is none. */
export function placeOfInterface(platform: Platform, name: string): string | null {
  try {
    const event = parseUevent(platform.files.readText(`/sys/class/net/${name}/device/uevent`));
    return event.get('PCI_SLOT_NAME') ?? null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** Names of the network interfaces that are PCI devices, in order. */
export function pciInterfaces(platform: Platform): string[] {
  const { files } = platform;
  if (!files.exists('/sys/class/net')) return [];
  return files.list('/sys/class/net').filter(name => placeOfInterface(platform, name) !== null);
}

/** PCI clocks. Throws a SystemError. */
export function readLatencyTimer(platform: Platform, place: string): number {
  const byte = new Uint8Array(1);
  const file = platform.files.open(`${DEVICES}/${place}/config`, 'read');
  try {
    file.readAt(byte, LATENCY_TIMER);
  } finally {
    file.close();
  }
  return byte[0]!;
}

/** A device takes as many of the upper bits as it has. Throws a SystemError. */
export function writeLatencyTimer(platform: Platform, place: string, clocks: number): void {
  const file = platform.files.open(`${DEVICES}/${place}/config`, 'read-write');
  try {
    file.writeAt(Uint8Array.of(clocks), LATENCY_TIMER);
  } finally {
    file.close();
  }
}

/** Null when no driver has it. Throws a SystemError when there is no such device. */
export function driverOf(platform: Platform, place: string): string | null {
  return parseUevent(platform.files.readText(`${DEVICES}/${place}/uevent`)).get('DRIVER') ?? null;
}

/** Takes the device from its driver, or gives it to `driver`. Throws a SystemError. */
export function setDriver(platform: Platform, place: string, driver: string | null): void {
  if (driver === null) platform.files.put(`${DEVICES}/${place}/driver/unbind`, place);
  else platform.files.put(`/sys/bus/pci/drivers/${driver}/bind`, place);
}

/** Base classes, and one class of two bytes, of devices that a director can do without (pci_ids.h): graphics, multimedia, encryption, USB. */
const NEEDLESS = [0x03, 0x04, 0x10];
const USB = 0x0c03;
const NETWORK = 0x02;
const STORAGE = 0x01;

export function isNetworkCard(device: PciDevice): boolean {
  return device.class >>> 16 === NETWORK;
}

/** Names of classes, the narrower ones first (pci_ids.h). */
const CLASSES: readonly (readonly [code: number, bytes: 1 | 2, name: string])[] = [
  [USB, 2, 'USB'],
  [0x0c05, 2, 'SMBus'],
  [STORAGE, 1, 'disk controller'],
  [NETWORK, 1, 'network card'],
  [0x03, 1, 'graphics'],
  [0x04, 1, 'sound'],
  [0x06, 1, 'bridge'],
  [0x07, 1, 'serial port'],
  [0x10, 1, 'encryption'],
];

/** `USB 0000:00:13.0 (ohci-pci)` */
export function describePci({ class: code, place, driver }: PciDevice): string {
  const known = CLASSES.find(([number, bytes]) => code >>> (24 - 8 * bytes) === number);
  const kind = known?.[2] ?? `device of class ${code.toString(16).padStart(6, '0')}`;
  return `${kind} ${place} (${driver ?? 'no driver'})`;
}

export function isStorage(device: PciDevice): boolean {
  return device.class >>> 16 === STORAGE;
}

/** Nobody needs it on a director: everything is in memory, and a keyboard has no place. */
export function isNeedless(device: PciDevice): boolean {
  return NEEDLESS.includes(device.class >>> 16) || device.class >>> 8 === USB;
}

/** Devices that nobody needs on the interrupt of a network card, with a driver or without: one that was taken from it stays one. */
export function needlessSharers(devices: readonly PciDevice[]): PciDevice[] {
  const lines = new Set(devices.filter(isNetworkCard).map(({ irq }) => irq));
  return devices.filter(each => each.irq !== null && lines.has(each.irq) && isNeedless(each));
}

function parseUevent(text: string): Map<string, string> {
  const pairs = text
    .trim()
    .split('\n')
    .map(line => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    });
  return new Map(pairs);
}
