// Trees of /proc and /sys as boards have them: made by hand after what their boot messages say (the tests have no such hardware).

/** A PCI device of a tree. */
interface Device {
  readonly place: string;
  readonly class: string;
  readonly irq: number;
  readonly id: string;
  readonly driver?: string;
  /** Name of its network interface. */
  readonly name?: string;
  readonly latency?: number;
}

export type Tree = Record<string, string | Uint8Array>;

/** sysfs has the device under the bus and, by a link, under the interface. */
export function pciTree(devices: readonly Device[]): Tree {
  const tree: Tree = {};
  for (const { place, class: code, irq, id, driver, name, latency = 0x40 } of devices) {
    const config = new Uint8Array(64);
    config[0x0d] = latency;
    const uevent = `${driver === undefined ? '' : `DRIVER=${driver}\n`}PCI_CLASS=${code.slice(2).toUpperCase()}\nPCI_ID=${id}\nPCI_SLOT_NAME=${place}\n`;
    const folder = `/sys/bus/pci/devices/${place}`;
    tree[`${folder}/config`] = config;
    tree[`${folder}/class`] = `${code}\n`;
    tree[`${folder}/irq`] = `${irq}\n`;
    tree[`${folder}/uevent`] = uevent;
    if (driver !== undefined) tree[`${folder}/driver/unbind`] = '';
    if (driver !== undefined) tree[`/sys/bus/pci/drivers/${driver}/bind`] = '';
    if (name === undefined) continue;
    tree[`/sys/class/net/${name}/device/uevent`] = uevent;
    tree[`/sys/class/net/${name}/flags`] = '0x1003\n';
  }
  return tree;
}

const SIS = { class: '0x020000', id: '100B:0020', driver: 'natsemi' };

/** net4801: three network cards on one interrupt. */
export const NET4801: readonly Device[] = [
  { ...SIS, place: '0000:00:06.0', irq: 10, name: 'eth0' },
  { ...SIS, place: '0000:00:07.0', irq: 10, name: 'eth1' },
  { ...SIS, place: '0000:00:08.0', irq: 10, name: 'eth2' },
  { place: '0000:00:12.2', class: '0x010180', irq: 14, id: '100B:0502', driver: 'pata_sc1200' },
  { place: '0000:00:13.0', class: '0x0c0310', irq: 11, id: '0E11:A0F8', driver: 'ohci-pci' },
];

const RHINE = { class: '0x020000', id: '1106:3053', driver: 'via-rhine' };

/** net5501 with a lan1641: four cards of its own on interrupts of their own, two pairs behind them, one beside the AES engine. */
export const NET5501: readonly Device[] = [
  { place: '0000:00:01.2', class: '0x101000', irq: 10, id: '1022:2082', driver: 'geode-aes' },
  { ...RHINE, place: '0000:00:06.0', irq: 11, name: 'eth0' },
  { ...RHINE, place: '0000:00:07.0', irq: 5, name: 'eth1' },
  { ...RHINE, place: '0000:00:08.0', irq: 9, name: 'eth2' },
  { ...RHINE, place: '0000:00:09.0', irq: 12, name: 'eth3' },
  { ...SIS, place: '0000:00:0e.0', irq: 10, name: 'eth4' },
  { place: '0000:00:15.0', class: '0x0c0310', irq: 15, id: '1022:2094', driver: 'ohci-pci' },
];
