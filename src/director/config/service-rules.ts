// Rules between virtual servers, and between them and marks.
import { familyOf } from '../address.ts';
import type { MarkConfig, ServiceKey, VirtualServerConfig } from './config.ts';
import type { Reading } from './reading.ts';
import type { Located } from './vocabulary.ts';

/** keepalived lets the same virtual server pass twice; the second one would then never answer. */
export function checkServices(services: readonly Located<VirtualServerConfig>[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { value, statement } of services) {
    const name = nameOf(value.key);
    if (seen.has(name)) {
      const advice = 'move its real servers to the first one';
      reading.error(statement, 0, `virtual server ${name} is here a second time`, advice);
    }
    seen.add(name);
  }
}

function nameOf(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark ${key.mark} for IPv${key.family}`;
  return `${key.address} ${key.port} ${key.protocol}`;
}

/** Each marked service has marked packets, and no packet would get two marks. */
export function checkMarks(
  marks: readonly Located<MarkConfig>[],
  services: readonly Located<VirtualServerConfig>[],
  reading: Reading,
): void {
  const made = new Set(marks.map(({ value }) => `${value.mark} ${familyOf(value.destination)}`));
  for (const { value, statement } of services) {
    const { key } = value;
    if (key.kind !== 'fwmark' || made.has(`${key.mark} ${key.family}`)) continue;
    const message = `no mark block makes packets of mark ${key.mark} for IPv${key.family}`;
    reading.warning(statement, 0, message, `add mark ${key.mark} { ... }, unless something else marks them`);
  }
  const byTarget = new Map<string, Located<MarkConfig>[]>();
  for (const located of marks) {
    const target = `${located.value.protocol} ${located.value.destination}`;
    const group = byTarget.get(target);
    if (group === undefined) byTarget.set(target, [located]);
    else group.push(located);
  }
  for (const group of byTarget.values()) checkOverlap(group, reading);
}

/** Marks of one destination, in the order of the text: sorted by port, neighbours show every overlap. */
function checkOverlap(group: readonly Located<MarkConfig>[], reading: Reading): void {
  const ranges = group
    .flatMap((located, order) => located.value.ports.map(({ from, to }) => ({ from, to, located, order })))
    .sort((a, b) => a.from - b.from);
  let widest = ranges[0]!;
  for (const each of ranges) {
    if (each.from <= widest.to && each.located.value.mark !== widest.located.value.mark) {
      const [first, second] = each.order < widest.order ? [each, widest] : [widest, each];
      const { destination } = second.located.value;
      const message = `port ${each.from} of ${destination} also gets mark ${first.located.value.mark}`;
      const advice = 'a packet has one mark: take the port out of one block';
      reading.error(second.located.statement, 0, message, advice);
    }
    if (each.to > widest.to) widest = each;
  }
}
