// QEMU's virtual clock, which under -icount advances by a fixed time for each instruction of the guest.
import type { Qmp } from '../lab/qmp.ts';

/** Arguments that make a boot repeat to the nanosecond: 2^2 ns an instruction, waits skipped, the clock from a fixed date. */
export const icount = ['-icount', 'shift=2,sleep=off', '-rtc', 'base=2026-01-01,clock=vm'] as const;
/** The same for a board that talks to others: its clock waits for theirs where it would be ahead. */
export const paced = icount.map(word => word.replace('sleep=off', 'sleep=on'));
export const nanosecondsPerInstruction = 4;
/** That date, in seconds since 1970. */
export const base = Date.UTC(2026, 0, 1) / 1000;

/** The ACPI power management timer of the i440fx as SeaBIOS places it: 24 bits of 3.579545 MHz, counting the virtual clock. */
const PM_TIMER = '0x608';
const PM_HERTZ = 3_579_545;
const PM_WRAP = 2 ** 24 / PM_HERTZ;

interface RtcTime {
  readonly tm_hour: number;
  readonly tm_min: number;
  readonly tm_sec: number;
}

/** Seconds of virtual time since the machine was switched on, to a third of a microsecond. Valid when the machine stands still. */
export async function virtualTime(qmp: Qmp): Promise<number> {
  const printed = await qmp.human(`i /w ${PM_TIMER}`);
  const ticks = Number(/= (0x[0-9a-f]+)/.exec(printed)?.[1]);
  if (Number.isNaN(ticks)) throw new Error(`cannot read the power management timer: ${printed}`);
  const fine = (ticks & 0xffffff) / PM_HERTZ;
  // The real-time clock has whole seconds: enough to tell how often the timer has wrapped.
  const rtc = (await qmp.execute('qom-get', { path: '/machine', property: 'rtc-time' })) as RtcTime;
  const coarse = rtc.tm_hour * 3600 + rtc.tm_min * 60 + rtc.tm_sec;
  return fine + PM_WRAP * Math.max(0, Math.round((coarse + 0.5 - fine) / PM_WRAP));
}

/**
 * Seconds of virtual time when packets of an IPv4 protocol passed, from a capture of QEMU's filter-dump, which may be growing yet.
 * libpcap format, Ethernet.
 */
export function packetTimes(capture: Buffer, protocol: number): number[] {
  const times: number[] = [];
  for (let at = 24, next = 0; at + 16 <= capture.length; at = next) {
    const time = capture.readUInt32LE(at) - base + capture.readUInt32LE(at + 4) / 1e6;
    const length = capture.readUInt32LE(at + 8);
    next = at + 16 + length;
    if (next > capture.length) break;
    const packet = capture.subarray(at + 16, next);
    if (packet.length >= 34 && packet.readUInt16BE(12) === 0x0800 && packet[23] === protocol)
      times.push(time);
  }
  return times;
}
