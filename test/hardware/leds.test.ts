// LEDs: what each board's show, and how the kernel is told. The trees of files are made by hand.
import test from 'ava';
import { findLeds, light, type Signs, shineOf } from '../../src/director/hardware/leds.ts';
import { createFake } from '../../src/platform/fake.ts';

const CLASS = '/sys/class/leds';

function board(...names: readonly string[]) {
  const files = names.flatMap(name =>
    ['trigger', 'brightness', 'delay_on', 'delay_off'].map(file => [`${CLASS}/${name}/${file}`, '']),
  );
  return createFake({ files: Object.fromEntries(files) as Record<string, string> });
}

const MASTER: Signs = { office: 'master', trouble: false, alarm: false };

test('the LEDs of each board have their roles, others are left alone', t => {
  const roles = (...names: readonly string[]) => findLeds(board(...names).files).map(({ role }) => role);
  t.deepEqual(roles('alix:1', 'alix:2', 'alix:3', 'input0::capslock'), ['alive', 'office', 'error']);
  t.deepEqual(roles('geos:1', 'geos:2', 'geos:3'), ['alive', 'office', 'error']);
  t.deepEqual(roles('wrap::error', 'wrap::extra', 'wrap::power'), ['error', 'office', 'alive']);
  t.deepEqual(roles('net48xx::error'), ['all']);
  t.deepEqual(roles('net5501:1'), ['all']);
  t.deepEqual(findLeds(createFake().files), []);
});

test('three LEDs say each its own', t => {
  const show = (signs: Partial<Signs>) =>
    (['alive', 'office', 'error'] as const).map(role => shineOf(role, { ...MASTER, ...signs }));
  t.deepEqual(show({}), [[500, 500], 'lit', 'dark']);
  t.deepEqual(show({ office: 'backup' }), [[500, 500], [100, 1900], 'dark']);
  t.deepEqual(show({ office: 'none', trouble: true }), [[500, 500], 'dark', 'lit']);
  t.deepEqual(show({ alarm: true, trouble: true }), [[500, 500], 'lit', [100, 100]]);
});

test('one LED alone says the most important', t => {
  const show = (signs: Partial<Signs>) => shineOf('all', { ...MASTER, ...signs });
  t.deepEqual(show({}), [1900, 100]);
  t.deepEqual(show({ office: 'backup' }), [100, 1900]);
  t.deepEqual(show({ office: 'none' }), [500, 500]);
  t.deepEqual(show({ trouble: true }), [100, 100]);
});

test('the kernel blinks them', t => {
  const { files } = board('alix:2');
  const led = { name: 'alix:2', role: 'office' } as const;
  const said = () =>
    files.written.splice(0).map(path => `${path.slice(CLASS.length + 8)}=${files.readText(path)}`);
  light(files, led, [100, 1900]);
  t.deepEqual(said(), ['trigger=timer', 'delay_on=100', 'delay_off=1900']);
  light(files, led, 'lit');
  t.deepEqual(said(), ['trigger=none', 'brightness=255']);
  light(files, led, 'dark');
  t.deepEqual(said(), ['trigger=none', 'brightness=0']);
});
