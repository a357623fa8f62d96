// Watches the heat of the board: reads the sensors every few seconds, and tells whoever it concerns.
import type { Platform, Timer } from '../../platform/platform.ts';
import type { ThermalConfig, VoltageConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { HEAT_TRACKER, type TrackReport } from '../protocol.ts';
import { type HeatSpan, NO_HEAT, remember } from './heat-history.ts';
import { readSensors, type Sensor } from './sensors.ts';
import {
  afterReading,
  DEFAULT_POLICY,
  describeHeat,
  type HeatLevel,
  holdOf,
  NOT_MEASURED,
  rests,
  type ThermalLimits,
  type ThermalPolicy,
  yieldsOffice,
} from './thermal.ts';
import { afterVoltages, describeLimits, describeVoltage, type Outside, outsideOf } from './voltage.ts';

/** Milliseconds between two readings. */
const PERIOD = 10_000;

/** How hot the board is. */
export interface HeatSummary {
  readonly level: HeatLevel;
  /** Of the hottest sensor; degrees Celsius. */
  readonly celsius: number;
  readonly sensor: string;
}

/** The answer to `thermal`. */
export interface HeatStatus {
  /** Null: this board has no sensor of temperature that Linux knows. */
  readonly summary: HeatSummary | null;
  /** In words. */
  readonly reason: string;
  /** Degrees a minute; null: not known yet. */
  readonly rate: number | null;
  /** Degrees; `hold` in milliseconds. */
  readonly policy: ThermalPolicy;
  /** Milliseconds that it would count as hot after the heat: `hold`, or longer when heat came back. */
  readonly hold: number;
  readonly limitsFrom: 'configuration' | 'board' | 'default';
  /** Added to the priorities of VRRP while the board is hot; 0: nothing. */
  readonly weight: number;
  /** Telemetry and mail rest. */
  readonly rests: boolean;
  readonly sensors: readonly SensorStatus[];
  readonly hours: readonly HeatAge[];
  readonly days: readonly HeatAge[];
}

export interface SensorStatus extends Sensor {
  readonly ignored: boolean;
  /** What the configuration wants of a voltage; null: nothing. */
  readonly wanted: Pick<VoltageConfig, 'least' | 'most'> | null;
}

/** `age`: milliseconds since its beginning; `warm`: the share of it, 0 to 1, in which the board was warm or worse. */
export interface HeatAge extends Pick<HeatSpan, 'least' | 'mean' | 'most'> {
  readonly age: number;
  readonly warm: number;
}

export interface Heat {
  /** From now on this is the configuration in force. The first time it begins to look. */
  configure(config: ThermalConfig | undefined): void;
  /** Null as long as nothing was measured. */
  readonly summary: HeatSummary | null;
  readonly troubles: readonly string[];
  /** Reads all sensors. */
  status(): HeatStatus;
  close(): void;
}

export interface HeatOptions {
  readonly log: Log;
  /** Those of the board; null: nobody knows. */
  readonly limits: ThermalLimits | null;
  /** What VRRP is to know; to be told again when it is no news too. */
  report(report: TrackReport): void;
  /** Optional work is to rest, or to go on; told when that changes. */
  rest(resting: boolean): void;
  /** What all sensors say that count, told at each look, and whether optional work is to rest. */
  measured(sensors: readonly Sensor[], resting: boolean): void;
}

export function createHeat(platform: Platform, { log, limits, report, rest, measured }: HeatOptions): Heat {
  const { clock, files } = platform;
  let config: ThermalConfig | undefined;
  let policy: ThermalPolicy = DEFAULT_POLICY;
  let state = NOT_MEASURED;
  let history = NO_HEAT;
  /** The hottest sensor at the last reading. */
  let hottest = '';
  let isSilent = false;
  let outside: Outside = new Map();
  let resting = false;
  let timer: Timer | null = null;

  const isIgnored = (name: string) => config?.ignored.includes(name) === true;

  function look(): void {
    timer = platform.after(PERIOD, look);
    const sensors = readSensors(files, false).filter(({ name }) => !isIgnored(name));
    const sensor = hottestOf(sensors);
    if (sensor === null) fallSilent();
    else take(sensor.name, sensor.value);
    watchVoltages(sensors);
    measured(sensors, resting);
  }

  function take(name: string, celsius: number): void {
    const before = state.level;
    hottest = name;
    state = afterReading(state, celsius, policy, clock.monotonic());
    history = remember(history, state.celsius ?? celsius, state.level !== 'cool', clock.monotonic());
    if (isSilent) log.info('temperatures can be read again');
    isSilent = false;
    if (state.level !== before) tell(before);
    const up = !yieldsOffice(state);
    report({ kind: 'heat', name: HEAT_TRACKER, up, value: up ? 1 : 0, reason: reason() });
    if (resting === rests(state)) return;
    resting = rests(state);
    log.warn(resting ? 'telemetry and mail rest until the board is cooler' : 'telemetry and mail go on');
    rest(resting);
  }

  function wantedOf(name: string): SensorStatus['wanted'] {
    const limits = config?.voltages.find(each => each.name === name);
    return limits === undefined ? null : { least: limits.least, most: limits.most };
  }

  function voltageTrouble({ name }: Sensor): string | null {
    const [found] = outsideOf(outside, config?.voltages ?? []).filter(each => each.name === name);
    return found === undefined ? null : describeLimits(found);
  }

  function voltageTroubles(): string[] {
    return outsideOf(outside, config?.voltages ?? []).map(describeVoltage);
  }

  function watchVoltages(sensors: readonly Sensor[]): void {
    const before = voltageTroubles();
    outside = afterVoltages(outside, sensors, config?.voltages ?? []);
    const now = voltageTroubles();
    for (const trouble of now) if (!before.includes(trouble)) log.error(trouble);
    for (const trouble of before) if (!now.includes(trouble)) log.info(`no longer: ${trouble}`);
  }

  /** What the board last was it stays: nobody knows better. */
  function fallSilent(): void {
    if (isSilent || state.celsius === null) return;
    isSilent = true;
    log.error(silence());
  }

  function silence(): string {
    return `no temperature can be read any more: the board counts as ${state.level}, as it last was`;
  }

  function tell(before: HeatLevel): void {
    const text = `the board is ${state.level}, was ${before}: ${reason()}`;
    if (state.level === 'cool') log.info(text);
    else if (state.level === 'critical') log.error(text);
    else log.warn(text);
  }

  function reason(): string {
    return describeHeat(state, hottest, policy);
  }

  function summary(): HeatSummary | null {
    const { celsius, level } = state;
    return celsius === null ? null : { level, celsius, sensor: hottest };
  }

  function warnOfNames(next: ThermalConfig | undefined): void {
    const names = namesIn(next);
    if (names.length === 0) return;
    const known = readSensors(files, false).map(({ name }) => name);
    for (const name of names) {
      if (known.includes(name)) continue;
      const word = next?.ignored.includes(name) ? 'ignore' : 'voltage';
      log.warn(`thermal: ${word} "${name}": there is ${known.length === 0 ? 'no sensor' : known.join(', ')}`);
    }
  }

  return {
    configure(next) {
      if (JSON.stringify(namesIn(next)) !== JSON.stringify(namesIn(config))) warnOfNames(next);
      config = next;
      const { hysteresis, hold } = config ?? DEFAULT_POLICY;
      policy = { ...(config?.limits ?? limits ?? DEFAULT_POLICY), hysteresis, hold };
      timer?.cancel();
      look();
    },
    get summary() {
      return summary();
    },
    get troubles() {
      const hot = state.level === 'cool' ? [] : [`the board is ${state.level}: ${reason()}`];
      return [...(isSilent ? [silence()] : hot), ...voltageTroubles()];
    },
    status: () => ({
      summary: summary(),
      reason: isSilent ? silence() : reason(),
      rate: state.rate,
      policy,
      hold: holdOf(state, policy),
      limitsFrom: config?.limits ? 'configuration' : limits === null ? 'default' : 'board',
      weight: config?.weight ?? 0,
      rests: resting,
      sensors: readSensors(files, true).map(sensor => ({
        ...sensor,
        trouble: sensor.trouble ?? voltageTrouble(sensor),
        ignored: isIgnored(sensor.name),
        wanted: wantedOf(sensor.name),
      })),
      hours: history.hours.map(span => agedAt(span, clock.monotonic())),
      days: history.days.map(span => agedAt(span, clock.monotonic())),
    }),
    close() {
      timer?.cancel();
    },
  };
}

function namesIn(config: ThermalConfig | undefined): readonly string[] {
  return [...(config?.ignored ?? []), ...(config?.voltages ?? []).map(({ name }) => name)];
}

/** Of the temperatures that are known. */
function hottestOf(sensors: readonly Sensor[]): { readonly name: string; readonly value: number } | null {
  let hottest: { name: string; value: number } | null = null;
  for (const { name, kind, value } of sensors) {
    if (kind === 'temperature' && value !== null && (hottest === null || value > hottest.value))
      hottest = { name, value };
  }
  return hottest;
}

function agedAt({ from, least, mean, most, count, warm }: HeatSpan, now: number): HeatAge {
  return { age: Math.round(now - from), least, mean, most, warm: warm / count };
}
