// `linkbeat_interfaces { }` and `interface_up_down_delays { }`: what is believed of the state of interfaces, and how soon.
import type { Globals } from './global.ts';
import { placeOf, type Reading } from './reading.ts';
import { choice, interfaceName, seconds } from './types.ts';
import { type Located, lines } from './vocabulary.ts';
import type { InterfaceDelayConfig, VrrpInstanceConfig } from './vrrp-config.ts';

/** keepalived's longest. */
const LONGEST_DELAY = 255;

/** How keepalived may ask a PHY; here it is asked by MII. */
const linkbeatType = choice(['MII', 'ETHTOOL', 'IOCTL']);

export const linkbeatInterfaces = lines({
  usage: '{ INTERFACE ... }',
  help: 'Interfaces whose cable is looked for in the registers of the hardware, for drivers that do not tell.',
  example: 'linkbeat_interfaces { eth1 }',
  readLine(line, reading): string | undefined {
    const name = interfaceName.parse(line.words[0]!);
    if (name === undefined) reading.wrongWord(line, 0, interfaceName.description, 'for example: eth1');
    const way = line.words[1];
    if (way !== undefined && linkbeatType.parse(way) === undefined) {
      reading.wrongWord(line, 1, linkbeatType.description, 'delete it: MII is used');
    } else if (way !== undefined && way !== 'MII') {
      reading.warning(line, 1, `${way} has no effect here`, 'delete it: MII is used');
    }
    reading.endsAfter(line, 2);
    return name;
  },
});

/** `used`: interfaces of all instances and all that are tracked. */
export function finishLinkbeat(
  listed: readonly string[],
  globals: Globals,
  used: readonly string[],
): string[] {
  return [...new Set([...listed, ...(globals.linkbeat_use_polling ? used : [])])];
}

const delay = seconds(0, LONGEST_DELAY);

const DELAYS_EXAMPLE = 'eth1 0.5 2';

export const interfaceDelays = lines({
  usage: '{ INTERFACE DOWN [UP] ... }',
  help: 'Seconds for which an interface must be down, or up, until that counts; UP is as DOWN unless set.',
  example: `interface_up_down_delays { ${DELAYS_EXAMPLE} }`,
  readLine(line, reading): Located<InterfaceDelayConfig> | undefined {
    const name = interfaceName.parse(line.words[0]!);
    if (name === undefined) reading.wrongWord(line, 0, interfaceName.description, DELAYS_EXAMPLE);
    const down = reading.argument(line, 1, delay);
    const up = line.words[2] === undefined ? down : reading.argument(line, 2, delay);
    reading.endsAfter(line, 3);
    if (name === undefined || down === undefined || up === undefined) return undefined;
    return { value: { interface: name, down, up }, statement: line };
  },
});

/** One delay for each interface; of those listed twice the first. */
export function finishDelays(
  listed: readonly Located<InterfaceDelayConfig>[],
  instances: readonly VrrpInstanceConfig[],
  reading: Reading,
): InterfaceDelayConfig[] {
  const delays = new Map<string, InterfaceDelayConfig>();
  for (const { value, statement } of listed) {
    if (delays.has(value.interface)) {
      const advice = 'the first one counts: delete this line';
      reading.warning(statement, 0, `${value.interface} is listed twice`, advice);
      continue;
    }
    delays.set(value.interface, value);
    // While the delay lasts the instance goes on as if nothing were: a backup that hears nothing becomes master.
    const hasty = instances.find(
      each =>
        each.interface === value.interface && value.down >= (each.downTimerAdverts - 1) * each.advertInterval,
    );
    if (hasty === undefined) continue;
    const most = ((hasty.downTimerAdverts - 1) * hasty.advertInterval) / 1000;
    const message = `a delay of ${value.down / 1000} s is too long for ${hasty.name}, which misses a master sooner`;
    reading.warning(placeOf(statement), 1, message, `use less than ${most}`);
  }
  return [...delays.values()];
}
