// What the control process does with the board around it: heat, LEDs, the reset button. On a machine that is not the director's own
// nothing of it is touched.
import type { Platform } from '../../platform/platform.ts';
import type { Config } from '../config/config.ts';
import { readBoardFacts } from '../hardware/board-facts.ts';
import { createFrontPanel, type FrontStatus } from '../hardware/front-panel.ts';
import { createHeat, type HeatStatus, type HeatSummary } from '../hardware/heat.ts';
import type { Signs } from '../hardware/leds.ts';
import type { Sensor } from '../hardware/sensors.ts';
import type { Log } from '../log.ts';
import type { Samples } from '../protocol.ts';
import type { Attendants } from './attendants.ts';
import type { RoleLink } from './role-link.ts';
import type { DirectorStatus } from './status.ts';

/** Characters: what fits into the buffer of a serial line, whatever they are. */
const MOST = 1000;

/** The answer to `thermal`. */
export interface ThermalStatus {
  /** `director.board`; null: not known. */
  readonly board: string | null;
  readonly heat: HeatStatus;
  readonly front: FrontStatus;
}

export interface Hardware {
  /** From now on this is the configuration in force. */
  configure(config: Config): void;
  /** Null as long as no temperature is known. */
  readonly heat: HeatSummary | null;
  readonly troubles: readonly string[];
  status(): ThermalStatus;
  close(): void;
}

export interface HardwareOptions {
  readonly log: Log;
  readonly attendants: Pick<Attendants, 'office' | 'report' | 'rest'>;
  /** Keeps what is measured. */
  readonly telemetry: Pick<RoleLink, 'ask'>;
  /** Something else of the director is in trouble. */
  isTroubled(): boolean;
  /** For the console. */
  status(): Promise<DirectorStatus>;
}

export function createHardware(
  platform: Platform,
  { log, attendants, telemetry, isTroubled, status }: HardwareOptions,
): Hardware {
  const facts = readBoardFacts(platform);
  const heat = createHeat(platform, {
    log,
    limits: facts.limits,
    report: report => attendants.report(report),
    rest: resting => attendants.rest(resting),
    measured: (sensors, resting) => {
      // It is told again soon: an answer that does not come is no matter.
      telemetry.ask('sample', { values: valuesOf(sensors), resting } satisfies Samples).catch(() => {});
    },
  });
  const front = createFrontPanel(platform, {
    log,
    button: facts.button,
    signs: (): Signs => ({
      office: attendants.office,
      trouble: isTroubled() || heat.troubles.length > 0,
      alarm: heat.summary?.level === 'critical',
    }),
    describe: async () => describeBoard(await status()),
  });
  return {
    configure: config => heat.configure(config.thermal),
    get heat() {
      return heat.summary;
    },
    get troubles() {
      return heat.troubles;
    },
    status: () => ({ board: facts.name, heat: heat.status(), front: front.status }),
    close() {
      heat.close();
      front.close();
    },
  };
}

/** `temperature lm86 temp2`, `voltage pc87366 in7`: what says nothing now is left out. */
function valuesOf(sensors: readonly Sensor[]): Samples['values'] {
  return Object.fromEntries(
    sensors.flatMap(({ kind, name, value }) => (value === null ? [] : [[`${kind} ${name}`, value]])),
  );
}

/** A few lines for whoever stands before the board. */
export function describeBoard({ release, vrrp, heat, troubles }: DirectorStatus): string {
  const instances = vrrp?.instances.map(({ name, state }) => `${name} ${state}`) ?? [
    'the vrrp process does not answer',
  ];
  return [
    `Compact Director ${release}`,
    instances.length === 0 ? 'no VRRP instance' : instances.join(', '),
    ...(heat === null ? [] : [`${heat.sensor} at ${heat.celsius} C`]),
    ...(troubles.length === 0 ? ['no trouble'] : troubles.map(trouble => `TROUBLE: ${trouble}`)),
  ]
    .join('\n')
    .slice(0, MOST);
}
