// Reads and writes single settings of the machine: the edge of tuning.ts.
import { isNetlinkError, NetlinkError } from '../../netlink/errors.ts';
import {
  decodeEthtool,
  ETHTOOL_FAMILY,
  ETHTOOL_GROUPS,
  type EthtoolGroup,
  type EthtoolValues,
  getEthtool,
  hasValue,
  setEthtool,
} from '../../netlink/ethtool/settings.ts';
import { type GenericConnection, openGeneric } from '../../netlink/generic-connection.ts';
import { isSystemError, type Platform } from '../../platform/platform.ts';
import {
  driverOf,
  isStorage,
  listPci,
  needlessSharers,
  pciInterfaces,
  placeOfInterface,
  readLatencyTimer,
  setDriver,
  writeLatencyTimer,
} from './pci.ts';
import type { Equipment, Setting } from './tuning.ts';

/** A setting that this machine does not have; the message says why. */
export class Unsupported extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unsupported';
  }
}

export type Target = Pick<Setting, 'kind' | 'target'>;

/** Its value. Rejects with Unsupported, or with what else went wrong. */
export async function readSetting(platform: Platform, setting: Target): Promise<string> {
  const { kind, target } = setting;
  try {
    switch (kind) {
      case 'sysctl':
      case 'parameter':
        return platform.files.readText(pathOf(setting)).trim().replace(/\s+/g, ' ');
      case 'latency timer':
        return String(readLatencyTimer(platform, target));
      case 'driver':
        return driverOf(platform, target) ?? '';
      case 'ethtool':
        return await readEthtoolWord(platform, target);
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw new Unsupported(ABSENT[kind]);
    throw error;
  }
}

const ABSENT: Readonly<Record<Setting['kind'], string>> = {
  sysctl: 'this kernel has no such setting',
  parameter: 'the driver has no such parameter',
  'latency timer': 'there is no such device',
  driver: 'there is no such device',
  ethtool: 'there is no such interface',
};

/** Rejects with what the kernel says to it. */
export async function writeSetting(platform: Platform, setting: Setting): Promise<void> {
  const { kind, target, value } = setting;
  switch (kind) {
    case 'sysctl':
    case 'parameter':
      return platform.files.put(pathOf(setting), value);
    case 'latency timer':
      return writeLatencyTimer(platform, target, Number(value));
    case 'driver':
      return setDriver(platform, target, value === '' ? null : value);
    case 'ethtool': {
      const { name, word, group } = splitTarget(target);
      return withEthtool(platform, ({ connection, family }) =>
        connection.request(setEthtool(family, group, name, { [word]: Number(value) })),
      ).catch(error => {
        // Some drivers tell of what they cannot change.
        throw isNetlinkError(error, 'EOPNOTSUPP') ? unsupportedBy(platform, name) : error;
      });
    }
  }
}

function pathOf({ kind, target }: Target): string {
  if (kind === 'sysctl') return `/proc/sys/${target}`;
  const [module, name] = target.split('/');
  return `/sys/module/${module}/parameters/${name}`;
}

async function readEthtoolWord(platform: Platform, target: string): Promise<string> {
  const { name, word, group } = splitTarget(target);
  const value = (await readEthtool(platform, name, group))?.[word];
  if (value === undefined) throw unsupportedBy(platform, name);
  return String(value);
}

function unsupportedBy(platform: Platform, name: string): Unsupported {
  const driver = driverOfInterface(platform, name);
  return new Unsupported(
    driver === null ? 'unsupported, it has no driver' : `unsupported by driver ${driver}`,
  );
}

/** Null when the driver has none of the group. Rejects with Unsupported when the kernel cannot be asked. */
export async function readEthtool(
  platform: Platform,
  name: string,
  group: EthtoolGroup,
): Promise<EthtoolValues | null> {
  try {
    return await withEthtool(platform, async ({ connection, family }) => {
      const decode = decodeEthtool.bind(null, group);
      const [values] = await connection.query(getEthtool(family, group, name), decode);
      return values ?? null;
    });
  } catch (error) {
    if (isNetlinkError(error, 'EOPNOTSUPP')) return null;
    if (isNetlinkError(error, 'ENODEV')) throw new Unsupported(ABSENT.ethtool);
    throw error;
  }
}

async function withEthtool<T>(
  platform: Platform,
  work: (opened: GenericConnection) => Promise<T>,
): Promise<T> {
  const opened = await openGeneric(platform, ETHTOOL_FAMILY).catch(error => {
    if (isNetlinkError(error, 'ENOENT'))
      throw new Unsupported('this kernel was built without ethtool over netlink');
    throw error;
  });
  try {
    return await work(opened);
  } finally {
    opened.connection.close();
  }
}

function splitTarget(target: string): {
  readonly name: string;
  readonly word: string;
  readonly group: EthtoolGroup;
} {
  const [name = '', word = ''] = target.split(' ');
  const group = ETHTOOL_GROUPS.find(each => hasValue(each, word));
  if (group === undefined) throw new NetlinkError('EINVAL', `${word} is no setting of ethtool`);
  return { name, word, group };
}

function driverOfInterface(platform: Platform, name: string): string | null {
  const place = placeOfInterface(platform, name);
  return place === null ? null : driverOf(platform, place);
}

/** Parameters of drivers by which packets are copied, where they can be set while they run. */
const COPYBREAK = ['rx_copybreak', 'copybreak'];

/** What this machine has to be tuned. */
export function readEquipment(platform: Platform): Equipment {
  const devices = listPci(platform);
  return {
    cards: pciInterfaces(platform).map(name => {
      const place = placeOfInterface(platform, name)!;
      const driver = devices.find(each => each.place === place)?.driver ?? null;
      const module = driver?.replaceAll('-', '_') ?? '';
      const parameter = COPYBREAK.find(each =>
        platform.files.exists(`/sys/module/${module}/parameters/${each}`),
      );
      return {
        name,
        place,
        driver,
        copybreak: parameter === undefined || module === '' ? null : `${module}/${parameter}`,
      };
    }),
    needless: needlessSharers(devices).map(({ place }) => place),
    storage: devices.filter(isStorage).map(({ place }) => place),
  };
}
