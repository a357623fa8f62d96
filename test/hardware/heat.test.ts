// Heat from the sensors to who is told. The tree of files is an ALIX's, made by hand.
import test from 'ava';
import type { ThermalConfig } from '../../src/director/config/config.ts';
import { createHeat } from '../../src/director/hardware/heat.ts';
import type { ThermalLimits } from '../../src/director/hardware/thermal.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { createFake } from '../../src/platform/fake.ts';

const CHIP = '/sys/class/hwmon/hwmon0';
const CONFIG: ThermalConfig = {
  limits: { warn: 70, hot: 80, critical: 90 },
  weight: -60,
  hysteresis: 3,
  hold: 60_000,
  ignored: [],
  voltages: [],
};

function world(limits: ThermalLimits | null = null, files: Readonly<Record<string, string>> = {}) {
  const platform = createFake({
    files: {
      [`${CHIP}/name`]: 'lm86\n',
      [`${CHIP}/temp1_input`]: '40000\n',
      [`${CHIP}/temp2_input`]: '50000\n',
      ...files,
    },
  });
  const reports: TrackReport[] = [];
  const rests: boolean[] = [];
  const measured: [values: string, resting: boolean][] = [];
  const lines: string[] = [];
  const say = (severity: string) => (text: string) => lines.push(`${severity}: ${text}`);
  const heat = createHeat(platform, {
    log: { info: say('info'), warn: say('warning'), error: say('error') },
    limits,
    report: report => reports.push(report),
    rest: resting => rests.push(resting),
    measured: (sensors, resting) => {
      measured.push([sensors.map(({ name, value }) => `${name} ${value}`).join(', '), resting]);
    },
  });
  /** So hot for so many seconds. */
  const pass = async (celsius: number, seconds: number) => {
    platform.files.put(`${CHIP}/temp2_input`, `${celsius * 1000}\n`);
    platform.clock.advance(seconds * 1000);
  };
  return { platform, heat, reports, rests, measured, lines, pass };
}

test('heat is reported, and what it changes', async t => {
  const { heat, reports, rests, lines, pass } = world();
  heat.configure(CONFIG);
  t.deepEqual(heat.summary, { level: 'cool', celsius: 50, sensor: 'lm86 temp2' });
  t.deepEqual(reports, [
    { kind: 'heat', name: 'board', up: true, value: 1, reason: 'lm86 temp2 is at 50 C' },
  ]);
  t.deepEqual(heat.troubles, []);
  await pass(72, 600);
  await pass(82, 60);
  t.deepEqual(reports.at(-1), {
    kind: 'heat',
    name: 'board',
    up: false,
    value: 0,
    reason: 'lm86 temp2 is at 82 C: hot from 80 C',
  });
  t.deepEqual(heat.troubles, ['the board is hot: lm86 temp2 is at 82 C: hot from 80 C']);
  t.deepEqual(rests, []);
  await pass(91, 60);
  t.true(heat.status().rests);
  await pass(60, 600);
  t.deepEqual(rests, [true, false]);
  t.true(reports.at(-1)?.up);
  t.deepEqual(
    lines.map(line => line.replace(/: lm86.*/, '')),
    [
      'warning: the board is warm, was cool',
      'warning: the board is hot, was warm',
      'error: the board is critical, was hot',
      'warning: telemetry and mail rest until the board is cooler',
      'warning: the board is hot, was critical',
      'warning: telemetry and mail go on',
      'info: the board is cool, was hot',
    ],
  );
  heat.close();
});

test('limits are those of the configuration, else of the board, else what boards stand', t => {
  const board = { warn: 55, hot: 60, critical: 65 };
  const limitsOf = (own: ThermalLimits | null, config: ThermalConfig | undefined) => {
    const { heat } = world(own);
    heat.configure(config);
    heat.close();
    const { policy, limitsFrom } = heat.status();
    return [limitsFrom, policy.warn, policy.hot, policy.critical, policy.hold];
  };
  t.deepEqual(limitsOf(board, CONFIG), ['configuration', 70, 80, 90, 60_000]);
  t.deepEqual(limitsOf(board, { ...CONFIG, limits: null }), ['board', 55, 60, 65, 60_000]);
  t.deepEqual(limitsOf(board, undefined), ['board', 55, 60, 65, 600_000]);
  t.deepEqual(limitsOf(null, undefined), ['default', 65, 75, 85, 600_000]);
});

