// Voltages against the limits of `thermal { voltage }`: a supply that sags is the end of a board, or of the card that is being written. Pure.
import type { VoltageConfig } from '../config/config.ts';
import type { Sensor } from './sensors.ts';

/** Readings in a row that were outside, by the sensor's name. */
export type Outside = ReadonlyMap<string, number>;

/** One reading may be a slip of the bus: so many are none. */
const ENOUGH = 3;

/** What another reading makes of it. A sensor that says nothing stays what it was. */
export function afterVoltages(
  outside: Outside,
  sensors: readonly Sensor[],
  limits: readonly VoltageConfig[],
): Outside {
  const next = new Map<string, number>();
  for (const { name, least, most } of limits) {
    const value = sensors.find(each => each.name === name)?.value ?? null;
    const before = outside.get(name) ?? 0;
    const isOutside = value === null ? before > 0 : value < (least ?? value) || value > (most ?? value);
    if (isOutside) next.set(name, value === null ? before : before + 1);
  }
  return next;
}

/** Those that are outside, not by one slip. */
export function outsideOf(outside: Outside, limits: readonly VoltageConfig[]): readonly VoltageConfig[] {
  return limits.filter(({ name }) => (outside.get(name) ?? 0) >= ENOUGH);
}

/** In words. */
export function describeVoltage(limits: VoltageConfig): string {
  return `${limits.name} is ${describeLimits(limits)}`;
}

/** `not within 3.1 to 3.5 V`, `below 3.1 V`, `above 3.5 V`. */
export function describeLimits({ least, most }: VoltageConfig): string {
  if (most === null) return `below ${least} V`;
  return least === null ? `above ${most} V` : `not within ${least} to ${most} V`;
}
