// What was written since the kernel started, by one reading of its counters: one window, however long it is.
import { isMemory } from './counters.ts';
import type { Reading } from './difference.ts';
import { type History, newHistory } from './history.ts';
import { type Amounts, type DeviceReport, type FlashReport, type Knowledge, reportFlash } from './report.ts';

export interface BootDeviceReport extends Pick<DeviceReport, 'name' | 'disk' | 'size' | 'readOnly'> {
  readonly sinceBoot: Amounts;
}

export interface BootReport extends Pick<FlashReport, 'cards'> {
  /** Of this start of the system; null when the kernel does not tell. */
  readonly boot: string | null;
  /** Milliseconds since then. */
  readonly uptime: number;
  readonly devices: readonly BootDeviceReport[];
}

/** The report on one reading, with everything since the start in one window that is not divided: there is nothing to divide it by. */
export function reportSinceBoot(
  { boot, uptime, devices }: Reading & { readonly uptime: number },
  knowledge: Knowledge,
): BootReport {
  const histories = new Map<string, History>();
  for (const { name, counters } of devices) {
    if (isMemory(name)) continue;
    const { sectorsRead, writes, sectorsWritten } = counters;
    const history = newHistory(0);
    histories.set(name, {
      ...history,
      open: {
        ...history.open,
        observed: uptime,
        sectorsRead,
        writes,
        sectorsWritten,
        bursts: sectorsWritten > 0 ? 1 : 0,
        readings: 1,
      },
    });
  }
  const report = reportFlash({ histories }, knowledge);
  return {
    boot,
    uptime,
    devices: report.devices.map(({ name, disk, size, readOnly, month }) => {
      return { name, disk, size, readOnly, sinceBoot: month };
    }),
    cards: report.cards,
  };
}
