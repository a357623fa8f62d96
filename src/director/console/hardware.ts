// director hardware: network cards, their interrupts and the path of packets, with what could be better.
import type { Platform } from '../../platform/platform.ts';
import { readRunning } from '../control/running.ts';
import { adviseOnHardware } from '../hardware/advice.ts';
import {
  type CardReport,
  type EthtoolAnswers,
  type HardwareReport,
  reportHardware,
} from '../hardware/hardware-report.ts';
import { readInventory } from '../hardware/inventory.ts';
import { readEthtool, Unsupported } from '../hardware/tuning-access.ts';
import { type Command, DONE } from './command.ts';
import { table } from './table.ts';

/** Milliseconds that are observed. */
const OBSERVED = 1000;

export const hardware: Command = {
  name: 'hardware',
  usage: '',
  summary: 'shows network cards, who shares their interrupts, packets and interrupts of a second; advises',
  operands: { least: 0, most: 0 },
  async run(platform, { json, runDirectory }) {
    const before = readInventory(platform);
    const ethtool = await askDrivers(
      platform,
      before.cards.map(({ name }) => name),
    );
    await new Promise<void>(resolve => platform.after(OBSERVED, resolve));
    const report = reportHardware(before, readInventory(platform), ethtool.answers);
    const notes = ethtool.trouble === null ? [] : [ethtool.trouble];
    const advice = adviseOnHardware(report, servingOn(platform, runDirectory));
    platform.print(
      json
        ? `${JSON.stringify({ version: 1, ...report, notes, advice })}\n`
        : describeHardware(report, notes, advice),
    );
    return DONE;
  },
};

async function askDrivers(
  platform: Platform,
  names: readonly string[],
): Promise<{ readonly answers: EthtoolAnswers; readonly trouble: string | null }> {
  const answers = new Map();
  for (const name of names) {
    try {
      const rings = await readEthtool(platform, name, 'rings');
      answers.set(name, { rings, coalesce: await readEthtool(platform, name, 'coalesce') });
    } catch (error) {
      if (error instanceof Unsupported) return { answers, trouble: error.message };
      throw error;
    }
  }
  return { answers, trouble: null };
}

/** Interfaces with virtual addresses; none when no director runs here. */
function servingOn(platform: Platform, runDirectory: string): string[] {
  const instances = readRunning(platform, runDirectory)?.config.vrrpInstances ?? [];
  const all = instances.flatMap(each => each.virtualAddresses.map(address => address.interface));
  return [...new Set(all)];
}

/** The page for people. */
function describeHardware(
  { cards, softnet, budgets, observed }: HardwareReport,
  notes: readonly string[],
  advice: readonly string[],
): string {
  if (cards.length === 0) return 'there is no network card\n';
  const rows = cards.map(card => [
    card.name,
    card.driver ?? '-',
    describeLink(card),
    card.rings === null
      ? '-'
      : `${shown(card.rings.rx)}/${shown(card.rings.tx)}${card.rings.isFixed ? ' fixed' : ''}`,
    shown(card.latencyTimer),
    String(card.packetsPerSecond),
    shown(card.irq),
  ]);
  const head = ['CARD', 'DRIVER', 'LINK', 'RINGS', 'LATENCY', 'PACKETS/S', 'IRQ'];
  const path = [
    ['received', `${softnet.processed} packets, ${softnet.dropped} dropped`],
    ['squeezed', `${softnet.squeezed} times, ${softnet.squeezedPerSecond} a second`],
    [
      'in one go',
      `netdev_budget ${shown(budgets.netdevBudget)}, netdev_budget_usecs ${shown(budgets.netdevBudgetUsecs)}, dev_weight ${shown(budgets.devWeight)}, NAPI weight ${budgets.napiWeight}`,
    ],
    ['observed', `${(observed / 1000).toFixed(1)} s`],
  ];
  const wrong = cards.map(describeCounters).filter(row => row.length > 1);
  return [
    table([head, ...rows]),
    ...describeInterrupts(cards),
    table(path),
    ...(wrong.length === 0 ? [] : [`ERRORS\n${table(wrong)}`]),
    ...list('NOTES', notes),
    advice.length === 0 ? 'nothing to advise\n' : list('ADVICE', advice).join(''),
  ].join('\n');
}

/** One row for each interrupt that a network card has, whoever is on it in the last column. */
function describeInterrupts(cards: readonly CardReport[]): string[] {
  const own = cards.filter((card, index) => cards.findIndex(each => each.irq === card.irq) === index);
  const rows = own.flatMap(card => {
    if (card.irq === null) return [];
    const together = cards
      .filter(each => each.irq === card.irq)
      .map(({ name, isUp }) => (isUp ? name : `${name} (down)`));
    const others = card.sharers
      .filter(each => !each.isNetworkCard)
      .map(each => each.name + (each.isNeedless ? ', needless' : ''));
    const { interruptsPerSecond, packetsPerInterrupt } = card;
    const users = [together.join(', '), ...others].join('; ');
    return [[shown(card.irq), shown(interruptsPerSecond), shown(packetsPerInterrupt), users]];
  });
  return rows.length === 0 ? [] : [table([['IRQ', 'A SECOND', 'PACKETS EACH', 'WHO IS ON IT'], ...rows])];
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n${lines.map(line => `  ${line}\n`).join('')}`];
}

function describeLink({ hasCarrier, speed, duplex }: CardReport): string {
  if (!hasCarrier) return 'no link';
  return speed === null ? 'link' : `${speed} ${duplex ?? ''}`.trim();
}

/** Every counter of something wrong that is not 0. */
function describeCounters({ name, counters }: CardReport): string[] {
  const wrong = Object.entries(counters).filter(
    ([key, count]) => count > 0 && !/_(packets|bytes)$/.test(key),
  );
  return [`  ${name}`, ...(wrong.length === 0 ? [] : [wrong.map(([key, n]) => `${key} ${n}`).join(', ')])];
}

function shown(value: number | null): string {
  return value === null ? '-' : String(value);
}
