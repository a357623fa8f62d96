// What could be better about network cards and their interrupts, in words, each with what to do. Pure.
import type { CardReport, HardwareReport } from './hardware-report.ts';

/** PCI clocks: with less a card gives the bus back within 32 words, an eleventh of a full packet. */
const SHORT_LATENCY = 32;

/** `servingOn`: interfaces on which the virtual addresses are. */
export function adviseOnHardware(
  { cards, softnet, budgets }: HardwareReport,
  servingOn: readonly string[],
): string[] {
  const advice = [...adviseOnSharing(cards, servingOn), ...cards.flatMap(adviseOnCard)];
  if (softnet.squeezedPerSecond > 0) {
    const { netdevBudget, netdevBudgetUsecs } = budgets;
    advice.push(
      `packets were left over ${softnet.squeezedPerSecond} times a second (netdev_budget ${netdevBudget}, netdev_budget_usecs ${netdevBudgetUsecs}): tuning { netdev_budget ... } when the processor has time left, else it is at its limit`,
    );
  }
  if (softnet.dropped > 0)
    advice.push(`${softnet.dropped} packets found no room in the queue of a driver without NAPI`);
  return advice;
}

function adviseOnSharing(cards: readonly CardReport[], servingOn: readonly string[]): string[] {
  const advice: string[] = [];
  for (const irq of new Set(cards.map(card => card.irq))) {
    const together = cards.filter(card => card.irq === irq && card.isUp);
    if (irq === null || together.length < 2) continue;
    const names = together.map(({ name }) => name).join(', ');
    advice.push(
      `${names} share interrupt ${irq}: each interrupt asks all of their drivers; leave down what is not used`,
    );
  }
  const free = cards.filter(
    ({ name, irq, sharers }) =>
      irq !== null && !servingOn.includes(name) && sharers.every(each => !each.isDriven),
  );
  const needless = new Map<string, CardReport[]>();
  for (const card of cards) {
    for (const each of card.sharers.filter(sharer => sharer.isNeedless && sharer.isDriven))
      needless.set(each.name, [...(needless.get(each.name) ?? []), card]);
  }
  for (const [name, on] of needless) {
    const names = on.map(card => card.name).join(', ');
    advice.push(`${name} is on interrupt ${on[0]?.irq} of ${names}: tuning { unbind needless }`);
  }
  for (const card of cards) {
    const isShared = card.sharers.some(each => each.isDriven && !each.isNeedless);
    if (!servingOn.includes(card.name) || !isShared || free.length === 0) continue;
    const names = free.map(({ name }) => name).join(' or ');
    advice.push(
      `${card.name} carries the virtual addresses on a shared interrupt: ${names} has one of its own`,
    );
  }
  return advice;
}

function adviseOnCard(card: CardReport): string[] {
  const { name, driver, counters, rings, latencyTimer } = card;
  const advice: string[] = [];
  const lost = counters.rx_missed_errors + counters.rx_fifo_errors + counters.rx_over_errors;
  if (lost > 0) {
    const ring =
      rings === null
        ? ''
        : `, its ring has ${rings.rx ?? '?'}${rings.isFixed ? `, the most of driver ${driver}` : ''}`;
    // PCI Express cards, and QEMU's, have no latency timer: it reads 0.
    const remedies = [
      ...(latencyTimer ? ['latency_timer'] : []),
      ...(rings?.isFixed === false ? ['rx_ring'] : []),
    ];
    const remedy = remedies.length === 0 ? '' : `: raise its ${remedies.join(' and ')}`;
    advice.push(`${name} has lost ${lost} packets that nobody took in time${ring}${remedy}`);
  }
  if (counters.rx_crc_errors + counters.rx_frame_errors > 0)
    advice.push(
      `${name} has received ${counters.rx_crc_errors + counters.rx_frame_errors} damaged packets: cable, or duplex`,
    );
  // At full duplex nothing collides: what was counted was before, or is a driver's mistake.
  if (card.duplex === 'half' || (card.duplex === null && counters.collisions > 0))
    advice.push(
      `${name} ${card.duplex === 'half' ? 'runs at half duplex' : `has had ${counters.collisions} collisions`}: let the switch negotiate too`,
    );
  if (latencyTimer !== null && latencyTimer > 0 && latencyTimer < SHORT_LATENCY)
    advice.push(`latency timer of ${name} is ${latencyTimer}: tuning { latency_timer 64 }`);
  return advice;
}
