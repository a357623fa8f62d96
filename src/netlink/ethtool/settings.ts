// Rings and interrupt coalescing of network cards as messages of the generic netlink family `ethtool` (linux/ethtool_netlink.h,
// Documentation/networking/ethtool-netlink.rst).
import { commandOf, GENERIC_HEADER, genericMessage } from '../generic.ts';
import { Attributes, type Message } from '../reader.ts';

export const ETHTOOL_FAMILY = 'ethtool';

const ETHTOOL_VERSION = 1;
const ETHTOOL_A_HEADER_DEV_NAME = 2;

/** What one request asks for or sets. `reply` is the command of the kernel's answer; all attributes are 32 bits. */
interface Group {
  readonly get: number;
  readonly set: number;
  readonly reply: number;
  readonly header: number;
  readonly attributes: Readonly<Record<string, number>>;
}

const GROUPS = {
  rings: {
    get: 15,
    set: 16,
    reply: 16,
    header: 1,
    attributes: { rx_ring_max: 2, tx_ring_max: 5, rx_ring: 6, tx_ring: 9 },
  },
  coalesce: {
    get: 19,
    set: 20,
    reply: 20,
    header: 1,
    attributes: { rx_usecs: 2, rx_frames: 3, tx_usecs: 6, tx_frames: 7 },
  },
} as const satisfies Readonly<Record<string, Group>>;

export type EthtoolGroup = keyof typeof GROUPS;

/** Values by name; what the driver does not have is not there. */
export type EthtoolValues = Readonly<Record<string, number>>;

export const ETHTOOL_GROUPS = Object.keys(GROUPS) as readonly EthtoolGroup[];

/** True when the group has a value of that name. */
export function hasValue(group: EthtoolGroup, name: string): boolean {
  return Object.hasOwn(GROUPS[group].attributes, name);
}

/** Refused with `EOPNOTSUPP` when the driver has none of the group, `ENODEV` without the interface. */
export function getEthtool(family: number, group: EthtoolGroup, name: string): Uint8Array {
  return begin(family, GROUPS[group].get, group, name).finish();
}

/** What is not in `values` stays. Refused with `EOPNOTSUPP` for a value that the driver does not have, `EINVAL` for one out of range. */
export function setEthtool(
  family: number,
  group: EthtoolGroup,
  name: string,
  values: EthtoolValues,
): Uint8Array {
  const { set, attributes } = GROUPS[group];
  const writer = begin(family, set, group, name);
  for (const [word, attribute] of Object.entries(attributes)) {
    const given = values[word];
    if (given !== undefined) writer.u32(attribute, given);
  }
  return writer.finish();
}

/** The answer to `getEthtool`; null for other messages. */
export function decodeEthtool(group: EthtoolGroup, message: Message): EthtoolValues | null {
  const { reply, attributes } = GROUPS[group];
  if (commandOf(message) !== reply) return null;
  const received = new Attributes(message.payload, GENERIC_HEADER);
  const values: Record<string, number> = {};
  for (const [word, attribute] of Object.entries(attributes)) {
    const given = received.u32(attribute);
    if (given !== null) values[word] = given;
  }
  return values;
}

function begin(family: number, command: number, group: EthtoolGroup, name: string) {
  const writer = genericMessage(family, command, ETHTOOL_VERSION, 0);
  return writer.nest(GROUPS[group].header, () => writer.text(ETHTOOL_A_HEADER_DEV_NAME, name));
}
