// Which devices may be overwritten: /sys and /proc are folders made for the test.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Device, describeDevice, deviceText, refusals } from '../../scripts/flashing/device.ts';

const IMAGE = 60 << 20;
const CARD_SECTORS = 125_440;

interface Made {
  readonly removable?: boolean;
  readonly sectors?: number;
  /** Lines of mountinfo: device number and place. */
  readonly mounts?: readonly (readonly [string, string])[];
  readonly swap?: string;
  /** What lies upon the second partition. */
  readonly holder?: string;
}

/** A machine with one disk, sdb (8:16), and two partitions on it. */
function machine(t: ExecutionContext, made: Made): { sys: string; proc: string } {
  const top = mkdtempSync(join(tmpdir(), 'sys-'));
  t.teardown(() => rmSync(top, { recursive: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  };
  const disk = 'sys/devices/pci0/usb1/1-1/block/sdb';
  put(`${disk}/dev`, '8:16\n');
  put(`${disk}/size`, `${made.sectors ?? CARD_SECTORS}\n`);
  put(`${disk}/removable`, made.removable === false ? '0\n' : '1\n');
  put(`${disk}/device/vendor`, 'Generic \n');
  put(`${disk}/device/model`, 'CF Reader\n');
  mkdirSync(join(top, disk, 'holders'));
  for (const [name, number] of [
    ['sdb1', '8:17'],
    ['sdb2', '8:18'],
  ] as const) {
    put(`${disk}/${name}/partition`, name.slice(3));
    put(`${disk}/${name}/dev`, `${number}\n`);
    put(`${disk}/${name}/size`, '8192\n');
    mkdirSync(join(top, disk, name, 'holders'));
  }
  if (made.holder) put(`${disk}/sdb2/holders/${made.holder}`, '');
  mkdirSync(join(top, 'sys/dev/block'), { recursive: true });
  mkdirSync(join(top, 'sys/class/block'), { recursive: true });
  for (const [number, path] of [
    ['8:16', disk],
    ['8:17', `${disk}/sdb1`],
    ['8:18', `${disk}/sdb2`],
  ] as const) {
    symlinkSync(join(top, path), join(top, 'sys/dev/block', number));
    symlinkSync(join(top, path), join(top, 'sys/class/block', path.split('/').at(-1)!));
  }
  const mounts = (made.mounts ?? []).map(
    ([number, place], index) => `${index} 1 ${number} / ${place} rw - vfat /dev/x rw\n`,
  );
  put('proc/self/mountinfo', `20 1 0:21 / /proc rw - proc proc rw\n${mounts.join('')}`);
  put(
    'proc/swaps',
    `Filename Type Size Used Priority\n${made.swap ? `/dev/${made.swap} partition 1 0 -2\n` : ''}`,
  );
  return { sys: join(top, 'sys'), proc: join(top, 'proc') };
}

function reasons(device: Device, fixed = false): string {
  return refusals(device, IMAGE, fixed).join('; ');
}

test('a card in a reader that nobody uses may be written', t => {
  const device = describeDevice(machine(t, {}), '8:16');
  t.is(reasons(device), '');
  t.is(device.model, 'Generic CF Reader');
  t.is(device.bus, 'USB');
  t.deepEqual(
    device.partitions.map(part => part.name),
    ['sdb1', 'sdb2'],
  );
  t.regex(deviceText(device), /^sdb: Generic CF Reader, 64\.2 MB \(64225280 bytes\), USB, removable disk\n/);
});

test('a partition is refused', t => {
  const device = describeDevice(machine(t, {}), '8:17');
  t.regex(reasons(device), /sdb1 is a partition; name the whole disk/);
});

test('a disk with a mounted partition is refused, with the place', t => {
  const device = describeDevice(machine(t, { mounts: [['8:18', '/media/card']] }), '8:16');
  t.is(reasons(device), 'sdb2 is in use: /media/card');
});

test('a disk mounted as a whole is refused', t => {
  const device = describeDevice(machine(t, { mounts: [['8:16', '/mnt']] }), '8:16');
  t.is(reasons(device), 'sdb is in use: /mnt');
});

test('the system disk is refused by that name', t => {
  const device = describeDevice(machine(t, { mounts: [['8:17', '/']] }), '8:16');
  t.regex(reasons(device, true), /sdb is the disk this system runs from/);
});

test('swap is a use', t => {
  const device = describeDevice(machine(t, { swap: 'sdb1' }), '8:16');
  t.is(reasons(device), 'sdb1 is in use: swap');
});

test('a disk that carries a mapped or raid device is refused', t => {
  const device = describeDevice(machine(t, { holder: 'dm-0' }), '8:16');
  t.is(reasons(device), 'sdb2 carries dm-0');
});

test('a disk over 64 GB is refused', t => {
  const device = describeDevice(machine(t, { sectors: 250_000_000 }), '8:16');
  t.regex(reasons(device), /128\.0 GB is too large for a card/);
});

test('a card that is too small is refused with both sizes', t => {
  const device = describeDevice(machine(t, { sectors: 62_720 }), '8:16');
  t.is(reasons(device), 'the card holds 32112640 bytes, the image needs 62914560');
});

test('a fixed disk needs --fixed', t => {
  const device = describeDevice(machine(t, { removable: false }), '8:16');
  t.regex(reasons(device), /sdb is not removable; if it is a card in a fixed adapter, say --fixed/);
  t.is(reasons(device, true), '');
});
