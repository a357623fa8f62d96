// Times as people write them on a command line.
import { UsageError } from './arguments.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90`, `90s`, `10m`, `2h`, `1d` in milliseconds; `never` is null. Throws a UsageError. */
export function parseTime(text: string): number | null {
  if (text === 'never') return null;
  const [, digits, unit = 's'] = /^(\d{1,7})([smhd]?)$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`"${text}" is no time: write 90s, 10m, 2h or never`);
  return Number(digits) * (UNITS[unit || 's'] ?? 0);
}
