// director thermal: how hot the board is and has been, what its sensors say, its LEDs and its button.
import type { ThermalStatus } from '../control/hardware.ts';
import { sparkline } from '../flash/describe.ts';
import { inRange, plural } from '../flash/words.ts';
import type { HeatAge, HeatStatus, SensorStatus } from '../hardware/heat.ts';
import type { Sensor } from '../hardware/sensors.ts';
import { ask } from './ask.ts';
import { type Command, DONE } from './command.ts';
import { duration, table } from './table.ts';

export const thermal: Command = {
  name: 'thermal',
  usage: '',
  summary: 'shows how hot the board is and was, its sensors, LEDs and button',
  operands: { least: 0, most: 0 },
  async run(platform, invocation) {
    const answer = (await ask(platform, invocation, 'thermal')) as ThermalStatus;
    platform.print(
      invocation.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : describeThermal(answer),
    );
    return DONE;
  },
};

/** The screen. */
export function describeThermal({ board, heat, front }: ThermalStatus): string {
  const leds = front.leds.map(({ name, role }) => `${name} (${role})`).join(', ') || 'none that Linux knows';
  const head = table([
    ['board', board ?? 'unknown'],
    ['heat', heat.summary === null ? heat.reason : `${heat.summary.level}: ${heat.reason}`],
    ['limits', describeLimits(heat)],
    ['follows', describeConsequence(heat)],
    ['leds', leds],
    ['button', describeButton(front)],
  ]);
  const past = [describePast('hour', heat.hours), describePast('day', heat.days)].join('');
  return [head, describeSensors(heat.sensors), past].filter(each => each !== '').join('\n');
}

const WHENCE = { configuration: 'by the configuration', board: 'of this board', default: 'of any board' };

function describeLimits({ policy, limitsFrom }: HeatStatus): string {
  const { warn, hot, critical, hysteresis } = policy;
  return `warm from ${warn}, hot from ${hot}, critical from ${critical} C (${WHENCE[limitsFrom]}), back ${hysteresis} below`;
}

function describeConsequence({ summary, sensors, weight, hold, rests }: HeatStatus): string {
  if (summary === null && sensors.length === 0)
    return 'nothing: without a sensor there is no heat to know of';
  const resting = rests ? '; telemetry and mail rest' : '';
  if (weight === 0) return `nothing but reports: there is no weight in a thermal block${resting}`;
  return `${weight} on VRRP priorities while hot and ${duration(hold)} after${resting}`;
}

function describeButton({ button, factoryWished }: ThermalStatus['front']): string {
  if (!button) return 'none that can be read';
  return factoryWished ? 'the next boot asks for the factory configuration' : 'ready';
}

function describeSensors(sensors: HeatStatus['sensors']): string {
  if (sensors.length === 0) return '';
  const rows = sensors.map(({ name, kind, value, trouble, limits, ignored, wanted }) => {
    const unit = kind === 'temperature' ? 'C' : 'V';
    const shown = (number: number | null) => (number === null ? '-' : `${rounded(number, kind)} ${unit}`);
    const remark = trouble ?? (ignored ? 'ignored' : wanted === null ? '' : `wanted: ${inLimits(wanted)}`);
    return [name, shown(value), shown(limits.minimum), shown(limits.maximum), shown(limits.critical), remark];
  });
  return table([['SENSOR', 'NOW', 'MINIMUM', 'MAXIMUM', 'CRITICAL', ''], ...rows]);
}

/** `3.1 V at least`, `3.1 to 3.5 V` */
function inLimits({ least, most }: NonNullable<SensorStatus['wanted']>): string {
  if (most === null) return `${least} V at least`;
  return least === null ? `${most} V at most` : `${least} to ${most} V`;
}

function rounded(value: number, kind: Sensor['kind']): number {
  const digits = kind === 'temperature' ? 10 : 100;
  return Math.round(value * digits) / digits;
}

const inDegrees = (celsius: number): string => String(Math.round(celsius));

/** What the last hours or days were, in a line; empty when nothing was measured. */
function describePast(unit: 'hour' | 'day', spans: readonly HeatAge[]): string {
  if (spans.length === 0) return '';
  const least = Math.min(...spans.map(each => each.least));
  const most = Math.max(...spans.map(each => each.most));
  const mean = spans.reduce((sum, each) => sum + each.mean, 0) / spans.length;
  const warm = spans.reduce((sum, each) => sum + each.warm, 0) / spans.length;
  const line = sparkline(spans.map(each => each.most - least + 1));
  const range = inRange({ least, most }, inDegrees);
  return `${plural(spans.length, unit)}: ${range} C, ${inDegrees(mean)} in the mean, warm for ${Math.round(warm * 100)} %  ${line}\n`;
}
