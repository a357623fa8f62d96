// How hot the board is and what follows: a pure policy. Heat first warns, then lowers the priority of VRRP so that a cooler director
// takes over, then lets optional work rest.

/** Degrees Celsius, each above the one before. */
export interface ThermalLimits {
  readonly warn: number;
  readonly hot: number;
  readonly critical: number;
}

export interface ThermalPolicy extends ThermalLimits {
  /** Degrees below a limit at which its level is left again. */
  readonly hysteresis: number;
  /**
   * Milliseconds that a board which was hot counts as hot after that: without its traffic it cools soon, and would take it back to
   * become hot again. Twice as long each time that it does so soon.
   */
  readonly hold: number;
}

/**
 * Where neither the configuration nor the board says otherwise. Commercial CompactFlash and network chips are made for 70 degrees
 * around them, the processors for 85 at their case (manufacturers' data sheets; sensors sit beside the processor).
 */
export const DEFAULT_POLICY: ThermalPolicy = {
  warn: 65,
  hot: 75,
  critical: 85,
  hysteresis: 3,
  hold: 600_000,
};

/** In the order of the heat. */
const HEAT_LEVELS = ['cool', 'warm', 'hot', 'critical'] as const;
export type HeatLevel = (typeof HEAT_LEVELS)[number];

export interface ThermalState {
  readonly level: HeatLevel;
  /** Degrees Celsius, the middle one of the last three readings; null before the first. */
  readonly celsius: number | null;
  /** Degrees a minute over the last minutes; null: not known yet. */
  readonly rate: number | null;
  /** The last readings, the newest last. */
  readonly recent: readonly number[];
  /** `celsius` of the last minutes, the oldest first. */
  readonly past: readonly { readonly at: number; readonly celsius: number }[];
  /** Monotonic milliseconds when it was last as hot as `hot` less the hysteresis; null: never. */
  readonly hotAt: number | null;
  /** Monotonic milliseconds when it last ceased to count as hot; null: never. */
  readonly relievedAt: number | null;
  /** Times in a row that it became hot soon after that. */
  readonly relapses: number;
}

export const NOT_MEASURED: ThermalState = {
  level: 'cool',
  celsius: null,
  rate: null,
  recent: [],
  past: [],
  hotAt: null,
  relievedAt: null,
  relapses: 0,
};

/** Milliseconds over which the rate is taken, and the least that says anything. */
const WINDOW = 300_000;
const LEAST_WINDOW = 120_000;
/** Minutes: a board that would be hot by then is warned of now. */
const FORESIGHT = 5;
/** A board that is hot again within so many times the last hold has relapsed; the hold doubles so often at most. */
const SOON = 3;
const MOST_RELAPSES = 6;
/** Degrees a minute that are no rise: sensors say whole degrees. */
const STILL = 0.5;

/** What another reading of the hottest sensor makes of it; `now` in monotonic milliseconds. */
export function afterReading(
  state: ThermalState,
  reading: number,
  policy: ThermalPolicy,
  now: number,
): ThermalState {
  // One reading alone may be a slip of the bus.
  const recent = [...state.recent, reading].slice(-3);
  const celsius = middleOf(recent);
  const past = [...state.past.filter(({ at }) => now - at <= WINDOW), { at: now, celsius }];
  const rate = rateOf(past);
  const isHot = celsius >= policy.hot - (rank(state.level) >= rank('hot') ? policy.hysteresis : 0);
  const hotAt = isHot ? now : state.hotAt;
  const level = levelOf(state, celsius, rate, hotAt, policy, now);
  return { level, celsius, rate, recent, past, hotAt, ...reliefOf(state, level, policy, now) };
}

/** Milliseconds that it counts as hot after the heat, by how often it has come back. */
export function holdOf({ relapses }: Pick<ThermalState, 'relapses'>, { hold }: ThermalPolicy): number {
  return hold * 2 ** relapses;
}

/** Whether the priority of VRRP is to be lowered. */
export function yieldsOffice({ level }: Pick<ThermalState, 'level'>): boolean {
  return rank(level) >= rank('hot');
}

/** Whether work that can be done without rests: telemetry and mail. Checks, VRRP and forwarding never do. */
export function rests({ level }: Pick<ThermalState, 'level'>): boolean {
  return level === 'critical';
}

/** In words, with the sensor's name. */
export function describeHeat(
  { level, celsius, rate }: ThermalState,
  sensor: string,
  policy: ThermalPolicy,
): string {
  if (celsius === null) return 'no temperature is known';
  const measured = `${sensor} is at ${round(celsius)} C`;
  if (level === 'cool') return measured;
  const limit = level === 'warm' ? policy.warn : policy[level];
  if (celsius >= limit) return `${measured}: ${level} from ${limit} C`;
  if (level !== 'warm') return `${measured}: was ${level}, from ${limit} C`;
  if (isRising(celsius, rate, policy))
    return `${measured} and rises by ${round(rate!)} C a minute: hot from ${policy.hot} C`;
  return `${measured}: was warm, from ${limit} C`;
}

function levelOf(
  state: ThermalState,
  celsius: number,
  rate: number | null,
  hotAt: number | null,
  policy: ThermalPolicy,
  now: number,
): HeatLevel {
  const { level: before } = state;
  const reaches = (level: Exclude<HeatLevel, 'cool'>) => {
    const limit = level === 'warm' ? policy.warn : policy[level];
    return celsius >= limit - (rank(before) >= rank(level) ? policy.hysteresis : 0);
  };
  if (reaches('critical')) return 'critical';
  const isHeld = rank(before) >= rank('hot') && hotAt !== null && now - hotAt < holdOf(state, policy);
  if (reaches('hot') || isHeld) return 'hot';
  return reaches('warm') || isRising(celsius, rate, policy) ? 'warm' : 'cool';
}

function reliefOf(
  state: ThermalState,
  level: HeatLevel,
  policy: ThermalPolicy,
  now: number,
): Pick<ThermalState, 'relievedAt' | 'relapses'> {
  const { relievedAt, relapses } = state;
  const [was, is] = [yieldsOffice(state), yieldsOffice({ level })];
  if (was && !is) return { relievedAt: now, relapses };
  if (was || !is) return { relievedAt, relapses };
  const isSoon = relievedAt !== null && now - relievedAt < SOON * holdOf(state, policy);
  return { relievedAt, relapses: isSoon ? Math.min(relapses + 1, MOST_RELAPSES) : 0 };
}

function isRising(celsius: number, rate: number | null, { hot }: ThermalPolicy): boolean {
  return rate !== null && rate >= STILL && celsius + rate * FORESIGHT >= hot;
}

function rateOf(past: ThermalState['past']): number | null {
  const first = past[0]!;
  const last = past.at(-1)!;
  const duration = last.at - first.at;
  return duration < LEAST_WINDOW ? null : ((last.celsius - first.celsius) / duration) * 60_000;
}

function middleOf(readings: readonly number[]): number {
  const sorted = [...readings].sort((a, b) => a - b);
  // Of two the lower one: nobody is alarmed by a single reading but by the very first.
  return sorted[(sorted.length - 1) >> 1]!;
}

function rank(level: HeatLevel): number {
  return HEAT_LEVELS.indexOf(level);
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