test('a sensor that is ignored does not count, and one that is not there is told', async t => {
  const { heat, lines } = world();
  const config = { ...CONFIG, ignored: ['lm86 temp2', 'lm86 temp9'] };
  heat.configure(config);
  heat.configure(config);
  t.deepEqual(heat.summary, { level: 'cool', celsius: 40, sensor: 'lm86 temp1' });
  t.deepEqual(lines, ['warning: thermal: ignore "lm86 temp9": there is lm86 temp1, lm86 temp2']);
  t.deepEqual(
    heat.status().sensors.map(({ ignored }) => ignored),
    [false, true],
  );
  heat.close();
});

test('all that counts is told at each look, voltages too, and whether work is to rest', async t => {
  const { heat, measured, pass } = world(null, { [`${CHIP}/in0_input`]: '3301\n' });
  heat.configure({ ...CONFIG, ignored: ['lm86 temp1'] });
  await pass(95, 60);
  t.deepEqual(measured[0], ['lm86 temp2 50, lm86 in0 3.301', false]);
  t.deepEqual(measured.at(-1), ['lm86 temp2 95, lm86 in0 3.301', true]);
  t.is(measured.length, 7);
  heat.close();
});

test('a voltage outside its limits is trouble from the third reading on, until it is within', async t => {
  const { platform, heat, lines } = world(null, { [`${CHIP}/in0_input`]: '3301\n' });
  const config = { ...CONFIG, voltages: [{ name: 'lm86 in0', least: 3.1, most: null }] };
  heat.configure(config);
  const volts = async (millivolts: number, readings: number) => {
    platform.files.put(`${CHIP}/in0_input`, `${millivolts}\n`);
    platform.clock.advance(readings * 10_000);
  };
  await volts(2900, 2);
  t.deepEqual(heat.troubles, []);
  await volts(2900, 1);
  t.deepEqual(heat.troubles, ['lm86 in0 is below 3.1 V']);
  t.is(heat.status().sensors.find(({ name }) => name === 'lm86 in0')?.trouble, 'below 3.1 V');
  await volts(3300, 1);
  t.deepEqual(heat.troubles, []);
  t.deepEqual(
    heat.status().sensors.map(({ wanted }) => wanted),
    [null, null, { least: 3.1, most: null }],
  );
  heat.configure({ ...config, voltages: [{ name: 'lm86 in9', least: 1, most: 2 }] });
  t.deepEqual(lines, [
    'error: lm86 in0 is below 3.1 V',
    'info: no longer: lm86 in0 is below 3.1 V',
    'warning: thermal: voltage "lm86 in9": there is lm86 temp1, lm86 temp2, lm86 in0',
  ]);
  heat.close();
});

test('a board whose sensors fall silent stays what it was, and says so', async t => {
  const { platform, heat, reports, lines, pass } = world();
  heat.configure(CONFIG);
  await pass(85, 60);
  const before = reports.length;
  platform.files.failures.set(`${CHIP}/temp1_input`, 'EIO');
  platform.files.failures.set(`${CHIP}/temp2_input`, 'EIO');
  platform.clock.advance(600_000);
  t.is(reports.length, before);
  t.deepEqual(heat.troubles, [
    'no temperature can be read any more: the board counts as hot, as it last was',
  ]);
  t.is(heat.status().reason, heat.troubles[0]!);
  platform.files.failures.clear();
  await pass(50, 120);
  t.deepEqual(heat.troubles, []);
  t.true(lines.includes('info: temperatures can be read again'));
  heat.close();
});

test('a board without sensors is no trouble', async t => {
  const platform = createFake();
  const nothing = () => {};
  const reports: TrackReport[] = [];
  const heat = createHeat(platform, {
    log: { info: nothing, warn: nothing, error: nothing },
    limits: null,
    report: report => reports.push(report),
    rest: nothing,
    measured: nothing,
  });
  heat.configure(undefined);
  platform.clock.advance(60_000);
  t.deepEqual(reports, []);
  t.deepEqual(heat.troubles, []);
  t.is(heat.status().summary, null);
  t.is(heat.status().reason, 'no temperature is known');
  heat.close();
});

test('the history tells how old its hours are', async t => {
  const { heat, pass } = world();
  heat.configure(CONFIG);
  await pass(50, 3600);
  await pass(75, 3600);
  const { hours, days } = heat.status();
  t.deepEqual(
    hours.slice(0, 2).map(({ age, least, most }) => [age, least, most]),
    [
      [7_200_000, 50, 50],
      [3_600_000, 50, 75],
    ],
  );
  t.true(hours[1]!.warm > 0.99);
  t.is(days.length, 1);
  heat.close();
});
