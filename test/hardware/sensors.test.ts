// Sensors, from trees of files as Linux 6.1 lays them out for the boards' chips. The trees are made by hand: no board was at hand.
import test from 'ava';
import { readSensors } from '../../src/director/hardware/sensors.ts';
import { createFake } from '../../src/platform/fake.ts';

const CLASS = '/sys/class/hwmon';

/** A net4801: drivers/hwmon/pc87360.c keeps its files beside the device. */
const NET4801 = {
  [`${CLASS}/hwmon0/uevent`]: '',
  [`${CLASS}/hwmon0/device/name`]: 'pc87366\n',
  [`${CLASS}/hwmon0/device/temp1_input`]: '41000\n',
  [`${CLASS}/hwmon0/device/temp1_max`]: '70000\n',
  [`${CLASS}/hwmon0/device/temp1_crit`]: '85000\n',
  [`${CLASS}/hwmon0/device/temp1_fault`]: '0\n',
  [`${CLASS}/hwmon0/device/temp2_input`]: '-56000\n',
  [`${CLASS}/hwmon0/device/temp3_input`]: '127000\n',
  [`${CLASS}/hwmon0/device/temp3_fault`]: '1\n',
  [`${CLASS}/hwmon0/device/in10_input`]: '3312\n',
  [`${CLASS}/hwmon0/device/in2_input`]: '2506\n',
  [`${CLASS}/hwmon0/device/in2_label`]: 'VSB\n',
  [`${CLASS}/hwmon0/device/in2_min`]: '2375\n',
  [`${CLASS}/hwmon0/device/in2_max`]: '2625\n',
};

/** An ALIX: drivers/hwmon/lm90.c, all in the class. */
const ALIX = {
  [`${CLASS}/hwmon0/name`]: 'lm86\n',
  [`${CLASS}/hwmon0/temp1_input`]: '48000\n',
  [`${CLASS}/hwmon0/temp2_input`]: '61625\n',
  [`${CLASS}/hwmon0/temp2_crit`]: '85000\n',
  [`${CLASS}/hwmon0/temp2_fault`]: '0\n',
  [`${CLASS}/hwmon0/device/name`]: 'lm86\n',
};

test('temperatures and voltages of a PC87366, with what is not connected there', t => {
  const { files } = createFake({ files: NET4801 });
  const none = { minimum: null, maximum: null, critical: null };
  t.deepEqual(readSensors(files, true), [
    {
      name: 'pc87366 temp1',
      kind: 'temperature',
      value: 41,
      trouble: null,
      limits: { minimum: null, maximum: 70, critical: 85 },
    },
    {
      name: 'pc87366 temp2',
      kind: 'temperature',
      value: null,
      trouble: '-56 C cannot be: nothing is connected there',
      limits: none,
    },
    {
      name: 'pc87366 temp3',
      kind: 'temperature',
      value: null,
      trouble: 'the sensor is broken or missing',
      limits: none,
    },
    {
      name: 'pc87366 VSB',
      kind: 'voltage',
      value: 2.506,
      trouble: null,
      limits: { minimum: 2.375, maximum: 2.625, critical: null },
    },
    { name: 'pc87366 in10', kind: 'voltage', value: 3.312, trouble: null, limits: none },
  ]);
});

test('what an LM86 measures, without looking at its limits', t => {
  const { files } = createFake({ files: ALIX });
  files.failures.set(`${CLASS}/hwmon0/temp2_crit`, 'EIO');
  t.deepEqual(
    readSensors(files, false).map(({ name, value }) => `${name} ${value}`),
    ['lm86 temp1 48', 'lm86 temp2 61.625'],
  );
});

test('a chip that does not answer is told with what it said instead', t => {
  const { files } = createFake({ files: { ...ALIX, [`${CLASS}/hwmon0/temp1_input`]: '\n' } });
  files.failures.set(`${CLASS}/hwmon0/temp2_input`, 'EIO');
  t.deepEqual(
    readSensors(files, false).map(({ value, trouble }) => [value, trouble]),
    [
      [null, '"" is no number'],
      [null, 'it cannot be read (EIO)'],
    ],
  );
});

test('a board without sensors has none', t => {
  t.deepEqual(readSensors(createFake().files, true), []);
  t.deepEqual(readSensors(createFake({ files: { [`${CLASS}/hwmon0/uevent`]: '' } }).files, true), []);
});
