// `thermal { }`: limits in their order, and who follows the heat.
import test from 'ava';
import { goodConfig, instance, problemsOf } from './support.ts';

test('without limits those of the board count', t => {
  t.deepEqual(goodConfig('thermal { }').thermal, {
    limits: null,
    weight: -50,
    hysteresis: 3,
    hold: 600_000,
    ignored: [],
    voltages: [],
  });
  t.is(goodConfig(instance()).thermal, undefined);
});

test('every word of it', t => {
  const text = `thermal {
warn 70
hot 80
critical 90
weight -60
hysteresis 5
hold 1800
ignore "pc87366 temp4" "pc87366 temp5"
ignore "pc87366 temp4"
voltage "pc87366 in7" {
least 3.1
most 3.5
}
voltage "pc87366 in8" { most -4.5 }
}`;
  t.deepEqual(goodConfig(text).thermal, {
    limits: { warn: 70, hot: 80, critical: 90 },
    weight: -60,
    hysteresis: 5,
    hold: 1_800_000,
    ignored: ['pc87366 temp4', 'pc87366 temp5'],
    voltages: [
      { name: 'pc87366 in7', least: 3.1, most: 3.5 },
      { name: 'pc87366 in8', least: null, most: -4.5 },
    ],
  });
});

test('limits come together and in their order', t => {
  t.deepEqual(problemsOf('thermal {\nhot 80\n}'), ['1:1 error: thermal lacks warn and critical']);
  t.deepEqual(problemsOf('thermal {\nwarn 80\nhot 80\ncritical 70\n}'), [
    '3:5 error: hot 80 is not above warn 80',
    '4:10 error: critical 70 is not above hot 80',
  ]);
  t.deepEqual(problemsOf('thermal {\nwarn 7\nhot 80\ncritical 90\n}'), [
    '2:6 error: "7" is not a temperature from 20 to 120 degrees Celsius',
  ]);
});

test('a voltage has a limit, in order, and its name once', t => {
  t.deepEqual(
    problemsOf(
      'thermal {\nvoltage a { }\nvoltage b {\nleast 3\nmost 3\n}\nvoltage a { least x }\nvoltage { most 1 }\n}',
    ),
    [
      '2:1 error: voltage a has no limit',
      '5:6 error: most 3 is not above least 3',
      '7:9 error: voltage a is here a second time',
      '7:19 error: "x" is not volts from -20 to 20, such as 3.1',
      '8:8 error: voltage takes one name',
    ],
  );
});

test('heat never draws traffic', t => {
  t.deepEqual(problemsOf('thermal {\nweight 50\n}'), [
    '2:8 error: a weight of 50 would draw traffic to a hot board',
  ]);
});

test('instances follow it once, those of a sync group by their group', t => {
  const text = `${instance()}${instance('', 'VI_2', 52, '192.0.2.101/24')}${instance('', 'VI_3', 53, '192.0.2.102/24')}
vrrp_sync_group G {
group { VI_2 VI_3 }
}
`;
  const heats = (words: string) => {
    const { vrrp, vrrpInstances } = goodConfig(`${text}${words}`);
    return [...vrrpInstances, ...vrrp.syncGroups].map(({ tracks }) => tracks.heat ?? null);
  };
  t.deepEqual(heats('thermal { weight -60 }'), [-60, null, null, -60]);
  t.deepEqual(heats('thermal { weight 0 }'), [null, null, null, null]);
  t.deepEqual(heats(''), [null, null, null, null]);
});

test('an owner of addresses, who never yields, is told', t => {
  t.deepEqual(problemsOf(`thermal { }\n${instance('priority 255')}`), [
    '1:1 warning: priority 255 of VI_1 stays as it is in any heat',
  ]);
});
