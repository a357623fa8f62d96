// Heat, LEDs and trouble together, on a board with one LED. The trees of files are made by hand.
import test from 'ava';
import { createHardware } from '../../src/director/control/hardware.ts';
import type { TrackReport } from '../../src/director/protocol.ts';
import { createFake } from '../../src/platform/fake.ts';
import { sampleConfig } from './sample.ts';

const LED = '/sys/class/leds/net48xx::error';
const CHIP = '/sys/class/hwmon/hwmon0/device';

test('the one LED of a net4801 says master, then heat, and the heat reaches VRRP', t => {
  const platform = createFake({
    files: {
      '/proc/cmdline': 'director.board=net4801 director.limits=50,60,70\n',
      [`${CHIP}/name`]: 'pc87366\n',
      [`${CHIP}/temp1_input`]: '40000\n',
      [`${CHIP}/temp2_input`]: '127000\n',
      [`${CHIP}/in7_input`]: '3312\n',
      ...Object.fromEntries(
        ['trigger', 'brightness', 'delay_on', 'delay_off'].map(file => [`${LED}/${file}`, '']),
      ),
    },
  });
  const reports: TrackReport[] = [];
  const rests: boolean[] = [];
  const samples: unknown[] = [];
  const hardware = createHardware(platform, {
    log: { info() {}, warn() {}, error() {} },
    attendants: {
      office: 'master',
      report: report => reports.push(report),
      rest: resting => rests.push(resting),
    },
    telemetry: {
      ask: (command, argument) => {
        samples.push([command, argument]);
        return Promise.reject(new Error('it is being started'));
      },
    },
    isTroubled: () => false,
    status: () => Promise.reject(new Error('nobody asks')),
  });
  const shown = () =>
    `${platform.files.readText(`${LED}/delay_on`)}/${platform.files.readText(`${LED}/delay_off`)}`;
  const heat = (celsius: number, seconds = 60) => {
    platform.files.put(`${CHIP}/temp1_input`, `${celsius * 1000}\n`);
    platform.clock.advance(seconds * 1000);
  };
  hardware.configure(sampleConfig());
  platform.clock.advance(1000);
  t.is(shown(), '1900/100');
  t.deepEqual(hardware.troubles, []);
  heat(62);
  t.is(shown(), '100/100');
  t.false(reports.at(-1)?.up);
  heat(72);
  t.deepEqual(rests, [true]);
  const last = { 'temperature pc87366 temp1': 72, 'voltage pc87366 in7': 3.312 };
  t.deepEqual(samples.at(-1), ['sample', { values: last, resting: true }]);
  t.deepEqual(hardware.heat, { level: 'critical', celsius: 72, sensor: 'pc87366 temp1' });
  heat(40, 900);
  t.is(shown(), '1900/100');
  t.true(reports.at(-1)?.up);
  t.is(hardware.status().board, 'net4801');
  hardware.close();
  t.is(platform.files.readText(`${LED}/brightness`), '255');
});
