// `thermal { }`: what the heat of the board changes. Ours.
import type { ThermalConfig, ThermalLimitsConfig, VoltageConfig, VrrpInstanceConfig } from './config.ts';
import { lacks, placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { integer, label, seconds } from './types.ts';
import {
  block,
  type Located,
  list,
  noArguments,
  oneName,
  type ValueType,
  value,
  valueOr,
} from './vocabulary.ts';
import type { SyncGroupConfig, TracksConfig } from './vrrp-config.ts';
import { priorityWeight, WIDEST_WEIGHT } from './weight.ts';

const degrees = {
  ...integer(20, 120, 'DEGREES'),
  description: 'a temperature from 20 to 120 degrees Celsius',
};

const volts: ValueType<number> = {
  name: 'VOLTS',
  description: 'volts from -20 to 20, such as 3.1',
  parse(word) {
    const number = /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
    return Math.abs(number) <= 20 ? number : undefined;
  },
};

const voltageKeywords = {
  least: value(volts, { help: 'Volts that it has to have.', example: 'least 3.1' }),
  most: value(volts, { help: 'Volts that it may have.', example: 'most 3.5' }),
};

const voltage = block({
  usage: 'NAME { ... }',
  help: 'What a sensor of voltage, by its name in director thermal, has to say; anything else is trouble.',
  example: 'voltage "pc87366 in7" { least 3.1 }',
  keywords: () => voltageKeywords,
  header: oneName,
  finish(name, values, statement, reading): VoltageConfig {
    const { least = null, most = null } = values;
    if (lacks(statement, 'least') && lacks(statement, 'most')) {
      reading.error(statement, 0, `voltage ${name} has no limit`, 'write least, most or both into it');
    } else if (least !== null && most !== null && least >= most) {
      const message = `most ${most} is not above least ${least}`;
      reading.error(placeOf(statement, 'most'), 1, message, 'no voltage would be right');
    }
    return { name, least, most };
  },
});

const LIMITS = ['warn', 'hot', 'critical'] as const;

const keywords = {
  warn: value(degrees, {
    help: 'Degrees Celsius from which the board is warm, which is logged; those of the board, or 65, unless set.',
    example: 'warn 70',
  }),
  hot: value(degrees, {
    help: 'Degrees Celsius from which the weight is added to priorities; those of the board, or 75, unless set.',
    example: 'hot 80',
  }),
  critical: value(degrees, {
    help: 'Degrees Celsius from which telemetry and mail rest; those of the board, or 85, unless set.',
    example: 'critical 90',
  }),
  weight: valueOr({ ...priorityWeight, description: `a whole number from -${WIDEST_WEIGHT} to 0` }, '-50', {
    help: 'What is added to the priority of all VRRP instances while the board is hot; 0: nothing.',
    example: 'weight -60',
  }),
  hysteresis: valueOr(integer(1, 20, 'DEGREES'), '3', {
    help: 'Degrees below a limit at which the board is no longer above it.',
    example: 'hysteresis 5',
  }),
  hold: valueOr(seconds(0, 86_400), '600', {
    help: 'Seconds that a board which was hot still counts as hot; twice as long each time that the heat is soon back.',
    example: 'hold 1800',
  }),
  ignore: list(label, {
    help: 'Names of sensors that do not count, as director thermal shows them; those at which nothing is connected.',
    example: 'ignore "pc87366 temp5"',
  }),
  voltage,
};

export const thermal = block({
  usage: '{ ... }',
  help: 'Heat lowers the priority of VRRP so that a cooler director takes over; without it heat is reported alone.',
  example: 'thermal { weight -60 }',
  repeat: 'last',
  keywords: () => keywords,
  header: noArguments,
  finish(_, values, statement, reading): Located<ThermalConfig> {
    const { warn, hot, critical } = values;
    const weight = values.weight ?? keywords.weight.default;
    if (weight > 0) {
      const message = `a weight of ${weight} would draw traffic to a hot board`;
      reading.error(placeOf(statement, 'weight'), 1, message, `write -${weight}`);
    }
    const limits =
      warn === undefined || hot === undefined || critical === undefined ? null : { warn, hot, critical };
    if (limits === null) checkComplete(statement, reading);
    else checkOrder(limits, statement, reading);
    const config: ThermalConfig = {
      limits,
      weight,
      hysteresis: values.hysteresis ?? keywords.hysteresis.default,
      hold: values.hold ?? keywords.hold.default,
      ignored: [...new Set(values.ignore?.flat())],
      voltages: oncePerName(values.voltage ?? [], statement, reading),
    };
    return { value: config, statement };
  },
});

function oncePerName(
  voltages: readonly VoltageConfig[],
  statement: Statement,
  reading: Reading,
): readonly VoltageConfig[] {
  for (const [index, { name }] of voltages.entries()) {
    if (voltages.findIndex(each => each.name === name) === index) continue;
    const place = statement.block?.filter(each => each.words[0] === 'voltage')[index] ?? statement;
    reading.error(place, 1, `voltage ${name} is here a second time`, 'write its limits into one block');
  }
  return voltages;
}

/** Part of them beside those of a board that is not known here would be in any order. */
function checkComplete(statement: Statement, reading: Reading): void {
  const missing = LIMITS.filter(word => lacks(statement, word));
  if (missing.length === 0 || missing.length === LIMITS.length) return;
  const advice = 'write all of warn, hot and critical, or none of them';
  reading.error(statement, 0, `thermal lacks ${missing.join(' and ')}`, advice);
}

function checkOrder(limits: ThermalLimitsConfig, statement: Statement, reading: Reading): void {
  for (const [index, word] of LIMITS.entries()) {
    const below = LIMITS[index - 1];
    if (below === undefined || limits[word] > limits[below]) continue;
    const message = `${word} ${limits[word]} is not above ${below} ${limits[below]}`;
    reading.error(placeOf(statement, word), 1, message, 'heat goes from warn through hot to critical');
  }
}

/** Each instance follows the heat once: by its sync group, whose members' priorities stay alike, or else by itself. */
export function followHeat(
  { value: { weight }, statement }: Located<ThermalConfig>,
  instances: readonly VrrpInstanceConfig[],
  syncGroups: readonly SyncGroupConfig[],
  reading: Reading,
): { readonly instances: VrrpInstanceConfig[]; readonly syncGroups: SyncGroupConfig[] } {
  if (weight === 0) return { instances: [...instances], syncGroups: [...syncGroups] };
  const owner = instances.find(({ priority }) => priority === 255);
  if (owner !== undefined) {
    const message = `priority 255 of ${owner.name} stays as it is in any heat`;
    reading.warning(statement, 0, message, 'the owner of the addresses never yields: give it less');
  }
  const members = new Set(syncGroups.flatMap(group => group.members));
  const heated = <T extends { readonly tracks: TracksConfig }>(each: T): T => ({
    ...each,
    tracks: { ...each.tracks, heat: weight },
  });
  return {
    instances: instances.map(each => (members.has(each.name) ? each : heated(each))),
    syncGroups: syncGroups.map(heated),
  };
}
