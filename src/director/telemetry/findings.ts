// What is found at a look and may have to be told, in words. Pure.
import { type BudgetEvent, type BudgetState, describeBudget, LEVELS } from '../flash/budget.ts';
import type { ForbiddenWrite } from '../flash/forecast.ts';
import { describeEvent, type MonitorEvent } from '../flash/monitor.ts';
import { inBytes, plural } from '../flash/words.ts';
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
  const those = new Map(
    writers
      .filter(writer => writer.device === null || isOn(writer.device, event.name))
      .map(writer => [writer.pid, writer] as const),
  );
  // Who has a file open there is more likely to have written to it than who has none.
  const open = [...those.values()].filter(writer => writer.device !== null);
  const shown = open.length > 0 ? open : [...those.values()];
  const who = shown.length === 0 ? 'a process that has ended' : shown.map(describeWriter).join(', ');
  const names = shown.map(({ name }) => name).join();
  return {
    kind: 'alarm',
    device,
    reason: `${describeForbidden(event)}, by ${who}`,
    key: `written ${device} ${names}`,
  };
}

/** `16 sectors written to sda4, which were not announced`. */
export function describeForbidden({ name, sectors }: ForbiddenWrite): string {
  return `${plural(sectors, 'sector')} written to ${name}, which ${sectors === 1 ? 'was' : 'were'} not announced`;
}

/** What was written to a partition was written to its disk, and the other way round. */
function isOn(device: string, name: string): boolean {
  return device.startsWith(name) || name.startsWith(device);
}

/** Those that write to what nothing may write to, before any of it has reached the disk: the kernel may refuse it. */
export function attempts(writers: readonly Writer[]): Finding[] {
  return writers.map(writer => {
    const { device, name, bytes } = writer;
    const reason = `${describeWriter(writer)} writes ${inBytes(bytes)} to ${device}, of which nothing has reached the card so far`;
    return { kind: 'alarm', device, reason, key: `attempt ${device} ${name}` };
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
