// The text of `director flash`: a table of devices with a sparkline each, and the forecast with its reasons.
import { duration, table } from '../console/table.ts';
import type { Forecast } from './forecast.ts';
import type { CardReport, DeviceReport, FlashReport } from './report.ts';
import type { BootDeviceReport, BootReport } from './since-boot.ts';
import { inBytes, inDays, inPercent, inRange, inThousands } from './words.ts';

const HEAD = ['DEVICE', 'SIZE', 'ACCESS', 'WINDOW', 'DAY', 'MONTH', 'READ', 'WINDOWS', 'DAYS'];

/** Devices, then cards. Sizes below WINDOW, DAY and MONTH were written in that time; READ is of the month. */
export function describeFlash({ devices, cards, notes }: FlashReport): string {
  if (devices.length === 0) return 'no disk was seen\n';
  return [
    table([HEAD, ...devices.map(deviceRow)]),
    ...cards.map(describeCard),
    ...(notes.length > 0 ? [`NOTES\n${notes.map(note => `  ${note}\n`).join('')}`] : []),
  ].join('\n');
}

function deviceRow(device: DeviceReport): string[] {
  return [
    ...describeDevice(device),
    inBytes(device.window.written),
    inBytes(device.day.written),
    inBytes(device.month.written),
    inBytes(device.month.read),
    sparkline(device.windows),
    sparkline(device.days),
  ];
}

const BOOT_HEAD = ['DEVICE', 'SIZE', 'ACCESS', 'WRITTEN', 'WRITES', 'READ'];

/** The same of one reading: everything since the kernel started is one window. */
export function describeSinceBoot({ uptime, devices, cards }: BootReport): string {
  if (devices.length === 0) return 'no disk was seen\n';
  return [
    `since the system started ${duration(uptime)} ago, one window:\n`,
    table([BOOT_HEAD, ...devices.map(bootRow)]),
    ...cards.map(describeCard),
  ].join('\n');
}

function bootRow(device: BootDeviceReport): string[] {
  const { written, writes, read } = device.sinceBoot;
  return [...describeDevice(device), inBytes(written), inThousands(writes), inBytes(read)];
}

/** The columns that every table of devices begins with. */
function describeDevice({
  name,
  disk,
  size,
  readOnly,
}: Pick<DeviceReport, 'name' | 'disk' | 'size' | 'readOnly'>): string[] {
  return [
    disk === null ? name : `  ${name}`,
    size === null ? '-' : inBytes(size),
    readOnly === null ? '-' : readOnly ? 'read-only' : 'writable',
  ];
}

/** From least to most; a serial console has no more than ASCII. */
const MARKS = '.:-=+*#%@';

/** One character a value: `_` is nothing, `?` unknown, the rest is in proportion to the largest. */
export function sparkline(values: readonly (number | null)[]): string {
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return values
    .map(value => {
      if (value === null) return '?';
      if (value === 0) return '_';
      return MARKS[Math.ceil((value / largest) * MARKS.length) - 1];
    })
    .join('');
}

function describeCard({ disk, card, forecast }: CardReport): string {
  const rows = forecastRows(forecast);
  const reasons = forecast.reasons.map((reason, at) => [at === 0 ? '  because' : '', reason]);
  return `${disk}, card ${card}\n${table([...rows, ...reasons])}`;
}

function forecastRows(forecast: Forecast): string[][] {
  switch (forecast.kind) {
    case 'alarm':
      return [['  ALARM', 'something wrote that must not']];
    case 'idle':
      return [['  lasts', 'not worn by writing']];
    case 'unobserved':
      return [['  lasts', 'unknown']];
    case 'interval': {
      const { life, used } = forecast;
      return [
        ['  lasts', inRange(life, inDays)],
        ...(used === null ? [] : [['  used', inRange(used, inPercent)]]),
      ];
    }
  }
}
