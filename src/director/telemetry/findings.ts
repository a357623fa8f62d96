// What is found at a look and may have to be told, in words. Pure.
import { type BudgetEvent, type BudgetState, describeBudget, LEVELS } from '../flash/budget.ts';
import { isMemory } from '../flash/counters.ts';
import { describeEvent, type MonitorEvent } from '../flash/monitor.ts';
import { inBytes } from '../flash/words.ts';
import type { CardEvent } from '../protocol.ts';
import { describeWriter, type Writer } from './writers.ts';

/** `key`: findings of one key are about the same. */
export type Finding = Pick<CardEvent, 'kind' | 'device' | 'reason'> & { readonly key: string };

/** What the counters say, with those who wrote meanwhile. */
export function findingOf(event: MonitorEvent, writers: readonly Writer[]): Finding {
  const device = event.type === 'rebooted' ? null : event.name;
  if (event.type !== 'forbidden write') {
    return { kind: 'device', device, reason: describeEvent(event), key: `${event.type} ${device}` };
  }
  const those = writers.filter(writer => writer.device === null || isOn(writer.device, event.name));
  const who = those.length === 0 ? 'a process that has ended' : those.map(describeWriter).join(', ');
  const names = those.map(({ name }) => name).join();
  return {
    kind: 'alarm',
    device,
    reason: `${describeEvent(event)}: by ${who}`,
    key: `written ${device} ${names}`,
  };
}

/** What was written to a partition was written to its disk, and the other way round. */
function isOn(device: string, name: string): boolean {
  return device.startsWith(name) || name.startsWith(device);
}

/** Those that write to what is read-only, and of whose writes nothing has reached it: the kernel has refused them. */
export function attempts(
  writers: readonly Writer[],
  guarded: ReadonlySet<string>,
  written: ReadonlyMap<string, unknown>,
): Finding[] {
  return writers.flatMap(writer => {
    const { device, bytes } = writer;
    if (device === null || isMemory(device) || !guarded.has(device) || written.has(device)) return [];
    const reason = `${describeWriter(writer)} tries to write ${inBytes(bytes)}, and nothing has reached the card`;
    return [{ kind: 'alarm' as const, device, reason, key: `attempt ${device} ${writer.name}` }];
  });
}

/** A device of the director's card that can be written to although nothing was announced. */
export function exposure(device: string): Finding {
  return { kind: 'alarm', device, reason: describeExposure(device), key: `exposed ${device}` };
}

/** `sda4 can be written to, and nothing was announced`. */
export function describeExposure(device: string): string {
  return `${device} can be written to, and nothing was announced`;
}

export function budgetFinding(event: BudgetEvent, state: BudgetState, device: string): Finding {
  if (event.type === 'renewed') {
    const reason = `a new day, ${inBytes(event.spentBefore)} were written on the one before`;
    return { kind: 'budget', device, reason, key: `budget of day ${state.day}` };
  }
  const { level } = event;
  const isSpent = level === LEVELS.at(-1);
  const reason = `${isSpent ? 'the flash budget is spent' : `${level} % of the flash budget`}: ${describeBudget(state)}`;
  return { kind: isSpent ? 'alarm' : 'budget', device, reason, key: `budget ${level} of day ${state.day}` };
}
