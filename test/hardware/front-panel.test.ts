// The front of a board: LEDs and the reset button of an ALIX. Files and GPIO chip are made up.
import test from 'ava';
import { createFrontPanel } from '../../src/director/hardware/front-panel.ts';
import type { Signs } from '../../src/director/hardware/leds.ts';
import { isFactoryWished } from '../../src/director/hardware/wish.ts';
import { createFake, type FakePlatform, systemError } from '../../src/platform/fake.ts';

const LEDS = '/sys/class/leds';
const MEMORY = '/sys/bus/nvmem/devices/cmos_nvram0/nvmem';

function world({ memory = true, chip = 'cs5535-gpio' } = {}) {
  const names = ['alix:1', 'alix:2', 'alix:3'];
  const files = names.flatMap(name =>
    ['trigger', 'brightness', 'delay_on', 'delay_off'].map(file => [`${LEDS}/${name}/${file}`, '']),
  );
  const platform = createFake({
    files: {
      ...(Object.fromEntries(files) as Record<string, string>),
      '/dev/gpiochip0': '',
      '/dev/gpiochip1': '',
      '/dev/null': '',
      ...(memory && { [MEMORY]: new Uint8Array(114) }),
    },
  });
  platform.files.makeFifo('/dev/console', 0o600);
  const requests: Uint8Array[] = [];
  const button = { held: false };
  const label = (name: string) => (request: number, argument: Uint8Array) => {
    if (request === 0x8044b401) argument.set(new TextEncoder().encode(`${name}\0rest`), 32);
    else {
      requests.push(argument.slice());
      new DataView(argument.buffer).setInt32(588, 77, true);
    }
    return 0;
  };
  platform.files.devices.set('/dev/gpiochip0', label('other'));
  platform.files.devices.set('/dev/gpiochip1', label(chip));
  platform.files.devices.set('fd:77', (request, argument) => {
    if (request !== 0xc010b40e) throw systemError('ENOTTY', 'ioctl', '77');
    argument[0] = button.held ? (argument[8] ?? 0) : 0;
    return 0;
  });
  const signs: { now: Signs } = { now: { office: 'backup', trouble: false, alarm: false } };
  const lines: string[] = [];
  const log = {
    info: (text: string) => lines.push(text),
    warn: (text: string) => lines.push(text),
    error: (text: string) => lines.push(`ERROR ${text}`),
  };
  const panel = (pin: number | null = 24) =>
    createFrontPanel(platform, {
      log,
      button: pin,
      signs: () => signs.now,
      describe: async () => 'web MASTER\nno trouble',
    });
  const hold = async (milliseconds: number) => {
    button.held = true;
    platform.clock.advance(milliseconds);
    button.held = false;
    platform.clock.advance(200);
  };
  const console = () => platform.files.drainFifo('/dev/console');
  return { platform, requests, button, signs, lines, panel, hold, console };
}

const led = ({ files }: FakePlatform, number: number) => {
  const read = (file: string) => files.readText(`${LEDS}/alix:${number}/${file}`);
  return read('trigger') === 'timer' ? `${read('delay_on')}/${read('delay_off')}` : read('brightness');
};

test('the LEDs follow, and are written to only when something changes', async t => {
  const { platform, signs, panel } = world();
  const front = panel(null);
  t.deepEqual(
    [1, 2, 3].map(number => led(platform, number)),
    ['500/500', '100/1900', '0'],
  );
  const { written } = platform.files;
  const before = written.length;
  platform.clock.advance(10_000);
  t.is(written.length, before);
  signs.now = { office: 'master', trouble: true, alarm: false };
  platform.clock.advance(1000);
  t.deepEqual(
    [1, 2, 3].map(number => led(platform, number)),
    ['500/500', '255', '255'],
  );
  front.close();
  t.deepEqual(
    [1, 2, 3].map(number => led(platform, number)),
    ['0', '0', '255'],
  );
});

test('an LED that fails is left alone', async t => {
  const { platform, lines, panel } = world();
  platform.files.failures.set(`${LEDS}/alix:2/trigger`, 'EIO');
  const front = panel(null);
  platform.clock.advance(5000);
  t.is(lines.length, 1);
  t.regex(lines[0]!, /^ERROR LED alix:2 is left alone/);
  t.deepEqual(
    front.status.leds.map(({ name }) => name),
    ['alix:1', 'alix:3'],
  );
  front.close();
});

test('the pin is asked for as an input that is low when it is held', t => {
  const { requests, panel } = world();
  panel().close();
  const view = new DataView(requests[0]!.buffer);
  t.is(view.getUint32(0, true), 24);
  t.is(view.getUint32(288, true), 6);
  t.is(view.getUint32(560, true), 1);
  t.is(requests.length, 1);
});

test('a short press shows the state on the console', async t => {
  const { panel, hold, console, platform } = world();
  const front = panel();
  platform.clock.advance(500);
  await hold(300);
  t.is(console(), '\nweb MASTER\nno trouble\n');
  t.false(isFactoryWished(platform));
  front.close();
});

test('a long press wishes for the factory configuration, another one takes that back', async t => {
  const { panel, hold, console, platform } = world();
  const front = panel();
  platform.clock.advance(500);
  await hold(6000);
  t.true(isFactoryWished(platform));
  t.true(front.status.factoryWished);
  t.regex(console(), /At the next boot the console asks/);
  platform.clock.advance(1000);
  t.is(led(platform, 3), '100/100');
  await hold(6000);
  t.false(isFactoryWished(platform));
  t.is(console(), '\nThe next boot is as any other.\n');
  front.close();
});

test('who goes on holding it restarts the board', async t => {
  const { panel, hold, platform } = world();
  const front = panel();
  platform.clock.advance(500);
  await hold(15_500);
  t.true(isFactoryWished(platform));
  t.deepEqual(
    [...platform.processes.children.values()].map(({ program }) => program),
    ['/sbin/reboot'],
  );
  front.close();
});

test('a board that remembers nothing says so', async t => {
  const { panel, hold, console, platform } = world({ memory: false });
  const front = panel();
  platform.clock.advance(500);
  await hold(6000);
  t.regex(console(), /has no memory that outlives a restart/);
  t.false(front.status.factoryWished);
  front.close();
});

test('without the chip, or with one that fails, all else goes on', async t => {
  const none = world({ chip: 'gpio-mockup' });
  t.false(none.panel().status.button);
  t.regex(none.lines[0]!, /the GPIO chip of this board is not there/);
  const failing = world();
  const front = failing.panel();
  failing.platform.files.devices.set('fd:77', () => {
    throw systemError('EIO', 'ioctl', '77');
  });
  await failing.platform.clock.advance(1000);
  t.deepEqual(failing.lines.length, 1);
  t.regex(failing.lines[0]!, /cannot be read any more/);
  front.close();
});
