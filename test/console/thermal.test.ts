// director thermal, as text and as JSON.
import test from 'ava';
import { describeThermal } from '../../src/director/console/thermal.ts';
import { describeBoard, type ThermalStatus } from '../../src/director/control/hardware.ts';
import type { DirectorStatus } from '../../src/director/control/status.ts';
import { validate } from '../schemas/validate.ts';

const NO_LIMITS = { minimum: null, maximum: null, critical: null };

const HOT: ThermalStatus = {
  board: 'alix',
  heat: {
    summary: { level: 'hot', celsius: 82.125, sensor: 'lm86 temp2' },
    reason: 'lm86 temp2 is at 82.1 C: hot from 80 C',
    rate: 1.25,
    policy: { warn: 70, hot: 80, critical: 90, hysteresis: 3, hold: 600_000 },
    hold: 600_000,
    limitsFrom: 'configuration',
    weight: -60,
    rests: false,
    sensors: [
      {
        name: 'lm86 temp2',
        kind: 'temperature',
        value: 82.125,
        trouble: null,
        limits: { minimum: null, maximum: 70, critical: 85 },
        ignored: false,
        wanted: null,
      },
      {
        name: 'lm86 temp1',
        kind: 'temperature',
        value: 48,
        trouble: null,
        limits: NO_LIMITS,
        ignored: true,
        wanted: null,
      },
      {
        name: 'lm86 temp3',
        kind: 'temperature',
        value: null,
        trouble: 'it cannot be read (EIO)',
        limits: NO_LIMITS,
        ignored: false,
        wanted: null,
      },
      {
        name: 'pc87366 in2',
        kind: 'voltage',
        value: 2.506,
        trouble: null,
        limits: { minimum: 2.375, maximum: 2.625, critical: null },
        ignored: false,
        wanted: { least: 2.4, most: null },
      },
    ],
    hours: [
      { age: 7_200_000, least: 50, mean: 60, most: 70, warm: 0 },
      { age: 3_600_000, least: 60, mean: 71.5, most: 82.125, warm: 0.5 },
    ],
    days: [{ age: 7_200_000, least: 50, mean: 65, most: 82.125, warm: 0.25 }],
  },
  front: { leds: [{ name: 'alix:1', role: 'alive' }], button: true, factoryWished: false },
};

test('how hot the board is, on one screen', t => {
  t.is(
    describeThermal(HOT),
    `board    alix
heat     hot: lm86 temp2 is at 82.1 C: hot from 80 C
limits   warm from 70, hot from 80, critical from 90 C (by the configuration), back 3 below
follows  -60 on VRRP priorities while hot and 10 min 0 s after
leds     alix:1 (alive)
button   ready

SENSOR       NOW     MINIMUM  MAXIMUM  CRITICAL
lm86 temp2   82.1 C  -        70 C     85 C
lm86 temp1   48 C    -        -        -         ignored
lm86 temp3   -       -        -        -         it cannot be read (EIO)
pc87366 in2  2.51 V  2.38 V   2.63 V   -         wanted: 2.4 V at least

2 hours: 50 to 82 C, 66 in the mean, warm for 25 %  *@
1 day: 50 to 82 C, 65 in the mean, warm for 25 %  @
`,
  );
});

test('a board without sensors, LEDs and button says so', t => {
  const bare: ThermalStatus = {
    board: null,
    heat: {
      ...HOT.heat,
      summary: null,
      reason: 'no temperature is known',
      limitsFrom: 'default',
      weight: 0,
      rests: true,
      sensors: [],
      hours: [],
      days: [],
    },
    front: { leds: [], button: false, factoryWished: false },
  };
  t.is(
    describeThermal(bare),
    `board    unknown
heat     no temperature is known
limits   warm from 70, hot from 80, critical from 90 C (of any board), back 3 below
follows  nothing: without a sensor there is no heat to know of
leds     none that Linux knows
button   none that can be read
`,
  );
  t.deepEqual(validate('thermal', { version: 1, ...bare }), []);
});

test('its JSON has a form', t => {
  t.deepEqual(validate('thermal', { version: 1, ...HOT }), []);
});

test('whoever presses the button is told in a few lines', t => {
  const status = {
    release: '1.2.3',
    vrrp: { instances: [{ name: 'web', state: 'MASTER' }], syncGroups: [] },
    heat: HOT.heat.summary,
    troubles: ['the board is hot'],
  } as unknown as DirectorStatus;
  t.is(
    describeBoard(status),
    'Compact Director 1.2.3\nweb MASTER\nlm86 temp2 at 82.125 C\nTROUBLE: the board is hot',
  );
  t.is(
    describeBoard({ ...status, vrrp: null, heat: null, troubles: [] }),
    'Compact Director 1.2.3\nthe vrrp process does not answer\nno trouble',
  );
  t.is(describeBoard({ ...status, troubles: Array(100).fill('x'.repeat(80)) }).length, 1000);
});
